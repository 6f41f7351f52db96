//! The rows of `book/constructs.json`: what the scripts and the runner send to Redshift, and who has seen a cluster accept it.

use std::path::Path;

use serde::Deserialize;

/// Where a construct is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Place {
    Statements,
    Procedures,
    View,
    Runner,
    Protocol,
}

/// Whether a public source shows or documents a construct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Attested,
    InPart,
    NotAttested,
}

/// A row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) place: Place,
    /// What it is, for readers.
    pub(crate) construct: String,
    /// The constructs as the tests find them in SQL.
    pub(crate) uses: Vec<String>,
    pub(crate) verdict: Verdict,
    /// Links in Markdown.
    #[serde(default)]
    pub(crate) sources: Vec<String>,
    #[serde(default)]
    pub(crate) note: String,
}

/// The rows, in the order of the page.
pub(crate) fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/constructs.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

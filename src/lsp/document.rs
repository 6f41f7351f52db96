//! An open document: its text, whether it is Bootshift's, and its diagnostics.

use std::cell::OnceCell;

use lsp_types::{CodeDescription, Diagnostic, DiagnosticSeverity, DiagnosticTag, NumberOrString, Range};
use serde::Serialize;

use super::params::{Change, Version};
use super::positions::{Encoding, PositionMap};
use super::uri::Uri;
use crate::check::{self, Checked, Code, Conflicts, Options, Origin, Severity};
use crate::document::{Document as Tree, Documents, Limits, Syntax};
use crate::operation::{BodyKind, Operation};

/// The maximum number of diagnostics shown for one document, besides one that reports how many are not shown.
const MAX_DIAGNOSTICS: usize = 999;

/// The schemas that a document can reference, with their operation.
const SCHEMAS: [(&str, Operation); 6] = [
    ("payload.schema.json", Operation::Create),
    ("credentials.schema.json", Operation::Delete),
    ("integration.schema.json", Operation::Get),
    ("integration-list.schema.json", Operation::List),
    ("status.schema.json", Operation::Status),
    ("error.schema.json", Operation::Error),
];

/// A document that the editor has open.
pub(super) struct Document {
    pub(super) uri: Uri,
    pub(super) version: Version,
    pub(super) text: String,
    syntax: Option<Syntax>,
    origin: Origin,
    /// Whether its file name matches that of a payload.
    is_named: bool,
    analysis: OnceCell<Analysis>,
    /// Whether the editor shows diagnostics for it.
    pub(super) is_marked: bool,
}

/// The analysis of a text.
pub(super) struct Analysis {
    /// The documents of the stream that are Bootshift's.
    pub(super) checked: Vec<Checked>,
    /// The whole stream.
    pub(super) documents: Documents<'static>,
}

/// The schema that a text is associated with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SchemaAssociation {
    /// It references one of our schemas.
    Ours(Operation),
    /// It references none, but its file name is that of a payload.
    FileName,
    /// It references another schema.
    Foreign,
    /// It references none.
    None,
}

/// A published diagnostic. Its related locations do not use lsp-types, which accepts only RFC 3986 URIs as names of
/// documents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublishedDiagnostic {
    #[serde(flatten)]
    diagnostic: Diagnostic,
    #[serde(rename = "relatedInformation", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related>,
}

/// A related location of a diagnostic.
#[derive(Serialize)]
struct Related {
    location: Location,
    message: String,
}

/// A location in a document.
#[derive(Serialize)]
struct Location {
    uri: Uri,
    range: Range,
}

impl Document {
    /// A document without a text yet; `path` is the path that `uri` has.
    pub(super) fn new(uri: Uri, path: &str, language: &str, is_named: bool) -> Self {
        let is_json = language == "json" || Syntax::of_path(path) == Some(Syntax::Json);
        Self {
            syntax: is_json.then_some(Syntax::Json),
            origin: if uri.is_file() { Origin::File } else { Origin::Text },
            uri,
            version: Version::default(),
            text: String::new(),
            is_named,
            analysis: OnceCell::new(),
            is_marked: false,
        }
    }

    /// Replaces the text.
    pub(super) fn set_text(&mut self, text: String) {
        self.text = text;
        self.analysis = OnceCell::new();
    }

    /// Applies a change of a range, or of the whole text.
    pub(super) fn change(&mut self, change: Change, encoding: Encoding) {
        let Some(range) = &change.range else { return self.set_text(change.text) };
        let span = PositionMap::new(&self.text, encoding).span(range.into());
        self.text.replace_range(span.start..span.end, &change.text);
        self.analysis = OnceCell::new();
    }

    /// Whether it must be JSON.
    pub(super) const fn is_json(&self) -> bool {
        self.syntax.is_some()
    }

    /// The options of the check.
    pub(super) fn options(&self, documents: &Documents<'_>) -> Options<'static> {
        let operation = match self.schema_association() {
            SchemaAssociation::Ours(operation) => Some(operation),
            // `check` may detect a response of the API; a text without a known operation is assumed to become a payload.
            SchemaAssociation::FileName => (!check::tells_operation(documents)).then_some(Operation::Create),
            SchemaAssociation::Foreign | SchemaAssociation::None => None,
        };
        Options { operation, origin: self.origin, ..Options::default() }
    }

    /// Which documents of a text are Bootshift's; the schema association of a text takes precedence.
    pub(super) fn is_ours(&self, documents: &Documents<'_>) -> Vec<bool> {
        let recognized = check::recognize(documents);
        match self.schema_association() {
            SchemaAssociation::Ours(_) | SchemaAssociation::FileName => vec![true; recognized.len()],
            SchemaAssociation::Foreign => vec![false; recognized.len()],
            SchemaAssociation::None => recognized,
        }
    }

    /// The analysis of the text, computed once per version.
    pub(super) fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| {
            let limits = Limits { diagnostics: MAX_DIAGNOSTICS, ..Limits::default() };
            let documents = Documents::parse(self.text.clone(), self.syntax, &limits);
            let is_ours = self.is_ours(&documents);
            if !is_ours.contains(&true) {
                return Analysis { checked: Vec::new(), documents };
            }
            // Payloads for other platforms are valid for those.
            let is_other = |document: &Checked| {
                document.diagnostics.iter().any(|found| found.code == Code::UnsupportedType)
            };
            let has_association = self.schema_association() != SchemaAssociation::None;
            let options = self.options(&documents);
            let mut checked = check::check_those(&documents, &options, &|document| {
                is_ours.get(document.index) == Some(&true) && (has_association || !is_other(document))
            });
            Conflicts::new(&limits).add("this file", &mut checked);
            Analysis { checked, documents }
        })
    }

    /// The kind of the body at a position; `None` if the position is not in a document of Bootshift's.
    pub(super) fn body_at(&self, offset: usize) -> Option<BodyKind> {
        let analysis = self.analysis();
        let is_before_offset =
            |tree: &&Tree| tree.root.as_ref().is_some_and(|root| root.span.start <= offset);
        let index = analysis.documents.iter().rfind(is_before_offset).map(|tree| tree.index);
        let index = index.or_else(|| analysis.documents.iter().next().map(|tree| tree.index))?;
        let document = analysis.checked.iter().find(|document| document.index == index)?;
        // Without a tree, the keys in the text decide.
        let is_flat = || self.text.contains("authenticationType") && !self.text.contains("config");
        let detected = document.operation.map(Operation::body_kind);
        Some(detected.unwrap_or_else(|| if is_flat() { BodyKind::Credentials } else { BodyKind::Payload }))
    }

    /// The diagnostics for the protocol, with related locations if the client supports those.
    pub(super) fn diagnostics(&self, encoding: Encoding, takes_related: bool) -> Vec<PublishedDiagnostic> {
        let places = PositionMap::new(&self.text, encoding);
        let all = self.analysis().checked.iter().flat_map(|document| &document.diagnostics);
        let published = |found: &check::Diagnostic| PublishedDiagnostic {
            related: if takes_related { self.related(found, &places) } else { Vec::new() },
            diagnostic: diagnostic(found, &places),
        };
        all.map(published).collect()
    }

    /// The related locations of a diagnostic; all are in this document, because it is not compared with others.
    fn related(&self, found: &check::Diagnostic, places: &PositionMap<'_>) -> Vec<Related> {
        let related = found.related.iter().filter(|related| related.path.is_none());
        related
            .map(|related| Related {
                location: Location { uri: self.uri.clone(), range: places.range(related.place.span()) },
                message: related.message.clone(),
            })
            .collect()
    }

    /// The association of the text, otherwise that of the file name.
    fn schema_association(&self) -> SchemaAssociation {
        match schema_association(&self.text) {
            SchemaAssociation::None if self.is_named => SchemaAssociation::FileName,
            association => association,
        }
    }
}

/// A diagnostic for the protocol.
pub(super) fn diagnostic(found: &check::Diagnostic, places: &PositionMap<'_>) -> Diagnostic {
    let message = match &found.help {
        Some(help) => format!("{}\nhelp: {help}", found.message),
        None => found.message.clone(),
    };
    let tags = match found.code {
        Code::UnusedRole => Some(vec![DiagnosticTag::UNNECESSARY]),
        Code::OktaDeprecated => Some(vec![DiagnosticTag::DEPRECATED]),
        _ => None,
    };
    Diagnostic {
        range: places.range(found.span),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(found.code.as_str().to_owned())),
        code_description: found.code.docs().parse().ok().map(|href| CodeDescription { href }),
        source: Some("bootshift".to_owned()),
        message,
        tags,
        ..Diagnostic::default()
    }
}

/// The schema that the first lines of YAML, or the key `$schema` of JSON, reference:
/// <https://github.com/redhat-developer/yaml-language-server#using-inlined-schema>.
fn schema_association(text: &str) -> SchemaAssociation {
    /// Modelines are above the content.
    const LINES: usize = 20;
    /// `$schema` is near the start.
    const BYTES: usize = 1024;
    let text = text.trim_start_matches('\u{FEFF}');
    let comments = text.lines().take(LINES).filter_map(|line| line.trim().strip_prefix('#'));
    let modeline = comments
        .filter_map(|comment| comment.trim_start().strip_prefix("yaml-language-server:"))
        .find_map(|settings| settings.split_whitespace().find_map(|word| word.strip_prefix("$schema=")));
    let key = || {
        let start = text.trim_start().strip_prefix('{')?;
        let start = start.get(..start.len().min(BYTES)).unwrap_or(start);
        let (_, after) = start.split_once("\"$schema\"")?;
        after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split(['"', '\n']).next()
    };
    let Some(schema) = modeline.or_else(key) else { return SchemaAssociation::None };
    let path = schema.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let found = SCHEMAS.iter().find(|(schema, _)| *schema == name);
    found.map_or(SchemaAssociation::Foreign, |(_, operation)| SchemaAssociation::Ours(*operation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::count::parses;

    /// Protects the time that a keystroke takes, however much the editor then asks for.
    #[test]
    fn change_parses_text_once() {
        let mut document = Document::new(Uri::new("file:///payload.yaml"), "/payload.yaml", "yaml", true);
        for text in ["type: Redshift\n", "type: Redshift\nautoBootstrap: no\n"] {
            let ((), count) = parses(|| {
                document.set_text(text.to_owned());
                let found = document.diagnostics(Encoding::Utf16, true);
                assert!(!found.is_empty());
                let analysis = document.analysis();
                document.options(&analysis.documents);
                assert_eq!(document.is_ours(&analysis.documents), [true]);
                assert!(document.body_at(0).is_some());
            });
            assert_eq!(count, 1, "{text}");
        }
    }

    #[test]
    fn text_is_associated_with_its_schema() {
        let modeline =
            "# yaml-language-server: $schema=https://example.com/schema/payload.schema.json?raw=1\n";
        for (text, is_ours) in [
            (modeline, true),
            (&format!("---\n\n{modeline}a: 1\n"), true),
            ("# yaml-language-server: $schema=./credentials.schema.json", true),
            ("# yaml-language-server: $schema=https://json.schemastore.org/github-workflow.json\n", false),
            ("{\"$schema\": \"../schema/payload.schema.json\"}", true),
            ("{\"a\": 1, \"$schema\" : \"https://example.com/x.json\"}", false),
        ] {
            assert_eq!(matches!(schema_association(text), SchemaAssociation::Ours(_)), is_ours, "{text}");
            assert!(schema_association(text) != SchemaAssociation::None);
        }
        for text in ["", "type: Redshift\n", "# $schema=payload.schema.json\n", "{\"$schema\": 1}", "{\u{e9}"]
        {
            assert!(schema_association(text) == SchemaAssociation::None, "{text}");
        }
    }
}

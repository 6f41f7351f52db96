//! What the server reads of what a client sends: that and nothing else, so that nothing else can be in the way.
//!
//! What a method cannot do without has to be there. Anything else has a default, which also takes the place of what
//! has another shape, such as `null`.

use lsp_types::{Position, Range};
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::uri::Uri;

/// The version of a text: the client's own number, which it gets back as it came.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Version(Option<Number>);

impl Version {
    pub(super) const fn is_unknown(&self) -> bool {
        self.0.is_none()
    }
}

/// Of `initialize`.
pub(super) struct Initialize(Value);

impl Initialize {
    pub(super) const fn new(params: Value) -> Self {
        Self(params)
    }

    /// The strings of a list of the capabilities.
    pub(super) fn words(&self, pointer: &str) -> Vec<&str> {
        let words = self.capability(pointer).and_then(Value::as_array);
        words.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether the capabilities say that something is so.
    pub(super) fn says(&self, pointer: &str) -> bool {
        self.capability(pointer).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The paths of the folders that are open.
    pub(super) fn folders(&self) -> Vec<String> {
        let roots = ["rootUri", "rootPath"].into_iter().filter_map(|name| self.0.get(name));
        let folders = self.0.get("workspaceFolders").and_then(Value::as_array);
        let folders = folders.into_iter().flatten().filter_map(|folder| folder.get("uri"));
        roots.chain(folders).filter_map(Value::as_str).map(|uri| Uri::new(uri).path()).collect()
    }

    fn capability(&self, pointer: &str) -> Option<&Value> {
        self.0.get("capabilities")?.pointer(pointer)
    }
}

/// Of `textDocument/didOpen`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DidOpen {
    pub(super) text_document: Opened,
}

/// A text that has been opened.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    pub(super) uri: Uri,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) language_id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) version: Version,
    pub(super) text: String,
}

/// Of `textDocument/didChange`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DidChange {
    pub(super) text_document: Versioned,
    /// `None` if they cannot be read, and so nothing is known of the text any more.
    #[serde(default = "no_changes", deserialize_with = "changes")]
    pub(super) content_changes: Option<Vec<Change>>,
}

/// A version of a text.
#[derive(Deserialize)]
pub(super) struct Versioned {
    pub(super) uri: Uri,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) version: Version,
}

/// A change of a text.
#[derive(Deserialize)]
pub(super) struct Change {
    /// `None` for all of it.
    #[serde(default)]
    pub(super) range: Option<Between>,
    pub(super) text: String,
}

/// Of `textDocument/didClose`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DidClose {
    pub(super) text_document: Named,
}

/// A text.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) uri: Uri,
}

/// Of `textDocument/hover` and `textDocument/completion`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct At {
    pub(super) text_document: Named,
    pub(super) position: Place,
}

/// Of `textDocument/codeAction`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeAction {
    pub(super) text_document: Named,
    pub(super) range: Between,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) context: Context,
}

/// What actions are asked for.
#[derive(Default, Deserialize)]
pub(super) struct Context {
    #[serde(default, deserialize_with = "or_default")]
    only: Vec<Value>,
}

impl Context {
    /// The kinds that are asked for; none for all of them.
    pub(super) fn kinds(&self) -> Vec<&str> {
        self.only.iter().filter_map(Value::as_str).collect()
    }
}

/// A place in a text.
#[derive(Deserialize)]
pub(super) struct Place {
    #[serde(deserialize_with = "count")]
    line: u32,
    #[serde(deserialize_with = "count")]
    character: u32,
}

impl From<&Place> for Position {
    fn from(place: &Place) -> Self {
        Self { line: place.line, character: place.character }
    }
}

/// A part of a text.
#[derive(Deserialize)]
pub(super) struct Between {
    start: Place,
    end: Place,
}

impl From<&Between> for Range {
    fn from(between: &Between) -> Self {
        Self { start: (&between.start).into(), end: (&between.end).into() }
    }
}

/// A number of lines or characters: the nearest that there can be, since clients write `-1` or any large number for
/// the end of something, and some write all numbers as floats.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = Number::deserialize(deserializer)?;
    let whole = number.as_u64().map(|whole| u32::try_from(whole).unwrap_or(u32::MAX));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes the nearest number below that there is"
    )]
    let nearest = || number.as_f64().unwrap_or_default() as u32;
    Ok(whole.unwrap_or_else(nearest))
}

/// A value, or the default for what has another shape.
fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(T::deserialize(Value::deserialize(deserializer)?).unwrap_or_default())
}

fn changes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Change>>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => no_changes(),
        changes => Vec::deserialize(changes).ok(),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "it is what stands there where nothing does")]
const fn no_changes() -> Option<Vec<Change>> {
    Some(Vec::new())
}

//! The parameters that the server uses, and no others, so that no other member can cause an error.
//!
//! Required members must exist. All others have a default, which also replaces values of another type, such as `null`.

use lsp_types::{Position, Range};
use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::uri::Uri;

/// The version of a text: the client's number, which is returned unchanged.
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

    /// The strings of a list in the capabilities.
    pub(super) fn strings(&self, pointer: &str) -> Vec<&str> {
        let words = self.capability(pointer).and_then(Value::as_array);
        words.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether a capability is `true`.
    pub(super) fn is_enabled(&self, pointer: &str) -> bool {
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

/// An opened text.
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
    /// `None` if they are invalid, so that the text is unknown from then on.
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
    /// `None` for the whole text.
    #[serde(default)]
    pub(super) range: Option<ClientRange>,
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
    pub(super) position: ClientPosition,
}

/// Of `textDocument/codeAction`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeAction {
    pub(super) text_document: Named,
    pub(super) range: ClientRange,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) context: Context,
}

/// The requested kinds of actions.
#[derive(Default, Deserialize)]
pub(super) struct Context {
    #[serde(default, deserialize_with = "or_default")]
    only: Vec<Value>,
}

impl Context {
    /// The requested kinds; empty for all of them.
    pub(super) fn kinds(&self) -> Vec<&str> {
        self.only.iter().filter_map(Value::as_str).collect()
    }
}

/// A position in a text.
#[derive(Deserialize)]
pub(super) struct ClientPosition {
    #[serde(deserialize_with = "count")]
    line: u32,
    #[serde(deserialize_with = "count")]
    character: u32,
}

impl From<&ClientPosition> for Position {
    fn from(position: &ClientPosition) -> Self {
        Self { line: position.line, character: position.character }
    }
}

/// A range in a text.
#[derive(Deserialize)]
pub(super) struct ClientRange {
    start: ClientPosition,
    end: ClientPosition,
}

impl From<&ClientRange> for Range {
    fn from(range: &ClientRange) -> Self {
        Self { start: (&range.start).into(), end: (&range.end).into() }
    }
}

/// A number of lines or characters, clamped: clients write `-1` or a large number for the end of a range, and some write
/// all numbers as floats.
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

/// A value, or the default if it has another type.
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

#[expect(clippy::unnecessary_wraps, reason = "it is the default of an optional member")]
const fn no_changes() -> Option<Vec<Change>> {
    Some(Vec::new())
}

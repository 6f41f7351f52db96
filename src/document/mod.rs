//! Parses text into trees with positions: JSON and YAML 1.2 (core schema), including streams of several documents.
//!
//! Nothing here knows what the documents mean. Problems of the text itself are returned as diagnostics, together with
//! the trees that could be built.

mod brackets;
mod conflict;
mod crowded;
pub(crate) mod encrypted;
pub(crate) mod fixes;
mod hints;
mod json;
mod lines;
mod messages;
mod node;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;
pub(crate) mod yaml_1_1;

pub use crate::text::{LineIndex, Located, OffsetEncoding, Position, Range, Span};
pub use node::{Member, Node, NodeKind, Text};

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::{Code, Diagnostic};
use crate::encoding::{UTF_16, is_utf16_of_ascii};
use crate::text::position::BYTE_ORDER_MARK;

/// The syntax of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "wasm", derive(serde::Deserialize, tsify::Tsify), serde(rename_all = "lowercase"))]
pub enum Syntax {
    /// JSON, RFC 8259.
    Json,
    /// YAML 1.2 with the core schema and merge keys. Tags outside the core schema are errors: their meaning
    /// (`!vault`, `!Ref`) is unknown, and the text after them is not the value.
    Yaml,
}

impl Syntax {
    /// The syntax that the name of a file determines. A file with the extension `json` must be JSON, because the tools that
    /// read it expect JSON. A file with any other name may contain either.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        extension.eq_ignore_ascii_case("json").then_some(Self::Json)
    }
}

/// Limits on the cost of hostile text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum size of a text, in bytes.
    pub bytes: usize,
    /// The maximum nesting of arrays and objects. It is capped at 512, because trees are walked recursively.
    pub depth: usize,
    /// The maximum number of nodes that aliases and merge keys can add to one document.
    pub alias_nodes: usize,
    /// The maximum number of values in all documents of a text, including those that aliases repeat.
    pub values: usize,
    /// The maximum number of documents in a text, including empty ones.
    pub documents: usize,
    /// The maximum number of diagnostics listed for a text. Beyond it the least severe are only counted:
    /// [`Checked::left_out`](crate::check::Checked).
    pub diagnostics: usize,
}

/// The maximum nesting that any [`Limits`] can allow.
const MAX_DEPTH: usize = 512;

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            depth: 128,
            alias_nodes: 100_000,
            values: 200_000,
            documents: 10_000,
            diagnostics: 1_000,
        }
    }
}

/// One document of a text.
#[derive(Clone)]
pub struct Document {
    /// The index among the documents of the text, from 0. An empty document next to others does not count.
    pub index: usize,
    /// The syntax in which it was parsed.
    pub syntax: Syntax,
    /// The tree; `None` if the text is too broken to have one.
    pub root: Option<Node>,
    /// The problems of the text: `syntax`, `duplicate-key`, `too-deep`, `too-large`, `alias-limit`.
    pub problems: Vec<Diagnostic>,
    /// The number of duplicate keys that are not reported: only the first of a text are.
    pub more_duplicates: usize,
}

impl Document {
    /// The document of a text that is not parsed.
    fn refused(syntax: Syntax, problem: Diagnostic) -> Self {
        Self { index: 0, syntax, root: None, problems: vec![problem], more_duplicates: 0 }
    }
}

/// Shows no key: only [`crate::check::check`] knows which keys are inside a secret.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<_> = self.problems.iter().map(|problem| (problem.code, problem.span)).collect();
        f.debug_struct("Document")
            .field("index", &self.index)
            .field("syntax", &self.syntax)
            .field("root", &self.root)
            .field("problems", &problems)
            .field("more_duplicates", &self.more_duplicates)
            .finish()
    }
}

/// A parsed text: at least one document, and as many as the YAML stream contains.
///
/// Every function that needs the content of a text takes this, so that the text is parsed once. An empty document next to
/// others, such as the one after a trailing `---`, is skipped, but not an explicit `null`, `~` or `!!null`. An empty text
/// is one document whose root is `null`.
#[derive(Clone)]
pub struct Documents<'t> {
    text: Cow<'t, str>,
    syntax: Option<Syntax>,
    limits: Limits,
    items: Vec<Document>,
}

impl<'t> Documents<'t> {
    /// Parses a text. Never panics, and takes time and memory linear in the text (within `limits`).
    ///
    /// Without a `syntax`, text that starts with `{` or `[` is JSON unless only YAML can read it; any other text is
    /// YAML.
    ///
    /// A document with a `syntax`, `too-deep`, `too-large` or `alias-limit` problem has no tree; a syntax error also ends
    /// the stream, because the start of the next document is unknown. A text with too many documents or values is one
    /// document without a tree.
    #[must_use]
    pub fn parse(text: impl Into<Cow<'t, str>>, syntax: Option<Syntax>, limits: &Limits) -> Self {
        let text = text.into();
        let items = parse(&text, syntax, limits);
        Self { text, syntax, limits: *limits, items }
    }

    /// A text that is not parsed, for the reason in `problem`.
    #[must_use]
    pub fn refused(text: impl Into<Cow<'t, str>>, problem: Diagnostic) -> Self {
        let items = vec![Document::refused(Syntax::Yaml, problem)];
        Self { text: text.into(), syntax: None, limits: Limits::default(), items }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The limits within which the text was parsed.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Parses another text with the same syntax.
    pub(crate) fn parse_again<'o>(&self, text: impl Into<Cow<'o, str>>, limits: &Limits) -> Documents<'o> {
        Documents::parse(text, self.syntax, limits)
    }

    /// The documents in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Document> {
        self.items.iter()
    }

    /// The document that has this [`index`](Document::index).
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Document> {
        self.items.iter().find(|document| document.index == index)
    }

    /// The tree of the first document that has one.
    #[must_use]
    pub fn first_root(&self) -> Option<&Node> {
        self.items.first().and_then(|document| document.root.as_ref())
    }
}

impl<'d> IntoIterator for &'d Documents<'_> {
    type Item = &'d Document;
    type IntoIter = std::slice::Iter<'d, Document>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Parses a text of unspecified syntax, within the default limits.
impl<'t> From<&'t str> for Documents<'t> {
    fn from(text: &'t str) -> Self {
        Self::parse(text, None, &Limits::default())
    }
}

/// Parses a text of unspecified syntax, within the default limits.
impl From<String> for Documents<'_> {
    fn from(text: String) -> Self {
        Self::parse(text, None, &Limits::default())
    }
}

/// Shows no text: it may contain a secret.
impl fmt::Debug for Documents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}

/// Parses `text` into its documents, see [`Documents::parse`].
fn parse(text: &str, syntax: Option<Syntax>, limits: &Limits) -> Vec<Document> {
    #[cfg(test)]
    count::add();
    if text.len() > limits.bytes {
        let message = format!("text is too large: {} bytes (limit: {})", text.len(), limits.bytes);
        let problem = Diagnostic::new(Code::TooLarge, "", Span::new(0, 0), message);
        return vec![Document::refused(syntax.unwrap_or(Syntax::Yaml), problem)];
    }
    if is_utf16_of_ascii(text) {
        let problem = Diagnostic::new(Code::Syntax, "", Span::new(0, 0), UTF_16);
        let problem = problem.with_help("save the file as UTF-8");
        return vec![Document::refused(syntax.unwrap_or(Syntax::Yaml), problem)];
    }
    if let Some(problem) = encrypted(text) {
        return vec![Document::refused(syntax.unwrap_or(Syntax::Yaml), problem)];
    }
    let mut documents = read(text, syntax, limits);
    conflict::name(text, &mut documents);
    documents
}

fn read(text: &str, syntax: Option<Syntax>, limits: &Limits) -> Vec<Document> {
    let limits = &Limits { depth: limits.depth.min(MAX_DEPTH), ..*limits };
    let base = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let body = text.get(base..).unwrap_or_default();
    let read_json = |text: &str| vec![json::parse(text, base, limits).0];
    let read_yaml = |text: &str| yaml::parse(text, base, limits);
    let explain = |syntax: Syntax, documents: &mut [Document]| match syntax {
        Syntax::Json => hints::explain(text, syntax, documents, &read_json),
        Syntax::Yaml => hints::explain(text, syntax, documents, &read_yaml),
    };
    match syntax {
        Some(Syntax::Json) => {
            let mut documents = read_json(text);
            explain(Syntax::Json, &mut documents);
            documents
        }
        None if body.trim_start().starts_with(['{', '[']) => {
            let (document, yaml_might) = json::parse(text, base, limits);
            let mut as_json = vec![document];
            if yaml_might {
                let mut as_yaml = read_yaml(text);
                if as_yaml.iter().all(|document| document.root.is_some()) {
                    explain(Syntax::Yaml, &mut as_yaml);
                    return as_yaml;
                }
                if !explain(Syntax::Json, &mut as_json) && explain(Syntax::Yaml, &mut as_yaml) {
                    return as_yaml;
                }
            }
            as_json
        }
        None | Some(Syntax::Yaml) => {
            let mut documents = read_yaml(text);
            explain(Syntax::Yaml, &mut documents);
            documents
        }
    }
}

/// The problem of a text that is encrypted as a whole.
fn encrypted(text: &str) -> Option<Diagnostic> {
    let body = text.trim_start_matches(BYTE_ORDER_MARK).trim_start();
    let start = text.len() - body.len();
    let line = body.split(['\n', '\r']).next().unwrap_or_default().trim_end();
    encrypted::encrypted_text(body, "the text", Span::new(start, start + line.len()))
}

/// Whether `text` is a number if it is not quoted.
pub(crate) fn is_number(text: &str) -> bool {
    scalar::float(text).is_some()
}

/// The value of `text` as a YAML plain scalar.
pub(crate) fn plain_scalar(text: &str) -> NodeKind {
    scalar::core(text)
}

/// Whether `text` is a string as a YAML plain scalar, if it has no indicators.
pub(crate) fn is_plain_string(text: &str) -> bool {
    matches!(scalar::core(text), NodeKind::String { .. })
}

fn too_deep(pointer: String, span: Span, limits: &Limits) -> Diagnostic {
    let message = format!("arrays and objects are nested more than {} levels deep", limits.depth);
    Diagnostic::new(Code::TooDeep, pointer, span, message)
}

/// The problem of a text with too many values or documents.
fn too_many(what: &str, limit: usize, span: Span) -> Diagnostic {
    let message = format!("too many {what} in the text (limit: {limit})");
    let help = format!("split it into several files, or raise the limit with `--max-{what}`");
    Diagnostic::new(Code::TooLarge, "", span, message).with_help(help)
}

/// The span of the character that a byte belongs to; empty at the end of the text.
fn character(text: &str, at: usize) -> Span {
    let mut start = at.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(start, start + length)
}

/// Counts how often a thread parses a text.
#[cfg(test)]
pub(crate) mod count {
    use std::cell::Cell;

    thread_local! {
        static PARSES: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add() {
        PARSES.set(PARSES.get() + 1);
    }

    /// The result of `work`, and how often it parses a text.
    pub(crate) fn parses<T>(work: impl FnOnce() -> T) -> (T, usize) {
        let before = PARSES.get();
        let result = work();
        (result, PARSES.get() - before)
    }
}

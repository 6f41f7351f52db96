//! Text to a tree with positions: JSON and YAML 1.2 (core schema), streams of several documents.
//!
//! Nothing here knows what the documents mean. What is wrong with the text itself comes out as
//! [`Problem`]s beside the trees that could still be made.

mod node;
mod position;

pub use node::{Member, Node, NodeKind};
pub use position::{LineIndex, OffsetEncoding, Position, Range, Span};

use crate::check::Diagnostic;

/// How the text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// JSON, RFC 8259.
    Json,
    /// YAML 1.2 with the core schema and merge keys.
    Yaml,
}

/// What hostile text may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest text, in bytes.
    pub bytes: usize,
    /// The deepest nesting of arrays and objects.
    pub depth: usize,
    /// The most nodes that aliases and merge keys may add to one document.
    pub alias_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 * 1024 * 1024, depth: 128, alias_nodes: 100_000 }
    }
}

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// The place in the stream, from 0.
    pub index: usize,
    /// The tree; `None` where the text is too broken to have one.
    pub root: Option<Node>,
    /// What is wrong with the text: `syntax`, `duplicate-key`, `too-deep`, `too-large`, `alias-limit`.
    pub problems: Vec<Diagnostic>,
}

/// Reads `text` into its documents: at least one, and as many as a YAML stream holds. An empty text is one
/// document whose root is `null`. Never panics, and works in time and memory linear in the text
/// (within `limits`).
///
/// Without a `syntax`, text that starts with `{` or `[` is JSON unless only YAML can read it; any other text
/// is YAML.
#[must_use]
pub fn parse(text: &str, syntax: Option<Syntax>, limits: &Limits) -> Vec<Document> {
    let _ = (text, syntax, limits);
    unimplemented!()
}

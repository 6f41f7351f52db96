//! Text utilities for all other modules: positions, JSON pointers, suggestions, and text in messages. Independent of
//! documents.

pub mod pointer;
pub(crate) mod position;
pub(crate) mod shown;
pub mod suggest;

pub use position::{LineIndex, Located, OffsetEncoding, Position, Range, Span};
pub use shown::printable;

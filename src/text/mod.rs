//! What every other module needs of text: places in it, JSON pointers, suggestions, and how a message shows a piece of
//! it. Knows nothing of documents.

pub mod pointer;
pub(crate) mod position;
pub(crate) mod shown;
pub mod suggest;

pub use position::{LineIndex, Located, OffsetEncoding, Position, Range, Span};
pub use shown::printable;

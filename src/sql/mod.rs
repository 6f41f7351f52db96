//! What makes SQL text safe: identifiers, literals, password hashes.

mod identifier;

pub use identifier::{Identifier, IdentifierError};

//! Types that make SQL text safe: identifiers, literals, dollar quotes, password hashes.
//!
//! Redshift differs from PostgreSQL: a backslash is an escape in every `'…'`, there is no
//! `standard_conforming_strings` to turn that off, and `E'…'` is a syntax error
//! (<https://github.com/aws/amazon-redshift-jdbc-driver>, `escapeCatalogLiteral`). So the quoting functions of
//! PostgreSQL drivers cannot be used.

mod clear_text;
mod dollar;
mod identifier;
mod literal;
mod password;
mod template;

pub use clear_text::{PasswordError, StoredPassword};
pub use dollar::DollarQuoted;
pub use identifier::{Identifier, IdentifierError, MAX_IDENTIFIER_BYTES};
pub use literal::{Literal, LiteralError};
#[cfg(feature = "native")]
pub(crate) use password::hex;
pub use password::{PasswordClause, sha256_with_salt};
pub(crate) use template::MarkedOnly;

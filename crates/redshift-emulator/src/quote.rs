//! SQL for PostgreSQL from text.

/// `text` as a literal for PostgreSQL with `standard_conforming_strings = off`.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// `text` as an identifier for PostgreSQL.
pub(super) fn identifier(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

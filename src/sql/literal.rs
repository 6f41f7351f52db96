//! String literals.

use std::fmt::{self, Write as _};

use askama::filters::Safe;

/// A string that `Display` writes as a Redshift literal: `'` and `\` doubled.
#[derive(Clone, PartialEq, Eq)]
pub struct Literal(String);

/// The string contains NUL, which is not allowed in literals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiteralError;

impl fmt::Display for LiteralError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a literal cannot contain NUL")
    }
}

impl std::error::Error for LiteralError {}

impl Literal {
    /// Creates a literal from a string.
    ///
    /// # Errors
    /// It contains NUL.
    pub fn new(value: &str) -> Result<Self, LiteralError> {
        if value.contains('\0') { Err(LiteralError) } else { Ok(Self(value.to_owned())) }
    }

    /// The literal for a template.
    #[must_use]
    pub(crate) const fn sql(&self) -> Safe<&Self> {
        Safe(self)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("'")?;
        for c in self.0.chars() {
            if matches!(c, '\'' | '\\') {
                f.write_char(c)?;
            }
            f.write_char(c)?;
        }
        f.write_str("'")
    }
}

/// Shows nothing: the value may be a password.
impl fmt::Debug for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Literal(<REDACTED>)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_are_doubled_and_nothing_else() {
        for (value, sql) in [
            ("", "''"),
            ("plain", "'plain'"),
            ("it's", "'it''s'"),
            (r"\'; DROP TABLE canary; --", r"'\\''; DROP TABLE canary; --'"),
            (r"\\", r"'\\\\'"),
            ("ümlaut \u{1F600}\n$$", "'ümlaut \u{1F600}\n$$'"),
        ] {
            assert_eq!(Literal::new(value).unwrap().to_string(), sql);
        }
    }

    #[test]
    fn nul_is_refused() {
        assert_eq!(Literal::new("a\0b"), Err(LiteralError));
        assert_eq!(LiteralError.to_string(), "a literal cannot contain NUL");
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", Literal::new("hunter22").unwrap()), "Literal(<REDACTED>)");
    }
}

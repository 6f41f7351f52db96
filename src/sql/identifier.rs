//! Delimited identifiers.
//!
//! Facts: <https://docs.aws.amazon.com/redshift/latest/dg/r_names.html>.

use std::fmt;

use askama::filters::Safe;

/// The maximum length of an identifier, in bytes.
pub const MAX_IDENTIFIER_BYTES: usize = 127;

/// A name that Redshift accepts in double quotes: 1 to 127 bytes, no control characters.
/// `Display` writes it delimited, with `"` doubled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identifier(String);

/// Why a name is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentifierError {
    /// It is empty.
    Empty,
    /// It is longer than 127 bytes; the length in bytes.
    TooLong(usize),
    /// It contains NUL or another control character.
    ControlCharacter,
}

impl fmt::Display for IdentifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an identifier must not be empty"),
            Self::TooLong(bytes) => {
                write!(f, "an identifier can have at most {MAX_IDENTIFIER_BYTES} bytes, found {bytes}")
            }
            Self::ControlCharacter => f.write_str("an identifier must not contain a control character"),
        }
    }
}

impl std::error::Error for IdentifierError {}

impl Identifier {
    /// Creates an identifier from a name in the payload.
    ///
    /// # Errors
    /// Redshift would reject or truncate it.
    pub fn new(name: &str) -> Result<Self, IdentifierError> {
        match Self::error(name) {
            Some(error) => Err(error),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// Why a name is not valid.
    pub(crate) fn error(name: &str) -> Option<IdentifierError> {
        if name.is_empty() {
            Some(IdentifierError::Empty)
        } else if name.chars().any(char::is_control) {
            Some(IdentifierError::ControlCharacter)
        } else if name.len() > MAX_IDENTIFIER_BYTES {
            Some(IdentifierError::TooLong(name.len()))
        } else {
            None
        }
    }

    /// The name as it is written in the payload.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The delimited name for a template.
    #[must_use]
    pub(crate) const fn sql(&self) -> Safe<&Self> {
        Safe(self)
    }

    /// The name as Redshift stores it: ASCII letters folded to lower case, even of a delimited identifier.
    /// Not for user names, which keep their case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The same, as an identifier: folding changes neither the length nor the allowed characters.
    #[must_use]
    pub(crate) fn to_folded(&self) -> Self {
        Self(self.folded())
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn double_quotes_are_doubled_and_backslashes_are_not() {
        assert_eq!(Identifier::new(r#"a"b\c"#).unwrap().to_string(), r#""a""b\c""#);
    }

    #[test]
    fn length_counts_bytes() {
        assert!(Identifier::new(&"a".repeat(127)).is_ok());
        assert_eq!(Identifier::new(&"é".repeat(64)), Err(IdentifierError::TooLong(128)));
        assert_eq!(Identifier::new(""), Err(IdentifierError::Empty));
        assert_eq!(Identifier::new("a\0b"), Err(IdentifierError::ControlCharacter));
        assert_eq!(Identifier::new("a\u{85}b"), Err(IdentifierError::ControlCharacter));
    }

    #[test]
    fn error_states_what_is_allowed() {
        let message = |name: &str| Identifier::new(name).unwrap_err().to_string();
        assert_eq!(message(""), "an identifier must not be empty");
        assert_eq!(message(&"a".repeat(128)), "an identifier can have at most 127 bytes, found 128");
        assert_eq!(message("a\0b"), "an identifier must not contain a control character");
    }

    #[test]
    fn only_ascii_letters_fold() {
        assert_eq!(Identifier::new("Ab_É").unwrap().folded(), "ab_É");
    }
}

//! Values that cannot be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A password: a literal, or a `${NAME}` reference to an environment variable.
///
/// `Debug` shows `<REDACTED>`, and there is no `Display` and no `Serialize`.
#[derive(Clone)]
pub struct Secret(Repr);

#[derive(Clone)]
enum Repr {
    Literal(SecretString),
    Reference(String),
}

/// A `${NAME}` reference whose variable is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedSecret {
    /// The variable.
    pub variable: String,
}

impl fmt::Display for UnresolvedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment variable `{}` is not set", self.variable)
    }
}

impl std::error::Error for UnresolvedSecret {}

impl Secret {
    /// Reads a password as payloads write it: `${NAME}`, and nothing beside it, is a reference.
    #[must_use]
    pub fn new(text: &str) -> Self {
        match reference(text) {
            Some(name) => Self(Repr::Reference(name.to_owned())),
            None => Self(Repr::Literal(SecretString::from(text))),
        }
    }

    /// Whether [`Secret::new`] makes a reference of a text.
    #[must_use]
    pub fn is_reference(text: &str) -> bool {
        reference(text).is_some()
    }

    /// The variable's name, if this is a reference.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match &self.0 {
            Repr::Literal(_) => None,
            Repr::Reference(name) => Some(name),
        }
    }

    /// The literal, if this is one.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match &self.0 {
            Repr::Literal(value) => Some(value.expose_secret()),
            Repr::Reference(_) => None,
        }
    }

    /// The value, with references looked up by `env`.
    ///
    /// # Errors
    /// The variable is not set.
    pub fn resolve(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<SecretString, UnresolvedSecret> {
        match &self.0 {
            Repr::Literal(value) => Ok(value.clone()),
            Repr::Reference(name) => {
                env(name).map(SecretString::from).ok_or_else(|| UnresolvedSecret { variable: name.clone() })
            }
        }
    }
}

/// The variable that `text` refers to, if it is `${NAME}` and nothing else.
#[must_use]
pub(crate) fn reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    let mut bytes = name.bytes();
    let first = bytes.next()?;
    ((first.is_ascii_alphabetic() || first == b'_') && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        .then_some(name)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<REDACTED>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_one_name_of_the_environment_and_nothing_beside_it() {
        for name in ["A", "z", "_", "_a", "PASSWORD_2", "a_b"] {
            let text = format!("${{{name}}}");
            assert!(Secret::is_reference(&text), "{text}");
            assert_eq!(Secret::new(&text).variable(), Some(name));
            assert_eq!(Secret::new(&text).literal(), None);
        }
        for text in
            ["", "$A", "${}", "${2A}", "${-}", "${A-B}", "${A B}", "${Ä}", "x${A}", "${A}x", "${A}${B}"]
        {
            assert!(!Secret::is_reference(text), "{text}");
            assert_eq!(Secret::new(text).variable(), None, "{text}");
            assert_eq!(Secret::new(text).literal(), Some(text));
        }
    }

    #[test]
    fn an_unset_variable_is_named() {
        let error = Secret::new("${MINE}").resolve(&|_| None).expect_err("unset");
        assert_eq!(error.to_string(), "the environment variable `MINE` is not set");
    }
}

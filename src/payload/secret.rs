//! Values that cannot be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::characters::{is_blank, may_surround};
use crate::placeholder::{in_password, reference};
use crate::sql::{PasswordError, StoredPassword};

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

/// A `${NAME}` reference whose variable does not contain a password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnresolvedSecret {
    /// The variable.
    pub variable: String,
    /// Why it is not a password.
    pub reason: Unresolved,
}

/// Why a variable does not contain a password. Includes no part of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unresolved {
    /// The variable is not set.
    Unset,
    /// It is set, but empty, as CI systems do for an undefined secret.
    Empty,
    /// It contains only whitespace, invisible characters and quotes, for example a quoted empty string.
    Blank,
    /// It is not valid Unicode: invalid parts were decoded as U+FFFD, here or before.
    NotUnicode,
    /// It contains a placeholder that was not replaced. References are resolved only once.
    Placeholder,
    /// The runner must not read it: neither its name nor the user marks it as the password of an account.
    NotAllowed,
}

impl Unresolved {
    /// Why `value` is not a password; `None` if it is one.
    pub(crate) fn of(value: &str) -> Option<Self> {
        if value.is_empty() {
            Some(Self::Empty)
        } else if is_blank(value.trim_matches(|c: char| c.is_whitespace() || may_surround(c))) {
            Some(Self::Blank)
        } else if value.contains(char::REPLACEMENT_CHARACTER) {
            Some(Self::NotUnicode)
        } else if is_placeholder(value.trim()) {
            Some(Self::Placeholder)
        } else {
            None
        }
    }
}

impl UnresolvedSecret {
    /// The help.
    #[must_use]
    pub fn help(&self) -> String {
        let variable = &self.variable;
        match self.reason {
            Unresolved::Unset => {
                format!("set `{variable}` to the password, for example from your secret store")
            }
            Unresolved::Empty => format!(
                "set `{variable}` to the password; a CI secret that does not exist results in an empty variable"
            ),
            Unresolved::Blank => format!("set `{variable}` to the password"),
            Unresolved::NotUnicode => format!("set `{variable}` again, in UTF-8"),
            Unresolved::Placeholder => {
                format!("set `{variable}` to the password itself, not to a placeholder")
            }
            Unresolved::NotAllowed => format!(
                "if `{variable}` is the password of this account and the payload's host may receive it, pass \
                 `--allow-env {variable}`; without it, only variables with `PASSWORD` in their name are read, except \
                 `PGPASSWORD`, which is the password of `--user`"
            ),
        }
    }
}

impl fmt::Display for UnresolvedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.reason {
            Unresolved::Unset => "is not set",
            Unresolved::Empty => "is set but empty",
            Unresolved::Blank => "is set but blank",
            Unresolved::NotUnicode => "is not valid UTF-8",
            Unresolved::Placeholder => "contains a placeholder that was not replaced",
            Unresolved::NotAllowed => "may not be read for a payload",
        };
        write!(f, "the environment variable `{}` {what}", self.variable)
    }
}

impl std::error::Error for UnresolvedSecret {}

/// A password that Redshift would treat as the stored form of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HashedPassword {
    /// The variable with the password; `None` if it is in the payload.
    pub variable: Option<String>,
    /// The form.
    pub form: StoredPassword,
}

impl HashedPassword {
    /// The help.
    #[must_use]
    pub fn help(&self) -> String {
        match &self.variable {
            Some(variable) => format!("set `{variable}` to the password itself"),
            None => "write the password itself".to_owned(),
        }
    }
}

impl fmt::Display for HashedPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, form } = self;
        let what = match variable {
            Some(variable) => format!("the value of `{variable}`"),
            None => "this password".to_owned(),
        };
        write!(f, "Redshift would treat {what} as {form}, so the account would get another password")
    }
}

impl std::error::Error for HashedPassword {}

/// A password that Redshift rejects in clear text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WeakPassword {
    /// The variable with the password; `None` if it is in the payload.
    pub variable: Option<String>,
    /// What is wrong with it.
    pub error: PasswordError,
}

impl WeakPassword {
    /// The help.
    #[must_use]
    pub fn help(&self) -> String {
        match &self.variable {
            Some(variable) if self.error.is_around() => format!("set `{variable}` to the password only"),
            None if self.error.is_around() => "write only the password".to_owned(),
            _ => "see `bootshift explain weak-password` for the rules; `--password md5` and `--password sha256` write a \
                  hash, which Redshift accepts for any password"
                .to_owned(),
        }
    }
}

impl fmt::Display for WeakPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, error } = self;
        match variable {
            Some(variable) => write!(f, "Redshift would reject the password in `{variable}`: {error}"),
            None => write!(f, "Redshift would reject this password: {error}"),
        }
    }
}

impl std::error::Error for WeakPassword {}

/// Whether a text is a placeholder that a tool should have replaced, by the rules for passwords in payloads; or the text
/// that a report or a log shows instead of a secret.
fn is_placeholder(text: &str) -> bool {
    Secret::is_reference(text)
        || ["<REDACTED>", "REDACTED"].contains(&text)
        || text.bytes().all(|byte| byte == b'*')
        || in_password(text).is_some()
}

impl Secret {
    /// Parses the password of a payload: exactly `${NAME}` is a reference.
    #[must_use]
    pub fn new(text: &str) -> Self {
        match reference(text) {
            Some(name) => Self(Repr::Reference(name.to_owned())),
            None => Self(Repr::Literal(SecretString::from(text))),
        }
    }

    /// Whether [`Secret::new`] parses a text as a reference.
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

    /// The value, with references resolved by `env`, which returns U+FFFD for invalid Unicode.
    ///
    /// # Errors
    /// The variable does not contain a password: see [`Unresolved`].
    pub fn resolve(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<SecretString, UnresolvedSecret> {
        let name = match &self.0 {
            Repr::Literal(value) => return Ok(value.clone()),
            Repr::Reference(name) => name,
        };
        let unresolved = |reason| UnresolvedSecret { variable: name.clone(), reason };
        let value = env(name).map(SecretString::from).ok_or_else(|| unresolved(Unresolved::Unset))?;
        match Unresolved::of(value.expose_secret()) {
            None => Ok(value),
            Some(reason) => Err(unresolved(reason)),
        }
    }
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
    fn reference_is_exactly_one_variable_name() {
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

    /// Resolves a variable with this value.
    fn resolved(value: Option<&str>) -> Result<String, UnresolvedSecret> {
        let value =
            Secret::new("${MINE}").resolve(&|name| value.filter(|_| name == "MINE").map(str::to_owned))?;
        Ok(value.expose_secret().to_owned())
    }

    #[test]
    fn unresolved_variable_is_reported_with_reason() {
        use Unresolved::{Blank, Empty, NotUnicode, Placeholder, Unset};
        let cases = [
            (None, Unset),
            (Some(""), Empty),
            (Some("\n"), Blank),
            (Some(" "), Blank),
            (Some("\r\n"), Blank),
            (Some("\t \u{A0}\u{2003}"), Blank),
            (Some("\u{FEFF}"), Blank),
            (Some("\u{FEFF}\r\n"), Blank),
            (Some("\u{200B}"), Blank),
            (Some("\0"), Blank),
            (Some("\"\""), Blank),
            (Some("''\n"), Blank),
            (Some("' '"), Blank),
            (Some("\""), Blank),
            (Some("\u{201C}\u{201D}"), Blank),
            (Some("\u{FFFD}"), NotUnicode),
            (Some("Abcdef\u{FFFD}1"), NotUnicode),
            (Some("${MINE}"), Placeholder),
            (Some("${OTHER_NAME}"), Placeholder),
            (Some("${OTHER_NAME:-default}"), Placeholder),
            (Some(" ${OTHER_NAME}\n"), Placeholder),
            (Some("${}"), Placeholder),
            (Some("$(REDSHIFT_PASSWORD)"), Placeholder),
            (Some("{{ redshift_password }}"), Placeholder),
            (Some("ENC[AES256_GCM,data:x]"), Placeholder),
            (Some("op://vault/item/field"), Placeholder),
            // Some of these would be valid passwords for Redshift.
            (Some("$OTHER_NAME"), Placeholder),
            (Some("%NAME%"), Placeholder),
            (Some("<password>"), Placeholder),
            (Some("__PASSWORD__"), Placeholder),
            (Some("vault:secret/x#y"), Placeholder),
            (Some("\"${OTHER_NAME}\""), Placeholder),
            (Some("REDACTED"), Placeholder),
            (Some("<REDACTED>"), Placeholder),
            (Some("***"), Placeholder),
        ];
        for (value, reason) in cases {
            let error = resolved(value).expect_err("no password");
            assert_eq!(error, UnresolvedSecret { variable: "MINE".to_owned(), reason }, "{value:?}");
            let said = format!("{error}; {}; {error:?}", error.help());
            assert!(said.contains("`MINE`"), "{said}");
            // `apply` writes no script, and not every placeholder is a reference.
            assert!(!said.contains("script") && !said.contains("reference"), "{said}");
            let shown = value.filter(|value| value.len() > 7 && said.contains(value.trim()));
            assert_eq!(shown, None, "the value is shown: {said}");
        }
    }

    #[test]
    fn any_other_value_is_used_unchanged() {
        for value in [
            "Correct1horse",
            "short",
            " a",
            "a\n",
            "\u{FEFF}a",
            "\"a\"",
            "$Name1ab",
            "%Name1%ab",
            "<Secret12>",
            "$(",
            "{{",
            "}}",
            "x${A}",
            "${A}bcdef1",
            "$(a",
            "ENC[",
            "op:/",
            "é",
        ] {
            assert_eq!(resolved(Some(value)), Ok(value.to_owned()));
        }
        assert_eq!(Secret::new("").resolve(&|_| None).expect("a literal").expose_secret(), "");
    }

    #[test]
    fn unset_and_empty_variables_have_different_messages() {
        let said = |value| resolved(value).expect_err("no password").to_string();
        assert_eq!(said(None), "the environment variable `MINE` is not set");
        assert_eq!(said(Some("")), "the environment variable `MINE` is set but empty");
    }
}

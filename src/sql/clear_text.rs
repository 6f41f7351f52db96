//! Classifies the value of a password: Redshift accepts it in clear text, refuses it, or treats it as a stored form.
//!
//! Facts: <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>.

use std::fmt;

/// What is wrong with a clear-text password. It contains no part of the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordError {
    /// A byte order mark before it.
    ByteOrderMark,
    /// A line break at its end.
    LineBreak,
    /// Whitespace before or after it.
    WhiteSpaceAround,
    /// Quotes around it.
    Quoted,
    /// Fewer than 8 characters.
    TooShort,
    /// More than 64 characters.
    TooLong,
    /// A control character.
    Control,
    /// A space or a character outside ASCII.
    NotPrintableAscii,
    /// One of `'`, `"`, `\`, `/` and `@`.
    Forbidden,
    /// No upper-case letter.
    NoUpperCase,
    /// No lower-case letter.
    NoLowerCase,
    /// No digit.
    NoDigit,
}

impl PasswordError {
    /// What is wrong with `password`: accidental characters around it, otherwise the first of Redshift's rules that it
    /// violates.
    #[must_use]
    pub fn of(password: &str) -> Option<Self> {
        let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
        let length = password.chars().count();
        let error = if password.starts_with('\u{FEFF}') {
            Self::ByteOrderMark
        } else if password.ends_with(['\n', '\r']) {
            Self::LineBreak
        } else if password.trim() != password {
            Self::WhiteSpaceAround
        } else if is_quoted(password) {
            Self::Quoted
        } else if length < 8 {
            Self::TooShort
        } else if length > 64 {
            Self::TooLong
        } else if has(|c| c.is_control()) {
            Self::Control
        } else if !has_only_printable_ascii(password) {
            Self::NotPrintableAscii
        } else if password.contains(['\'', '"', '\\', '/', '@']) {
            Self::Forbidden
        } else if !has(char::is_ascii_uppercase) {
            Self::NoUpperCase
        } else if !has(char::is_ascii_lowercase) {
            Self::NoLowerCase
        } else if !has(char::is_ascii_digit) {
            Self::NoDigit
        } else {
            return None;
        };
        Some(error)
    }

    /// Whether only characters around the password are wrong.
    #[must_use]
    pub const fn is_around(self) -> bool {
        matches!(self, Self::ByteOrderMark | Self::LineBreak | Self::WhiteSpaceAround | Self::Quoted)
    }
}

fn has_only_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text starts with a quote and ends with the matching one.
fn is_quoted(text: &str) -> bool {
    const QUOTES: [(char, char); 4] =
        [('"', '"'), ('\'', '\''), ('\u{201C}', '\u{201D}'), ('\u{2018}', '\u{2019}')];
    QUOTES.into_iter().any(|(open, close)| text.strip_prefix(open).is_some_and(|rest| rest.ends_with(close)))
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "it starts with a byte order mark",
            Self::LineBreak => "it ends with a line break",
            Self::WhiteSpaceAround => "it starts or ends with whitespace",
            Self::Quoted => "it has quotes around it",
            Self::TooShort => "it has fewer than 8 characters",
            Self::TooLong => "it has more than 64 characters",
            Self::Control => "it contains a control character",
            Self::NotPrintableAscii => "it contains a space or a non-ASCII character",
            Self::Forbidden => "it contains a character that Redshift does not allow",
            Self::NoUpperCase => "it has no upper-case letter",
            Self::NoLowerCase => "it has no lower-case letter",
            Self::NoDigit => "it has no digit",
        })
    }
}

/// A stored form of a password, which Redshift does not treat as clear text. Only the form of the text decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredPassword {
    /// `md5` and the MD5 of password and user name, in hexadecimal digits.
    Md5,
    /// `sha256|digest|salt`, both of 64 hexadecimal digits.
    Sha256,
    /// `sha256|` and a password, which Redshift hashes with its own salt.
    Sha256OfRest,
}

impl StoredPassword {
    /// The form that `text` has, if it has one.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let is_hex =
            |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text.strip_prefix("md5").is_some_and(|digest| is_hex(digest, 32)) {
            return Some(Self::Md5);
        }
        let mut parts = text.strip_prefix("sha256|")?.split('|');
        let (digest, salt, rest) = (parts.next(), parts.next(), parts.next());
        let is_stored = |part: Option<&str>| part.is_some_and(|part| is_hex(part, 64));
        Some(if is_stored(digest) && is_stored(salt) && rest.is_none() {
            Self::Sha256
        } else {
            Self::Sha256OfRest
        })
    }
}

impl fmt::Display for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "an MD5 hash",
            Self::Sha256 => "a SHA-256 hash with its salt",
            Self::Sha256OfRest => "the text after its `|`",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_error_is_the_most_helpful_one() {
        use PasswordError::{
            ByteOrderMark, Control, Forbidden, LineBreak, NoDigit, NoLowerCase, NoUpperCase,
            NotPrintableAscii, Quoted, TooLong, TooShort, WhiteSpaceAround,
        };
        let long = "Abcdefg1".repeat(8);
        let longer = format!("{long}2");
        for (password, error) in [
            ("Abcdefg1", None),
            (long.as_str(), None),
            ("!#$%&()*+,-.:;<=>?[]^_`{|}~aA1", None),
            ("\u{FEFF}Abcdefg1", Some(ByteOrderMark)),
            ("\u{FEFF}", Some(ByteOrderMark)),
            ("Abcdefg1\n", Some(LineBreak)),
            ("Abcdefg1\r\n", Some(LineBreak)),
            ("Abcdefg1\r", Some(LineBreak)),
            ("Abcdefg1 ", Some(WhiteSpaceAround)),
            ("\tAbcdefg1", Some(WhiteSpaceAround)),
            ("\nAbcdefg1", Some(WhiteSpaceAround)),
            ("Abcdefg1\u{A0}", Some(WhiteSpaceAround)),
            ("Abcdefg1\u{2028}", Some(WhiteSpaceAround)),
            ("\"Abcdefg1\"", Some(Quoted)),
            ("'Abcdefg1'", Some(Quoted)),
            ("\u{201C}Abcdefg1\u{201D}", Some(Quoted)),
            ("\u{2018}Abcdefg1\u{2019}", Some(Quoted)),
            ("\"\"", Some(Quoted)),
            ("\"", Some(TooShort)),
            ("\"Abcdefg1'", Some(Forbidden)),
            ("Abcdef1", Some(TooShort)),
            ("", Some(TooShort)),
            ("\u{1F600}".repeat(3).as_str(), Some(TooShort)),
            (longer.as_str(), Some(TooLong)),
            ("Abcd\tefg1", Some(Control)),
            ("Abcd\0efg1", Some(Control)),
            ("Abcd\nefg1", Some(Control)),
            ("Abcd efg1", Some(NotPrintableAscii)),
            ("Äbcdefg1", Some(NotPrintableAscii)),
            ("Abcd\u{200B}efg1", Some(NotPrintableAscii)),
            ("Abcd'efg1", Some(Forbidden)),
            ("Abcd\"efg1", Some(Forbidden)),
            ("Abcd\\efg1", Some(Forbidden)),
            ("Abcd/efg1", Some(Forbidden)),
            ("Abcd@efg1", Some(Forbidden)),
            ("abcdefg1", Some(NoUpperCase)),
            ("ABCDEFG1", Some(NoLowerCase)),
            ("Abcdefgh", Some(NoDigit)),
        ] {
            assert_eq!(PasswordError::of(password), error, "{password:?}");
        }
    }

    #[test]
    fn stored_forms_are_recognized() {
        use StoredPassword::{Md5, Sha256, Sha256OfRest};
        let digest = "821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2";
        let salt = "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6";
        for (text, form) in [
            // The vectors of the page.
            ("md5153c434b4b77c89e6b94f12c5393af5b".to_owned(), Some(Md5)),
            (format!("sha256|{digest}|{salt}"), Some(Sha256)),
            ("sha256|Mypassword1".to_owned(), Some(Sha256OfRest)),
            ("md5153C434B4B77C89E6B94F12C5393AF5B".to_owned(), Some(Md5)),
            ("sha256|".to_owned(), Some(Sha256OfRest)),
            (format!("sha256|{digest}"), Some(Sha256OfRest)),
            (format!("sha256|{digest}|{}", &salt[1..]), Some(Sha256OfRest)),
            (format!("sha256|{digest}|{salt}|"), Some(Sha256OfRest)),
            (String::new(), None),
            ("md5".to_owned(), None),
            ("md5153c434b4b77c89e6b94f12c5393af5".to_owned(), None),
            ("md5153c434b4b77c89e6b94f12c5393af5b0".to_owned(), None),
            ("md5153c434b4b77c89e6b94f12c5393af5g".to_owned(), None),
            ("MD5153c434b4b77c89e6b94f12c5393af5b".to_owned(), None),
            ("153c434b4b77c89e6b94f12c5393af5b".to_owned(), None),
            ("sha256".to_owned(), None),
            (format!("SHA256|{digest}|{salt}"), None),
            (" sha256|Mypassword1".to_owned(), None),
        ] {
            assert_eq!(StoredPassword::of(&text), form, "{text:?}");
        }
    }
}

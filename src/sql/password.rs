//! Password clauses for `CREATE USER … PASSWORD` and `ALTER USER … PASSWORD`.
//!
//! Facts: <https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html>.

use std::fmt::{self, Write as _};

use askama::filters::Safe;
use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::{Identifier, Literal, LiteralError};

/// The text after `PASSWORD`: `DISABLE`, or a literal with a hash or the clear text.
/// `Debug` shows no value.
#[derive(Clone, Debug)]
pub struct PasswordClause(Option<Literal>);

impl PasswordClause {
    /// Password login is disabled.
    pub const DISABLE: Self = Self(None);

    /// `md5` followed by md5(password ‖ user name). The hash depends on the name, case included, so a renamed
    /// user needs a new one.
    ///
    /// # Errors
    /// Never: a hash contains no NUL. The signature is that of its siblings.
    pub fn md5(password: &str, user: &Identifier) -> Result<Self, LiteralError> {
        let mut hasher = Md5::new();
        hasher.update(password.as_bytes());
        hasher.update(user.as_str().as_bytes());
        Literal::new(&format!("md5{}", hex(&hasher.finalize()))).map(|hash| Self(Some(hash)))
    }

    /// `sha256|digest|salt`.
    ///
    /// The salt is derived from the password, the user and `context` (the host) instead of being random, so that the same
    /// payload gives the same script byte for byte. It differs for every user and host, as a salt must. It does not help
    /// an attacker, who could test a guess with the digest next to it.
    ///
    /// # Errors
    /// Never: a hash contains no NUL. The signature is that of its siblings.
    pub fn sha256(password: &str, user: &Identifier, context: &str) -> Result<Self, LiteralError> {
        let mut hasher = Sha256::new();
        for part in ["bootshift sha256 salt 1", context, user.as_str(), password] {
            hasher.update(part.len().to_be_bytes());
            hasher.update(part.as_bytes());
        }
        let salt: [u8; 32] = hasher.finalize().into();
        Literal::new(&sha256_with_salt(password, &salt)).map(|hash| Self(Some(hash)))
    }

    /// The clear text.
    ///
    /// # Errors
    /// It contains NUL.
    pub fn plain(password: &str) -> Result<Self, LiteralError> {
        Literal::new(password).map(|literal| Self(Some(literal)))
    }

    /// Whether it contains a password or its hash.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.0.is_some()
    }

    /// The clause for a template.
    #[must_use]
    pub(crate) const fn sql(&self) -> Safe<&Self> {
        Safe(self)
    }
}

impl fmt::Display for PasswordClause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(literal) => literal.fmt(f),
            None => f.write_str("DISABLE"),
        }
    }
}

/// Redshift's stored form of a SHA-256 password: `sha256|` + SHA-256(password ‖ salt) + `|` + salt, both in hex.
#[must_use]
pub fn sha256_with_salt(password: &str, salt: &[u8; 32]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(password.as_bytes());
    hasher.update(salt);
    format!("sha256|{}|{}", hex(&hasher.finalize()), hex(salt))
}

/// Bytes in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    /// The vectors of the `CREATE USER` page.
    #[test]
    fn hashes_match_the_documented_vectors() {
        assert_eq!(
            PasswordClause::md5("ez", &user("user1")).unwrap().to_string(),
            "'md5153c434b4b77c89e6b94f12c5393af5b'"
        );
        let mut salt = [0; 32];
        let text = "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6";
        for (byte, pair) in salt.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        }
        assert_eq!(
            sha256_with_salt("Mypassword1", &salt),
            format!("sha256|821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2|{text}")
        );
    }

    #[test]
    fn sha256_salt_is_stable_and_differs_by_user_host_and_password() {
        let form = |p: &str, u: &str, h: &str| PasswordClause::sha256(p, &user(u), h).unwrap().to_string();
        let base = form("Secret123", "u", "h");
        assert_eq!(base, form("Secret123", "u", "h"));
        for other in [form("Secret124", "u", "h"), form("Secret123", "v", "h"), form("Secret123", "u", "i")] {
            assert_ne!(base.rsplit('|').next(), other.rsplit('|').next());
        }
    }

    #[test]
    fn debug_shows_no_password() {
        assert!(!format!("{:?}", PasswordClause::plain("hunter22").unwrap()).contains("hunter"));
    }
}

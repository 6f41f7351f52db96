//! Stores and checks passwords.
//!
//! PostgreSQL stores `md5…` unchanged. It does not support Redshift's `sha256|digest|salt`, so that is stored in the form
//! of a SCRAM verifier, which PostgreSQL also stores unchanged: so it is transactional, and dropped with the user.

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use sha2::Sha256;

/// A stored password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// Login with a password is disabled.
    Disabled,
    /// The 32 hexadecimal digits of md5(password ‖ user).
    Md5(String),
    /// SHA-256(password ‖ salt), with the salt.
    Sha256 { digest: Vec<u8>, salt: Vec<u8> },
}

impl Stored {
    /// Reads `pg_authid.rolpassword`.
    pub(super) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::Disabled };
        if let Some(hash) = text.strip_prefix("md5") {
            return Self::Md5(hash.to_owned());
        }
        let mut parts = text.split(['$', ':']).skip(2).map(|part| STANDARD.decode(part));
        match (parts.next(), parts.next()) {
            (Some(Ok(salt)), Some(Ok(digest))) => Self::Sha256 { digest, salt },
            _ => Self::Disabled,
        }
    }

    /// The text in the quotes of PostgreSQL's `PASSWORD '…'`.
    pub(super) fn write(&self) -> Option<String> {
        match self {
            Self::Disabled => None,
            Self::Md5(hash) => Some(format!("md5{hash}")),
            Self::Sha256 { digest, salt } => Some(format!(
                "SCRAM-SHA-256$4096:{}${}:{}",
                STANDARD.encode(salt),
                STANDARD.encode(digest),
                STANDARD.encode([0; 32])
            )),
        }
    }

    pub(super) fn sha256(password: &str, salt: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(password.as_bytes()).chain_update(salt).finalize();
        Self::Sha256 { digest: digest.to_vec(), salt: salt.to_vec() }
    }

    pub(super) fn md5(password: &str, user: &str) -> Self {
        Self::Md5(md5_hex(&[password.as_bytes(), user.as_bytes()]))
    }
}

/// Checks the response to code 5.
pub(super) fn is_md5_answer(hash: &str, salt: [u8; 4], answer: &str) -> bool {
    answer == format!("md5{}", md5_hex(&[hash.as_bytes(), &salt]))
}

/// Checks the response to code 13: SHA-256(digest ‖ server nonce ‖ client nonce).
pub(super) fn is_sha256_answer(
    digest: &[u8],
    server_nonce: &[u8],
    client_nonce: &[u8],
    answer: &[u8],
) -> bool {
    let proof =
        Sha256::new().chain_update(digest).chain_update(server_nonce).chain_update(client_nonce).finalize();
    answer == proof.as_slice()
}

fn md5_hex(parts: &[&[u8]]) -> String {
    let mut hasher = Md5::new();
    for part in parts {
        hasher.update(part);
    }
    hex(&hasher.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// Bytes that vary; good enough for tests.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        chunk.copy_from_slice(&RandomState::new().hash_one(0).to_be_bytes()[..chunk.len()]);
    }
    bytes
}

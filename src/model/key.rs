//! A user API key in its two forms: the secret, and the print of it that may be stored.

use std::fmt::{self, Debug};

use secrecy::{ExposeSecret, SecretString};

use super::hex;

/// What is wrong with a key, or with the hash of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not the shape of a key.
    #[error("a user API key is 32 lower-case hexadecimal digits")]
    Plain,
    /// Not the shape of a stored hash.
    #[error("a key hash is 64 lower-case hexadecimal digits")]
    Hash,
}

/// A user API key in clear: 128 bits as 32 lower-case hexadecimal digits (`security.md K1`).
///
/// It lives between its making and its encryption, or while one request is looked at; it cannot be printed, and its
/// memory is wiped on drop (`security.md H6`).
pub struct PlainKey(SecretString);

impl PlainKey {
    /// A key as a request carries it. Any other shape is refused here, so that a wrong one costs no query.
    ///
    /// # Errors
    /// When the text is anything but 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let shaped = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if shaped { Ok(Self(SecretString::from(text))) } else { Err(KeyError::Plain) }
    }

    /// The key of these 128 random bits.
    #[must_use]
    pub fn from_bits(bits: &[u8; 16]) -> Self {
        Self(SecretString::from(hex::encode(bits)))
    }

    /// The secret itself: to hash it, or to put it into a payload. Never into a log or the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Debug for PlainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainKey(…)")
    }
}

/// SHA-256 of a key's 32 characters: what is stored and looked up by (`security.md K2`, `K3`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyHash(String);

impl KeyHash {
    /// The hash with these bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(hex::encode(bytes))
    }

    /// A hash as the database keeps it.
    ///
    /// # Errors
    /// When the text is anything but 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        hex::decode::<32>(text).map(|bytes| Self::from_bytes(&bytes)).ok_or(KeyError::Hash)
    }

    /// 64 lower-case hexadecimal digits, as the database keeps them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyHash({})", self.0)
    }
}

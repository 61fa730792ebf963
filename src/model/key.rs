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
        PresentedKey::parse(text).map(|key| Self(SecretString::from(key.0)))
    }

    /// The key of these 128 random bits.
    #[must_use]
    pub fn from_bits(bits: &[u8; 16]) -> Self {
        Self(SecretString::from(hex::encode(bits)))
    }

    /// The first characters, which may be kept and shown for people to tell keys apart (`security.md K2`).
    #[must_use]
    pub fn start(&self) -> String {
        self.expose().chars().take(4).collect()
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

/// A key in clear as it stands in somebody's request: looked at where it is and never copied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PresentedKey<'a>(&'a str);

impl<'a> PresentedKey<'a> {
    /// Any other shape than a key's is refused here, so that a wrong one costs no look-up (`security.md K1`).
    ///
    /// # Errors
    /// When the text is anything but 32 lower-case hexadecimal digits.
    pub fn parse(text: &'a str) -> Result<Self, KeyError> {
        // Without a way out in the middle, so that all bytes are looked at together.
        let digits = text.bytes().fold(true, |all, byte| all & matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 32 && digits { Ok(Self(text)) } else { Err(KeyError::Plain) }
    }

    /// The secret itself, to hash it.
    #[must_use]
    pub const fn expose(self) -> &'a str {
        self.0
    }
}

impl<'a> From<&'a PlainKey> for PresentedKey<'a> {
    fn from(key: &'a PlainKey) -> Self {
        Self(key.expose())
    }
}

impl Debug for PresentedKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PresentedKey(…)")
    }
}

/// SHA-256 of a key's 32 characters: what is stored and looked up by (`security.md K2`, `K3`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A hash as the database keeps it.
    ///
    /// # Errors
    /// When the text is anything but 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        hex::decode::<32>(text).map(Self).ok_or(KeyError::Hash)
    }

    /// 64 lower-case hexadecimal digits, as the database keeps them.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// 128 of its bits. Whoever wants to meet those of another key has to try as many keys as there are, so they tell keys
    /// apart as well as the whole does.
    #[must_use]
    pub fn half(&self) -> u128 {
        u128::from_le_bytes(self.0.first_chunk().copied().unwrap_or_default())
    }
}

impl Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyHash({})", self.to_hex())
    }
}

//! The prints of secrets that are kept in the database in their place.
//!
//! All are 128 random bits or more, so a slow hash would only slow us down (`security.md K2`).

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::model::{KeyHash, OneTimePassword, PresentedKey, hex};

/// SHA-256 over the 32 characters of the key.
#[must_use]
pub fn hash_key<'a>(key: impl Into<PresentedKey<'a>>) -> KeyHash {
    KeyHash::from_bytes(Sha256::digest(key.into().expose()).into())
}

/// SHA-256 over the characters of a sign-in's token, as 64 lower-case hexadecimal digits.
#[must_use]
pub fn hash_token(token: &SecretString) -> String {
    hex::encode(&Sha256::digest(token.expose_secret()))
}

/// SHA-256 over the characters of a one-time password, as 64 lower-case hexadecimal digits.
#[must_use]
pub fn hash_one_time_password(password: &OneTimePassword) -> String {
    hex::encode(&Sha256::digest(password.expose()))
}

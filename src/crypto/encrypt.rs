//! Encrypting a payload so that only the application can read it.

use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, Pkcs1v15Encrypt};
use sha1::Sha1;
use sha2::Sha256;

use super::PublicKey;
use crate::model::Padding;

/// Why a payload could not be encrypted.
#[derive(Debug, thiserror::Error)]
pub enum EncryptError {
    /// The plaintext does not fit (`C-067`).
    #[error(
        "Payload too large for {padding}: this public key holds at most {capacity} bytes and the payload has {bytes}. \
         Use a shorter nonce or a larger RSA key (2048 bits or more)."
    )]
    TooLarge {
        /// The padding asked for.
        padding: Padding,
        /// Bytes the key holds with that padding.
        capacity: usize,
        /// Bytes of the plaintext.
        bytes: usize,
    },
    /// The arithmetic failed; not the sender's fault as far as we know.
    #[error("RSA encryption failed")]
    Rsa(#[from] rsa::Error),
}

impl PublicKey {
    /// Bytes of plaintext that one block holds with this padding (`C-079`, `security.md H3`).
    #[must_use]
    pub fn capacity(&self, padding: Padding) -> usize {
        self.key.size().saturating_sub(padding.overhead())
    }

    /// One block of ciphertext, as long as the modulus (`C-078`, `security.md H2`).
    ///
    /// The padding's randomness is always the operating system's, also in tests: a repeated one would give the
    /// plaintext away.
    ///
    /// # Errors
    /// [`EncryptError::TooLarge`] when the plaintext has more bytes than [`PublicKey::capacity`].
    pub fn encrypt(&self, padding: Padding, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        let (capacity, bytes) = (self.capacity(padding), plaintext.len());
        if bytes > capacity {
            return Err(EncryptError::TooLarge { padding, capacity, bytes });
        }
        Ok(match padding {
            Padding::Pkcs1 => self.key.encrypt(&mut OsRng, Pkcs1v15Encrypt, plaintext)?,
            Padding::Oaep => self.key.encrypt(&mut OsRng, Oaep::new::<Sha1>(), plaintext)?,
            Padding::OaepSha256 => self.key.encrypt(&mut OsRng, Oaep::new::<Sha256>(), plaintext)?,
        })
    }
}

//! The application's side of the cipher: the pair a site encrypts to, and the decryption.
//!
//! For the command line alone, on the user's own machine; the service never comes here (`security.md H8`). Decryption
//! is blinded all the same, because the crate's arithmetic takes a time that depends on the key (RUSTSEC-2023-0071).

use std::fmt::{self, Debug};

use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, Pkcs1v15Encrypt, RsaPrivateKey};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::model::Padding;

/// Why there is no key pair.
#[derive(Debug, thiserror::Error)]
pub enum KeyPairError {
    /// The arithmetic failed, as it does for absurd sizes.
    #[error("no RSA key pair can be made")]
    Rsa(#[from] rsa::Error),
    /// The public half could not be written down.
    #[error("the RSA public key cannot be written as PEM")]
    Pem(#[from] rsa::pkcs8::spki::Error),
}

/// Why a ciphertext stays closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// A block has exactly as many bytes as the modulus.
    #[error("it has {bytes} bytes and must have {expected}: a part is missing, or it was made for another key")]
    Length {
        /// Bytes it has.
        bytes: usize,
        /// Bytes of the modulus.
        expected: usize,
    },
    /// It opens to no padding of the kind asked for.
    #[error("it does not open with {0}: it was made with another padding or for another key")]
    Padding(Padding),
}

/// An RSA key pair; the private half never leaves it.
pub struct KeyPair {
    key: RsaPrivateKey,
    public_pem: String,
}

impl KeyPair {
    /// A new pair with a modulus of so many bits. 2048 take a fifth of a second.
    ///
    /// # Errors
    /// When the size is absurd.
    pub fn generate(bits: usize) -> Result<Self, KeyPairError> {
        let key = RsaPrivateKey::new(&mut OsRng, bits)?;
        let public_pem = key.to_public_key().to_public_key_pem(LineEnding::LF)?;
        Ok(Self { key, public_pem })
    }

    /// The public half: SPKI in PEM, lines of 64 characters with LF.
    #[must_use]
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    /// Bytes of every ciphertext for this pair.
    #[must_use]
    pub fn block_bytes(&self) -> usize {
        self.key.size()
    }

    /// What was encrypted to the public half, wiped from memory when dropped (`C-078`).
    ///
    /// # Errors
    /// [`DecryptError::Length`] when it is no block for this pair, [`DecryptError::Padding`] when it does not open.
    pub fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let (bytes, expected) = (ciphertext.len(), self.block_bytes());
        if bytes != expected {
            return Err(DecryptError::Length { bytes, expected });
        }
        let opened = match padding {
            Padding::Pkcs1 => self.key.decrypt_blinded(&mut OsRng, Pkcs1v15Encrypt, ciphertext),
            Padding::Oaep => self.key.decrypt_blinded(&mut OsRng, Oaep::new::<Sha1>(), ciphertext),
            Padding::OaepSha256 => self.key.decrypt_blinded(&mut OsRng, Oaep::new::<Sha256>(), ciphertext),
        };
        // Whatever the crate's reason, the person can only look at padding and key.
        opened.map(Zeroizing::new).or(Err(DecryptError::Padding(padding)))
    }
}

impl Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyPair")
    }
}

#[cfg(test)]
mod tests {
    use rsa::RsaPublicKey;
    use rsa::pkcs8::DecodePublicKey;

    use super::*;

    fn to(pair: &KeyPair, padding: Padding, text: &[u8]) -> Vec<u8> {
        let key = RsaPublicKey::from_public_key_pem(pair.public_pem()).unwrap();
        match padding {
            Padding::Pkcs1 => key.encrypt(&mut OsRng, Pkcs1v15Encrypt, text).unwrap(),
            Padding::Oaep => key.encrypt(&mut OsRng, Oaep::new::<Sha1>(), text).unwrap(),
            Padding::OaepSha256 => key.encrypt(&mut OsRng, Oaep::new::<Sha256>(), text).unwrap(),
        }
    }

    #[test]
    fn each_padding_opens_with_itself_and_with_no_other_c078() {
        let pair = KeyPair::generate(1024).unwrap();
        let all = [Padding::Pkcs1, Padding::Oaep, Padding::OaepSha256];
        for made in all {
            let block = to(&pair, made, b"text");
            for asked in all {
                let opened = pair.decrypt(asked, &block);
                assert_eq!(opened.is_ok_and(|text| *text == *b"text"), made == asked, "{made} with {asked}");
            }
        }
    }

    #[test]
    fn a_block_for_another_pair_and_a_cut_one_stay_closed() {
        let (pair, other) = (KeyPair::generate(1024).unwrap(), KeyPair::generate(1024).unwrap());
        let block = to(&other, Padding::Oaep, b"text");
        assert_eq!(pair.decrypt(Padding::Oaep, &block).unwrap_err(), DecryptError::Padding(Padding::Oaep));
        let cut = DecryptError::Length { bytes: 127, expected: 128 };
        assert_eq!(pair.decrypt(Padding::Oaep, &block[1..]).unwrap_err(), cut);
    }
}

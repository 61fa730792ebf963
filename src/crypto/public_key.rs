//! The public key an application sends, and every reason to refuse it.

use rsa::BigUint;
use rsa::pkcs1::{self, ALGORITHM_OID};
use rsa::pkcs8::{EncodePublicKey, SubjectPublicKeyInfoRef};
use sha2::{Digest, Sha256};

use super::armor;
use crate::model::Fingerprint;

const MAX_TEXT_BYTES: usize = 4096;
const LEAST_BITS: u16 = 1024;
const MOST_BITS: u16 = 8192;

/// Why a public key was refused, in words for the application's author; to be led by the name of the parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// More than 4,096 bytes.
    #[error("it is longer than 4096 bytes: send one RSA public key in PEM form and nothing else")]
    TooLong,
    /// A private key. Whoever sends one should know that it is burnt.
    #[error("it holds a private key: never send it to anyone, make a new pair and send only the public half")]
    Private,
    /// A certificate, or a request for one.
    #[error("it holds a certificate: send the key alone (openssl x509 -pubkey -noout -in FILE)")]
    Certificate,
    /// A key of another kind: elliptic curve, Ed25519, DSA, RSA-PSS.
    #[error("it is not an RSA encryption key: make an RSA key pair (EC, Ed25519 and RSA-PSS keys cannot be used)")]
    NotRsa,
    /// No BEGIN and END line.
    #[error("it is not PEM: it needs a line -----BEGIN PUBLIC KEY-----, base64, and the matching END line")]
    NotPem,
    /// Spaces inside: `+` and newline were not escaped in a URL.
    #[error(
        "it has spaces where plus signs or line breaks were: in a URL escape '+' as %2B and newline as %0A \
         (an unescaped '+' arrives as a space)"
    )]
    Spaces,
    /// Characters between the lines that are no base64.
    #[error("it holds no valid base64 between its BEGIN and END lines ({0}): was a part cut off or escaped twice?")]
    Base64(base64::DecodeError),
    /// Base64, but of something else.
    #[error("it is damaged: its content is no RSA key in SPKI or PKCS#1 form; was a part cut off?")]
    Damaged,
    /// Factorable.
    #[error("it has {bits} bits and at least {least} are asked for: make a larger RSA key")]
    TooSmall {
        /// Bits it has.
        bits: u16,
        /// Bits it needs.
        least: u16,
    },
    /// Too costly.
    #[error("it has more than 8192 bits: make a smaller RSA key")]
    TooLarge,
    /// An even modulus: no product of two odd primes.
    #[error("it is not a usable RSA key: its modulus is even")]
    EvenModulus,
    /// 1 encrypts nothing, an even one cannot be undone, a huge one only costs time.
    #[error("it has an unusable exponent: it must be odd, at least 3 and below 2^33; use 65537")]
    Exponent,
}

/// An RSA public key that a payload may be encrypted to (`C-082`, `security.md H1`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    pub(super) key: rsa::RsaPublicKey,
    bits: u16,
    fingerprint: Fingerprint,
}

impl PublicKey {
    /// A key in PEM, SPKI or PKCS#1, with any line ends and widths. `min_bits` is the operator's; below 1024 it
    /// counts as 1024.
    ///
    /// Sizes are checked on the bytes, before any arithmetic, so that a hostile key costs no more than a good one.
    ///
    /// # Errors
    /// One variant for each thing that can be wrong; nothing is repaired.
    pub fn parse(text: &str, min_bits: u16) -> Result<Self, PublicKeyError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(PublicKeyError::TooLong);
        }
        // A `+` lost at the end of a line passes for trailing white space until here.
        let blame = |error| if text.contains(" \n") || text.contains(" \r\n") { PublicKeyError::Spaces } else { error };
        let der = armor::public_der(text).map_err(|error| match error {
            PublicKeyError::Base64(_) => blame(error),
            error => error,
        })?;
        let (modulus, exponent) = numbers(&der).map_err(|error| match error {
            PublicKeyError::Damaged => blame(error),
            error => error,
        })?;
        Self::from_numbers(&modulus, &exponent, min_bits.max(LEAST_BITS))
    }

    fn from_numbers(modulus: &[u8], exponent: &[u8], least: u16) -> Result<Self, PublicKeyError> {
        let bits = bit_length(modulus).ok_or(PublicKeyError::TooLarge)?;
        if bits < least {
            return Err(PublicKeyError::TooSmall { bits, least });
        }
        if even(modulus) {
            return Err(PublicKeyError::EvenModulus);
        }
        // 2^33 and more has at least five bytes; `new_with_max_size` looks at the exact bound.
        if even(exponent) || exponent == [1] || exponent.len() > 5 {
            return Err(PublicKeyError::Exponent);
        }
        let (n, e) = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
        let key = rsa::RsaPublicKey::new_with_max_size(n, e, MOST_BITS.into()).or(Err(PublicKeyError::Exponent))?;
        let spki = key.to_public_key_der().or(Err(PublicKeyError::Damaged))?;
        let fingerprint = Fingerprint::from_bytes(Sha256::digest(spki.as_bytes()).into());
        Ok(Self { key, bits, fingerprint })
    }

    /// Bits of the modulus, 1024 to 8192.
    #[must_use]
    pub const fn bits(&self) -> u16 {
        self.bits
    }

    /// The print of the key, the same for each PEM shape of it.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

/// Modulus and exponent, big-endian without leading zeros. By hand as far as the two numbers, because the SPKI reader
/// of `rsa` stops at 4096 bits.
fn numbers(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>), PublicKeyError> {
    let inner = match SubjectPublicKeyInfoRef::try_from(der) {
        Ok(spki) if spki.algorithm.oid == ALGORITHM_OID => spki.subject_public_key.raw_bytes(),
        Ok(_) => return Err(PublicKeyError::NotRsa),
        Err(_) => der,
    };
    let key = pkcs1::RsaPublicKey::try_from(inner).or(Err(PublicKeyError::Damaged))?;
    Ok((key.modulus.as_bytes().to_vec(), key.public_exponent.as_bytes().to_vec()))
}

/// `None` when there are more than 8192.
fn bit_length(modulus: &[u8]) -> Option<u16> {
    let leading = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = u32::try_from(modulus.len()).ok()?.checked_mul(8)?.checked_sub(leading)?;
    u16::try_from(bits).ok().filter(|bits| *bits <= MOST_BITS)
}

fn even(number: &[u8]) -> bool {
    number.last().is_none_or(|byte| byte.is_multiple_of(2))
}

//! The print of an application's public key: what pages show and the database keeps.

use std::fmt::{self, Debug, Display};

use super::hex;

/// What is wrong with a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 64 lower-case hexadecimal digits")]
pub struct FingerprintError;

/// SHA-256 over the SPKI DER of a public key. The same key in two PEM shapes has one fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint with these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A fingerprint from its full hexadecimal form, as the database keeps it.
    ///
    /// # Errors
    /// When the text is anything but 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, FingerprintError> {
        hex::decode(text).map(Self).ok_or(FingerprintError)
    }

    /// All 64 hexadecimal digits without spaces: for the database, logs and the API.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// The first 64 bits in groups of four digits, for pages: `7f3a 91c2 5b0e d4f8`.
    #[must_use]
    pub fn short(&self) -> String {
        self.groups().take(4).collect::<Vec<_>>().join(" ")
    }

    fn groups(&self) -> impl Iterator<Item = String> {
        self.0.as_chunks::<2>().0.iter().map(|pair| hex::encode(pair))
    }
}

/// All of it in groups of four digits, for a person who compares two of them.
impl Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.groups().collect::<Vec<_>>().join(" "))
    }
}

impl Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({})", self.to_hex())
    }
}

//! A one-time password: whoever has it signs in as its user, once.

use std::fmt::{self, Debug};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::hex;

/// What is wrong with a one-time password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a one-time password is 32 lower-case hexadecimal digits")]
pub struct OneTimePasswordError;

/// A one-time password in clear: 128 bits as 32 lower-case hexadecimal digits (`C-233`).
///
/// It is a whole session, so it is kept like a key: it cannot be printed, its memory is wiped on drop, and only its hash
/// is stored.
pub struct OneTimePassword(SecretString);

impl OneTimePassword {
    /// How long it is good.
    pub const LIFE: Duration = Duration::from_mins(10);

    /// A one-time password as an address carries it. Any other shape is refused here and costs no look-up.
    ///
    /// # Errors
    /// When the text is anything but 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, OneTimePasswordError> {
        hex::decode::<16>(text).map(|bits| Self::from_bits(&bits)).ok_or(OneTimePasswordError)
    }

    /// The one-time password of these 128 random bits.
    #[must_use]
    pub fn from_bits(bits: &[u8; 16]) -> Self {
        Self(SecretString::from(hex::encode(bits)))
    }

    /// The secret itself: to hash it, or to encrypt it. Never into a log or the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Debug for OneTimePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimePassword(…)")
    }
}

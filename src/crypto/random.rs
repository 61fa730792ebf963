//! Chance, handed in everywhere so that a test can repeat it.

use std::fmt::{self, Debug};
use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::model::{OneTimePassword, PlainKey, hex};

/// A source of random bytes, shared between threads.
pub struct Random(Source);

enum Source {
    /// The thread's own generator of `rand`, seeded and reseeded by the operating system: no lock.
    Os,
    Seeded(Box<Mutex<StdRng>>),
}

impl Random {
    /// The source for service: cryptographically secure, seeded by the operating system.
    #[must_use]
    pub const fn from_os() -> Self {
        Self(Source::Os)
    }

    /// A source for tests: the same seed gives the same bytes.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Box::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Fills the buffer with random bytes.
    pub fn fill(&self, buffer: &mut [u8]) {
        match &self.0 {
            Source::Os => fill_from_os(buffer),
            Source::Seeded(rng) => rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer),
        }
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// `N` random bytes as `2 * N` lower-case hexadecimal digits.
    #[must_use]
    pub fn hex<const N: usize>(&self) -> String {
        hex::encode(&self.bytes::<N>())
    }

    /// A new token of a sign-in: 256 bits as 64 hexadecimal digits (`security.md W4`).
    #[must_use]
    pub fn token(&self) -> SecretString {
        SecretString::from(self.hex::<32>())
    }

    /// A new user API key (`security.md K1`).
    #[must_use]
    pub fn plain_key(&self) -> PlainKey {
        PlainKey::from_bits(&Zeroizing::new(self.bytes()))
    }

    /// A new one-time password (`C-233`).
    #[must_use]
    pub fn one_time_password(&self) -> OneTimePassword {
        OneTimePassword::from_bits(&Zeroizing::new(self.bytes()))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks; everybody else asks Random")]
fn fill_from_os(buffer: &mut [u8]) {
    rand::rng().fill_bytes(buffer);
}

impl Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::Os => "Random(from_os)",
            Source::Seeded(_) => "Random(seeded)",
        })
    }
}

//! Hashes of keys that are not in the database: so that asking again and again for the same one costs no look-up
//! (`security.md L4`). Bounded in number and in time.

use std::fmt::{self, Debug};
use std::time::Duration;

use super::generations::Generations;
use crate::model::{KeyHash, Timestamp};

/// How many are remembered.
const MOST: usize = 10_000;

/// For how long. Nobody can make a key that has a given hash, so this only bounds how long a key that another process
/// restores from a backup would stay unknown.
const REMEMBERED: Duration = Duration::from_secs(10);

/// Hashes that were looked up in vain, with the instants.
pub struct UnknownKeys(Generations<Timestamp>);

impl Default for UnknownKeys {
    fn default() -> Self {
        Self(Generations::new(MOST))
    }
}

impl UnknownKeys {
    /// Whether the hash was looked up in vain a moment ago.
    #[must_use]
    pub fn contains(&self, hash: &KeyHash, now: Timestamp) -> bool {
        self.0.get(hash, |then| now.since(*then) < REMEMBERED).unwrap_or_default()
    }

    /// Remembers that a look-up was in vain.
    pub fn insert(&self, hash: KeyHash, now: Timestamp) {
        self.0.insert(&hash, now);
    }
}

impl Debug for UnknownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownKeys({} of {MOST})", self.0.count())
    }
}

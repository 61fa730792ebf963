//! Many small locks in place of one.

use std::sync::{Mutex, MutexGuard, PoisonError};

const SHARDS: u64 = 256;

/// Parts of a table, each under its own lock.
#[derive(Debug)]
pub(super) struct Shards<T>(Box<[Mutex<T>]>);

impl<T: Default> Default for Shards<T> {
    fn default() -> Self {
        Self((0..SHARDS).map(|_| Mutex::default()).collect())
    }
}

impl<T> Shards<T> {
    /// The part that this number belongs to.
    #[expect(clippy::indexing_slicing, reason = "the remainder is below the number of shards")]
    pub(super) fn lock(&self, number: u64) -> MutexGuard<'_, T> {
        hold(&self.0[usize::try_from(number % SHARDS).unwrap_or(0)])
    }

    /// Each part, to be locked one after the other.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Mutex<T>> {
        self.0.iter()
    }
}

/// Locks; what a panicking thread left is a window with one request more or less, and no reason to refuse everybody.
pub(super) fn hold<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

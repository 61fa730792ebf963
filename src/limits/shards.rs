//! Many small locks in place of one, for tables of windows and for that of the keys that are known.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many do where nothing else is said.
const USUAL: usize = 256;

/// What any machine can count to.
const LOW: u64 = 0xffff_ffff;

/// Parts of a table, each under its own lock.
#[derive(Debug)]
pub(crate) struct Shards<T>(Box<[Mutex<T>]>);

impl<T: Default> Default for Shards<T> {
    fn default() -> Self {
        Self::at_most(USUAL)
    }
}

impl<T: Default> Shards<T> {
    /// So many parts at most, and one at least; a power of two, so that none is found by a division.
    pub(crate) fn at_most(count: usize) -> Self {
        Self((0..1_usize << count.max(1).ilog2()).map(|_| Mutex::default()).collect())
    }
}

impl<T> Shards<T> {
    /// The part that this number belongs to.
    #[expect(clippy::indexing_slicing, reason = "it is below the number of parts, of which there is one at least")]
    pub(crate) fn lock(&self, number: u64) -> MutexGuard<'_, T> {
        hold(&self.0[usize::try_from(number & LOW).unwrap_or(0) & (self.0.len() - 1)])
    }

    /// Each part, to be locked one after the other.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Mutex<T>> {
        self.0.iter()
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.0.len()
    }
}

/// Locks; what a panicking thread left is a window with one request more or less, or a key that has to be looked up, and no reason to
/// refuse everybody.
pub(crate) fn hold<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

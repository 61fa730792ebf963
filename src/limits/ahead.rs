//! Memory that is asked for before it is needed.
//!
//! A processor waits for each place in memory that none of its caches holds, and what it waits for one after the other adds up
//! (`docs/design/0006-the-hot-path.md`). What is asked for ahead of need comes meanwhile. To ask is a hint: it waits for nothing and
//! changes nothing.

use std::ops::Deref;

use prefetch_index::prefetch_index;

/// What a processor fetches from memory at a time, in bytes.
const LINE: usize = 64;

/// A value that can be asked for ahead of need without looking at it: what is in a lock, without the lock.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Ahead<T> {
    /// Where the value begins.
    start: [u8; 0],
    value: T,
}

impl<T> Ahead<T> {
    /// Asks for the value, but for what it points to.
    pub(crate) fn fetch(&self) {
        fetch(&self.start, size_of::<T>());
    }
}

impl<T> Deref for Ahead<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Asks for so many bytes, from where these begin.
pub(crate) fn fetch(start: &[u8], length: usize) {
    let last = length.checked_sub(1);
    (0..length).step_by(LINE).chain(last).for_each(|place| prefetch_index(start, place));
}

#[cfg(test)]
mod tests {
    use std::ptr::from_ref;

    use super::*;

    #[test]
    fn what_is_asked_for_is_where_the_value_is() {
        let held = Ahead::<[u64; 20]>::default();
        assert_eq!(from_ref(&held.start).addr(), from_ref(&*held).addr());
    }
}

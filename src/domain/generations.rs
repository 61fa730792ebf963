//! A bounded table for what is asked for again and again.
//!
//! It has two generations. What is new is young, and what is found among the old is young again; when there is no room for more
//! young the old are forgotten, and the young are the old. So what was asked for lately stays, and nothing is written down about
//! who asked for what: a look-up goes to two places in memory, the table and what is found in it, because with thousands
//! in use each place is one to wait for (`docs/design/0006-the-hot-path.md`).

use std::mem;

use rustc_hash::FxHashMap;

use crate::limits::{Shards, hold};
use crate::model::KeyHash;

/// How many of a part may be young, at least: fewer would fill too unevenly. Not many more either: those of one part are forgotten at once,
/// by whoever happens to ask.
const LEAST: usize = 100;

/// Values by the hashes of keys.
#[derive(Debug)]
pub(super) struct Generations<V> {
    parts: Shards<Part<V>>,
    /// How many of a part may be young.
    room: usize,
}

#[derive(Debug)]
struct Part<V> {
    young: FxHashMap<u128, V>,
    old: FxHashMap<u128, V>,
}

impl<V> Default for Part<V> {
    fn default() -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default() }
    }
}

impl<V> Generations<V> {
    /// Room for no more than so many. Of half as many in use at a time, or a little fewer, none is forgotten.
    pub(super) fn new(most: usize) -> Self {
        let parts = Shards::at_most(most / (2 * LEAST));
        Self { room: most / 2 / parts.count(), parts }
    }

    /// What `read` says of what there is of this key, under a lock.
    pub(super) fn get<R>(&self, hash: &KeyHash, read: impl FnOnce(&V) -> R) -> Option<R> {
        let half = hash.half();
        let mut part = self.parts.lock(place(half));
        if let Some(found) = part.young.get(&half) {
            return Some(read(found));
        }
        let found = part.old.remove(&half)?;
        let said = read(&found);
        let forgotten = part.insert(half, found, self.room);
        drop(part);
        drop(forgotten);
        Some(said)
    }

    /// Holds this in place of what there was of the key.
    pub(super) fn insert(&self, hash: &KeyHash, value: V) {
        let half = hash.half();
        let forgotten = self.parts.lock(place(half)).insert(half, value, self.room);
        drop(forgotten);
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.parts.iter().map(|part| hold(part).count()).sum()
    }

    /// How many there may be.
    pub(super) fn room(&self) -> usize {
        2 * self.room * self.parts.count()
    }
}

impl<V> Part<V> {
    /// What is forgotten for it is given back, to be dropped when the lock is free: it may be many.
    #[must_use]
    fn insert(&mut self, half: u128, value: V, room: usize) -> FxHashMap<u128, V> {
        let forgotten = if self.young.len() < room || self.young.contains_key(&half) {
            FxHashMap::default()
        } else {
            mem::replace(&mut self.old, mem::take(&mut self.young))
        };
        self.old.remove(&half);
        self.young.insert(half, value);
        forgotten
    }

    fn count(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

/// The number of the part.
fn place(half: u128) -> u64 {
    u64::try_from(half >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: usize) -> KeyHash {
        let mut bytes = [0; 32];
        bytes[8..16].copy_from_slice(&number.to_le_bytes());
        KeyHash::from_bytes(bytes)
    }

    fn filled(most: usize, count: usize) -> Generations<usize> {
        let table = Generations::new(most);
        (0..count).for_each(|number| table.insert(&hash(number), number));
        table
    }

    #[test]
    fn there_are_never_more_than_there_is_room_for_l6() {
        for most in [100, 101, 12_345] {
            let table = filled(most, 3 * most);
            assert!(table.room() <= most && table.count() <= table.room(), "{} of {most}", table.count());
            assert!(table.count() >= table.room() / 2, "{} of {most}", table.count());
        }
    }

    #[test]
    fn what_is_asked_for_stays_while_others_come_and_go() {
        let table = filled(100, 1);
        for number in 1..1000 {
            table.insert(&hash(number), number);
            assert_eq!(table.get(&hash(0), |held| *held), Some(0), "after {number}");
        }
        assert_eq!(table.get(&hash(1), |held| *held), None);
    }

    #[test]
    fn what_is_held_anew_takes_the_place_of_what_was_in_either_generation() {
        let table = filled(100, 60);
        for number in [0, 59] {
            table.insert(&hash(number), 1000);
            assert_eq!(table.get(&hash(number), |held| *held), Some(1000));
        }
        assert_eq!(table.count(), 60);
    }
}

//! The two windows of every key.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::ahead::Ahead;
use super::quota::{Quota, Shape};
use super::shards::{Shards, hold};
use super::sliding::{Sliding, Survey, between};
use super::standing::{Refused, Standing, Window, retry_after};
use crate::model::{Clock, KeyId};

/// The limits of keys: so many in any 60 seconds, and so many in any 86,400 (`C-272` to `C-275`, `security.md L1`).
///
/// Only keys that exist are to be asked about; with `sweep` what is kept is then bounded by the keys in use (`security.md L6`).
#[derive(Debug)]
pub struct KeyLimits {
    minute: Shape,
    day: Shape,
    clock: Arc<dyn Clock>,
    shards: Shards<Shard>,
}

/// The windows of one key. Who asks about the key again and again holds on to them, and no table has to be searched.
#[derive(Clone, Debug)]
pub struct KeyWindows {
    key: KeyId,
    entry: Arc<Held>,
}

type Held = Ahead<Mutex<Entry>>;

impl KeyWindows {
    /// Asks for them ahead of need.
    pub fn fetch(&self) {
        self.entry.fetch();
    }
}

#[derive(Debug, Default)]
struct Shard {
    entries: FxHashMap<KeyId, Arc<Held>>,
    /// Keys whose windows changed or went away since they were last taken.
    changed: Vec<KeyId>,
}

#[derive(Debug, Default)]
struct Entry {
    minute: Sliding,
    day: Sliding,
    changed: bool,
}

impl KeyLimits {
    /// Limits per 60 seconds and per 86,400 seconds; 0 refuses always.
    #[must_use]
    pub fn new(per_minute: u32, per_day: u32, clock: Arc<dyn Clock>) -> Self {
        let minute = Shape::of(Quota::new(per_minute, Duration::from_mins(1)));
        let day = Shape::of(Quota::new(per_day, Duration::from_hours(24)));
        Self { minute, day, clock, shards: Shards::default() }
    }

    /// The windows of this key. While somebody holds on to them they stay the ones that this key has, unless it is forgotten.
    #[must_use]
    pub fn windows(&self, key: KeyId) -> KeyWindows {
        let mut shard = self.shards.lock(number(key));
        KeyWindows { key, entry: Arc::clone(shard.entries.entry(key).or_default()) }
    }

    /// Accepts and counts a request of this key.
    ///
    /// # Errors
    /// As [`KeyLimits::take_from`].
    pub fn take(&self, key: KeyId) -> Result<Standing, Refused> {
        self.take_from(&self.windows(key))
    }

    /// Accepts and counts a request of the key whose windows these are.
    ///
    /// Both windows are decided before either is charged, at one instant, read under the lock of the key.
    ///
    /// # Errors
    /// When either window is full; then nothing was charged.
    pub fn take_from(&self, windows: &KeyWindows) -> Result<Standing, Refused> {
        let mut entry = hold(&windows.entry);
        let wall = self.wall();
        let now = entry.instant(self, wall);
        let counted = (entry.minute.survey(&self.minute, now), entry.day.survey(&self.day, now));
        let asked = (counted.0.ask(&self.minute, now), counted.1.ask(&self.day, now));
        if let (Ok(minute), Ok(day)) = asked {
            let counted = (entry.minute.record(&self.minute, now, minute), entry.day.record(&self.day, now, day));
            let is_first = !mem::replace(&mut entry.changed, true);
            drop(entry);
            if is_first {
                self.mark_changed(windows.key);
            }
            return Ok(self.standing_of(counted, wall));
        }
        Err(self.refused(counted, asked, wall))
    }

    /// How the windows of this key stand; charges nothing.
    #[must_use]
    pub fn standing(&self, key: KeyId) -> Standing {
        let shard = self.shards.lock(number(key));
        let wall = self.wall();
        let of = |entry: &Entry| entry.standing(self, entry.instant(self, wall), wall);
        shard.entries.get(&key).map_or_else(|| of(&Entry::default()), |entry| of(&hold(entry)))
    }

    /// What is allowed, as the value of `RateLimit-Policy`.
    #[must_use]
    pub fn policy(&self) -> Vec<u8> {
        let mut text = Vec::new();
        Entry::default().standing(self, 0, 0).write_policy(&mut text);
        text
    }

    /// Forgets a key that is gone.
    pub fn forget(&self, key: KeyId) {
        self.shards.lock(number(key)).remove(key);
    }

    /// Drops windows that are empty and nobody holds on to, and gives back spare memory. Cheap enough for once a minute.
    ///
    /// A lock is held for one key at a time, and for listing the keys of one of 256 parts.
    pub fn sweep(&self) {
        for part in self.shards.iter() {
            let keys: Vec<KeyId> = hold(part).entries.keys().copied().collect();
            for key in keys {
                hold(part).sweep(self, key);
            }
            hold(part).shrink();
        }
    }

    fn refused(&self, counted: (Survey, Survey), asked: (Result<i64, i64>, Result<i64, i64>), wall: i64) -> Refused {
        let which = if asked.0.is_err() { Window::Minute } else { Window::Day };
        let free = asked.0.err().max(asked.1.err()).unwrap_or(wall);
        Refused { which, retry_after: retry_after(between(wall, free)), standing: self.standing_of(counted, wall) }
    }

    fn standing_of(&self, (minute, day): (Survey, Survey), wall: i64) -> Standing {
        Standing { minute: minute.standing(&self.minute, wall), day: day.standing(&self.day, wall) }
    }

    fn wall(&self) -> i64 {
        self.clock.now().as_micros()
    }
}

impl Entry {
    fn instant(&self, limits: &KeyLimits, wall: i64) -> i64 {
        self.minute.instant(&limits.minute, wall).max(self.day.instant(&limits.day, wall))
    }

    fn standing(&self, limits: &KeyLimits, now: i64, wall: i64) -> Standing {
        limits.standing_of((self.minute.survey(&limits.minute, now), self.day.survey(&limits.day, now)), wall)
    }

    const fn is_empty_at(&self, now: i64) -> bool {
        self.minute.is_empty_at(now) && self.day.is_empty_at(now)
    }

    /// Gives back all room; says whether there was anything.
    fn clear(&mut self) -> bool {
        let was_used = !(self.minute.is_unused() && self.day.is_unused());
        *self = Self { changed: was_used, ..Self::default() };
        was_used
    }
}

impl Shard {
    fn remove(&mut self, key: KeyId) {
        self.entries.remove(&key);
        self.changed.push(key);
    }

    fn sweep(&mut self, limits: &KeyLimits, key: KeyId) {
        let Some(windows) = self.entries.get(&key) else { return };
        let mut entry = hold(windows);
        if !entry.is_empty_at(limits.wall()) {
            entry.minute.shrink(&limits.minute);
            entry.day.shrink(&limits.day);
            return;
        }
        if entry.clear() {
            self.changed.push(key);
        }
        drop(entry);
        // They are handed out under the lock that is held: nobody comes to hold on to them now.
        if Arc::strong_count(windows) == 1 {
            self.entries.remove(&key);
        }
    }

    fn shrink(&mut self) {
        if self.entries.capacity() > 16 + 4 * self.entries.len() {
            self.entries.shrink_to_fit();
        }
    }
}

const fn number(key: KeyId) -> u64 {
    key.get().cast_unsigned()
}

mod kept;
#[cfg(test)]
mod memory;
mod shadow;

//! The windows of keys as bytes, for the time between two processes.

use std::mem;

use super::{KeyLimits, Shard, hold, number};
use crate::limits::quota::Shape;
use crate::limits::saved::{self, SavedError};
use crate::limits::sliding::{Bucket, Sliding};
use crate::model::KeyId;

impl KeyLimits {
    /// The keys that changed since the last call, each once, with their windows as bytes for `load`; no bytes where nothing is left to keep.
    #[must_use]
    pub fn take_changed(&self) -> Vec<(KeyId, Vec<u8>)> {
        let mut all = Vec::new();
        for part in self.shards.iter() {
            let mut keys = mem::take(&mut hold(part).changed);
            keys.sort_unstable();
            keys.dedup();
            all.extend(keys.into_iter().map(|key| (key, hold(part).save(self, key))));
        }
        all
    }

    /// Drops the list of those that changed, where nobody takes it.
    pub fn forget_changed(&self) {
        for part in self.shards.iter() {
            let Shard { entries, changed } = &mut *hold(part);
            for key in mem::take(changed) {
                entries.get(&key).into_iter().for_each(|entry| hold(entry).changed = false);
            }
        }
    }

    /// Tells `take_changed` to hand out this key again, because what it handed out could not be written.
    pub fn mark_changed(&self, key: KeyId) {
        self.shards.lock(number(key)).changed.push(key);
    }

    /// Takes up the windows that `take_changed` handed out, at start.
    ///
    /// Requests of this key that were accepted before are counted as well. Instants ahead of the clock become now, so that a clock that
    /// was set back does not lock a key out.
    ///
    /// # Errors
    /// When the bytes are not what `take_changed` makes; then nothing was taken up.
    pub fn load(&self, key: KeyId, saved: &[u8]) -> Result<(), SavedError> {
        let [minute, day] = saved::read(saved)?;
        let windows = self.windows(key);
        let wall = self.wall();
        let mut entry = hold(&windows.entry);
        entry.minute.restore(&self.minute, &minute, wall);
        entry.day.restore(&self.day, &day, wall);
        let is_over = entry.is_empty_at(wall);
        drop(entry);
        if is_over {
            self.mark_changed(key);
        }
        Ok(())
    }
}

impl Shard {
    fn save(&self, limits: &KeyLimits, key: KeyId) -> Vec<u8> {
        let Some(entry) = self.entries.get(&key) else { return Vec::new() };
        let mut entry = hold(entry);
        entry.changed = false;
        let wall = limits.wall();
        let live = |sliding: &Sliding, shape: &Shape| -> Vec<Bucket> {
            sliding.accepted(shape).filter(|b| b.last.saturating_add(shape.window()) > wall).collect()
        };
        saved::write(&live(&entry.minute, &limits.minute), &live(&entry.day, &limits.day))
    }
}

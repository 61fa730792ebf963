//! The windows of keys where all nodes share theirs: here is what this node accepted of them, for when it is cut off.

use super::{Entry, KeyLimits, Shard, Survey, hold, number};
use crate::limits::shared::{Asked, Owed, WindowName};
use crate::limits::sliding::Sliding;
use crate::limits::standing::{Refused, Standing};
use crate::model::KeyId;

impl KeyLimits {
    /// What the shared windows are to be asked about.
    pub(in crate::limits) const fn asked(&self, key: KeyId) -> [Asked<'_>; 2] {
        [
            Asked { name: WindowName::KeyMinute(key), shape: &self.minute },
            Asked { name: WindowName::KeyDay(key), shape: &self.day },
        ]
    }

    /// How the shared windows stand, surveyed at the instant 0; or their refusal, if they are full.
    pub(in crate::limits) fn judge(&self, minute: Survey, day: Survey) -> Result<Standing, Refused> {
        let asked = (minute.ask(&self.minute, 0), day.ask(&self.day, 0));
        let is_full = asked.0.is_err() || asked.1.is_err();
        if is_full { Err(self.refused((minute, day), asked, 0)) } else { Ok(self.shared_standing(minute, day)) }
    }

    /// How the shared windows stand, surveyed at the instant 0.
    pub(in crate::limits) fn shared_standing(&self, minute: Survey, day: Survey) -> Standing {
        self.standing_of((minute, day), 0)
    }

    /// Counts a request that the shared windows accepted.
    pub(in crate::limits) fn note(&self, key: KeyId) {
        let windows = self.windows(key);
        let mut entry = hold(&windows.entry);
        let now = entry.instant(self, self.wall());
        entry.minute.note(&self.minute, now);
        entry.day.note(&self.day, now);
    }

    /// The newest request was accepted without the shared windows.
    pub(in crate::limits) fn owe(&self, key: KeyId) {
        self.change(key, |entry| entry.each(|window| window.owe(false)));
    }

    /// The shared windows know of nothing.
    pub(in crate::limits) fn owe_all(&self) {
        let all = |shard: &Shard| shard.entries.values().for_each(|entry| hold(entry).each(|w| w.owe(true)));
        self.shards.iter().for_each(|part| all(&hold(part)));
    }

    /// What the shared windows are to be told.
    pub(in crate::limits) fn owed(&self) -> Vec<Owed> {
        let mut all = Vec::new();
        for part in self.shards.iter() {
            let (shard, wall) = (hold(part), self.wall());
            for (key, entry) in &shard.entries {
                let entry = hold(entry);
                let now = entry.instant(self, wall);
                all.extend(Owed::of(WindowName::KeyMinute(*key), &entry.minute, &self.minute, now));
                all.extend(Owed::of(WindowName::KeyDay(*key), &entry.day, &self.day, now));
            }
        }
        all
    }

    /// The shared minute of this key was told of so many.
    pub(in crate::limits) fn settle_minute(&self, key: KeyId, told: u32) {
        self.change(key, |entry| entry.minute.settle(told));
    }

    /// The shared day of this key was told of so many.
    pub(in crate::limits) fn settle_day(&self, key: KeyId, told: u32) {
        self.change(key, |entry| entry.day.settle(told));
    }

    fn change(&self, key: KeyId, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.shards.lock(number(key)).entries.get(&key) {
            change(&mut hold(entry));
        }
    }
}

impl Entry {
    fn each(&mut self, change: impl Fn(&mut Sliding)) {
        change(&mut self.minute);
        change(&mut self.day);
    }
}

//! The one window over all keys of a user: many keys are not many quotas (`security.md K10`).

use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::acts::{ActRefused, refused};
use super::quota::{Quota, Shape};
use super::shards::{Shards, hold};
use super::shared::{Asked, Owed, WindowName};
use super::sliding::{Sliding, Survey};
use crate::model::{Clock, UserId};

/// The limit of users: so many requests of all their keys together in any 60 seconds.
///
/// Only users who exist are asked about; with `sweep` what is kept is bounded by the users whose keys are in use.
#[derive(Debug)]
pub struct UserLimits {
    shape: Shape,
    clock: Arc<dyn Clock>,
    shards: Shards<FxHashMap<UserId, Sliding>>,
}

impl UserLimits {
    /// A limit per 60 seconds; 0 refuses always.
    #[must_use]
    pub fn new(per_minute: u32, clock: Arc<dyn Clock>) -> Self {
        let shape = Shape::of(Quota::new(per_minute, Duration::from_mins(1)));
        Self { shape, clock, shards: Shards::default() }
    }

    /// Accepts and counts a request of one of the user's keys if there is room and `key` accepts it as well; a refusal
    /// by either charges neither.
    ///
    /// # Errors
    /// When the user's window is full, by way of `refuse`; or that of `key`.
    pub fn take_with<T, E>(
        &self,
        user: UserId,
        refuse: impl FnOnce(ActRefused) -> E,
        key: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut shard = self.shards.lock(user.get().cast_unsigned());
        let wall = self.clock.now().as_micros();
        let window = shard.entry(user).or_default();
        let now = window.instant(&self.shape, wall);
        let leaves = window.ask(&self.shape, now).map_err(|free| refuse(refused(free, wall)))?;
        let taken = key()?;
        window.record(&self.shape, now, leaves);
        Ok(taken)
    }

    /// What the shared window is to be asked about.
    pub(super) const fn asked(&self, user: UserId) -> Asked<'_> {
        Asked { name: WindowName::User(user), shape: &self.shape }
    }

    /// The refusal of the shared window, surveyed at the instant 0, if it is full.
    pub(super) fn judge(&self, window: Survey) -> Result<(), ActRefused> {
        window.ask(&self.shape, 0).map(drop).map_err(|free| refused(free, 0))
    }

    /// Counts a request that the shared window accepted.
    pub(super) fn note(&self, user: UserId) {
        let mut shard = self.shards.lock(user.get().cast_unsigned());
        let window = shard.entry(user).or_default();
        window.note(&self.shape, window.instant(&self.shape, self.clock.now().as_micros()));
    }

    /// The newest request was accepted without the shared window.
    pub(super) fn owe(&self, user: UserId) {
        self.change(user, |window| window.owe(false));
    }

    /// The shared windows know of nothing.
    pub(super) fn owe_all(&self) {
        self.shards.iter().for_each(|part| hold(part).values_mut().for_each(|window| window.owe(true)));
    }

    /// What the shared windows are to be told.
    pub(super) fn owed(&self) -> Vec<Owed> {
        let mut all = Vec::new();
        for part in self.shards.iter() {
            let wall = self.clock.now().as_micros();
            let of = |(user, window): (&UserId, &Sliding)| {
                Owed::of(WindowName::User(*user), window, &self.shape, window.instant(&self.shape, wall))
            };
            all.extend(hold(part).iter().filter_map(of));
        }
        all
    }

    /// The shared window was told of so many.
    pub(super) fn settle(&self, user: UserId, told: u32) {
        self.change(user, |window| window.settle(told));
    }

    fn change(&self, user: UserId, change: impl FnOnce(&mut Sliding)) {
        if let Some(window) = self.shards.lock(user.get().cast_unsigned()).get_mut(&user) {
            change(window);
        }
    }

    /// Drops the windows that are empty.
    pub fn sweep(&self) {
        for part in self.shards.iter() {
            let wall = self.clock.now().as_micros();
            hold(part).retain(|_, window| !window.is_empty_at(wall));
        }
    }
}

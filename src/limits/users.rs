//! The one window over all keys of a user: many keys are not many quotas (`security.md K10`).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::acts::{ActRefused, refused};
use super::ahead::Ahead;
use super::quota::{Quota, Shape};
use super::shards::{Shards, hold};
use super::sliding::Sliding;
use crate::model::{Clock, UserId};

/// The limit of users: so many requests of all their keys together in any 60 seconds.
///
/// Only users who exist are asked about; with `sweep` what is kept is bounded by the users whose keys are in use.
#[derive(Debug)]
pub struct UserLimits {
    shape: Shape,
    clock: Arc<dyn Clock>,
    shards: Shards<FxHashMap<UserId, Arc<Held>>>,
}

/// The window of one user. Who asks about the user again and again holds on to it, and no table has to be searched.
#[derive(Clone, Debug)]
pub struct UserWindow(Arc<Held>);

type Held = Ahead<Mutex<Sliding>>;

impl UserWindow {
    /// Asks for it ahead of need.
    pub fn fetch(&self) {
        self.0.fetch();
    }
}

impl UserLimits {
    /// A limit per 60 seconds; 0 refuses always.
    #[must_use]
    pub fn new(per_minute: u32, clock: Arc<dyn Clock>) -> Self {
        let shape = Shape::of(Quota::new(per_minute, Duration::from_mins(1)));
        Self { shape, clock, shards: Shards::default() }
    }

    /// The window of this user. While somebody holds on to it, it stays the one that this user has.
    #[must_use]
    pub fn window(&self, user: UserId) -> UserWindow {
        UserWindow(Arc::clone(self.shards.lock(user.get().cast_unsigned()).entry(user).or_default()))
    }

    /// Accepts and counts a request of one of the user's keys if there is room and `key` accepts it as well; a refusal
    /// by either charges neither.
    ///
    /// # Errors
    /// When the user's window is full, by way of `refuse`; or that of `key`.
    pub fn take_with<T, E>(
        &self,
        window: &UserWindow,
        refuse: impl FnOnce(ActRefused) -> E,
        key: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let mut window = hold(&window.0);
        let wall = self.wall();
        let now = window.instant(&self.shape, wall);
        let leaves = window.ask(&self.shape, now).map_err(|free| refuse(refused(free, wall)))?;
        let taken = key()?;
        window.record(&self.shape, now, leaves);
        Ok(taken)
    }

    /// Drops the windows that are empty and nobody holds on to.
    pub fn sweep(&self) {
        for part in self.shards.iter() {
            let wall = self.wall();
            hold(part).retain(|_, held| {
                let mut window = hold(held);
                if !window.is_empty_at(wall) {
                    return true;
                }
                *window = Sliding::default();
                Arc::strong_count(held) > 1
            });
        }
    }

    fn wall(&self) -> i64 {
        self.clock.now().as_micros()
    }
}

mod shadow;

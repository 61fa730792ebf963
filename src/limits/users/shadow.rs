//! The window of users where all nodes share theirs: here is what this node accepted of it, for when it is cut off.

use super::{ActRefused, Arc, Held, UserLimits, hold, refused};
use crate::limits::shared::{Asked, Owed, WindowName};
use crate::limits::sliding::{Sliding, Survey};
use crate::model::UserId;

impl UserLimits {
    /// What the shared window is to be asked about.
    pub(in crate::limits) const fn asked(&self, user: UserId) -> Asked<'_> {
        Asked { name: WindowName::User(user), shape: &self.shape }
    }

    /// The refusal of the shared window, surveyed at the instant 0, if it is full.
    pub(in crate::limits) fn judge(&self, window: Survey) -> Result<(), ActRefused> {
        window.ask(&self.shape, 0).map(drop).map_err(|free| refused(free, 0))
    }

    /// Counts a request that the shared window accepted.
    pub(in crate::limits) fn note(&self, user: UserId) {
        let window = self.window(user);
        let mut window = hold(&window.0);
        let now = window.instant(&self.shape, self.wall());
        window.note(&self.shape, now);
    }

    /// The newest request was accepted without the shared window.
    pub(in crate::limits) fn owe(&self, user: UserId) {
        self.change(user, |window| window.owe(false));
    }

    /// The shared windows know of nothing.
    pub(in crate::limits) fn owe_all(&self) {
        self.shards.iter().for_each(|part| hold(part).values().for_each(|window| hold(window).owe(true)));
    }

    /// What the shared windows are to be told.
    pub(in crate::limits) fn owed(&self) -> Vec<Owed> {
        let mut all = Vec::new();
        for part in self.shards.iter() {
            let wall = self.wall();
            let of = |(user, window): (&UserId, &Arc<Held>)| {
                let window = hold(window);
                Owed::of(WindowName::User(*user), &window, &self.shape, window.instant(&self.shape, wall))
            };
            all.extend(hold(part).iter().filter_map(of));
        }
        all
    }

    /// The shared window was told of so many.
    pub(in crate::limits) fn settle(&self, user: UserId, told: u32) {
        self.change(user, |window| window.settle(told));
    }

    fn change(&self, user: UserId, change: impl FnOnce(&mut Sliding)) {
        if let Some(window) = self.shards.lock(user.get().cast_unsigned()).get(&user) {
            change(&mut hold(window));
        }
    }
}

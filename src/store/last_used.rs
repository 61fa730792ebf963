//! When keys and users were last seen, held in memory until the worker writes it down: a read must not become a write.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::model::{KeyId, Timestamp, UserApiKey, UserId};

/// What is waiting to be written. At most one entry a key and one a user.
/// A copy is another handle on the same.
#[derive(Clone, Debug, Default)]
pub struct LastUsed {
    waiting: Arc<Mutex<Seen>>,
}

/// The latest instants by key and by user.
#[derive(Debug, Default)]
pub struct Seen {
    /// When each key was last used.
    pub keys: FxHashMap<KeyId, Timestamp>,
    /// When each user was last there.
    pub users: FxHashMap<UserId, Timestamp>,
}

impl LastUsed {
    /// Notes that a key was used.
    pub fn key_used(&self, key: KeyId, at: Timestamp) {
        let mut seen = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        later(seen.keys.entry(key).or_insert(at), at);
    }

    /// Notes that a user was there.
    pub fn user_seen(&self, user: UserId, at: Timestamp) {
        let mut seen = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        later(seen.users.entry(user).or_insert(at), at);
    }

    /// When a key was last used, if that is not yet written.
    #[must_use]
    pub fn of(&self, key: KeyId) -> Option<Timestamp> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).keys.get(&key).copied()
    }

    /// Has a key say when it was last used, also where that is not yet written.
    pub fn correct(&self, key: &mut UserApiKey) {
        if let Some(at) = self.of(key.id) {
            later(&mut key.last_used_at, at);
        }
    }

    /// When a user was last there, if that is not yet written.
    #[must_use]
    pub fn of_user(&self, user: UserId) -> Option<Timestamp> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).users.get(&user).copied()
    }

    /// Takes everything that waits.
    #[must_use]
    pub fn take(&self) -> Seen {
        std::mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, seen: Seen) {
        seen.keys.into_iter().for_each(|(key, at)| self.key_used(key, at));
        seen.users.into_iter().for_each(|(user, at)| self.user_seen(user, at));
    }
}

fn later(stored: &mut Timestamp, at: Timestamp) {
    *stored = (*stored).max(at);
}

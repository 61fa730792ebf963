//! Who waits for messages of the bus, in this process. A word that there may be some wakes them, and they look for
//! themselves: nothing is handed over, so nothing can be lost on the way.
//!
//! Who waits begins to wait before they look for the first time: what is committed in between wakes them.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use tokio::sync::Notify;

use super::bus::{find_newest, list_newer};
use super::{AnyConnection, StoreError};
use crate::model::UserId;

/// It is not known what was told already.
const UNKNOWN: i64 = -1;

type ByUser = FxHashMap<UserId, Vec<Arc<Notify>>>;

/// Everybody who waits.
#[derive(Debug)]
pub(super) struct Waiting {
    by_user: Mutex<ByUser>,
    /// Of a SQLite file: the newest message that was told. There is one writer, so that numbers come in their order.
    told: AtomicI64,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { by_user: Mutex::default(), told: AtomicI64::new(UNKNOWN) }
    }
}

/// Somebody who waits for messages of one user, until this is dropped.
#[derive(Debug)]
pub struct Waiter {
    waiting: Arc<Waiting>,
    user: UserId,
    woken: Arc<Notify>,
}

impl Waiting {
    pub(super) fn wait_for(self: &Arc<Self>, user: UserId) -> Waiter {
        let woken = Arc::new(Notify::new());
        self.by_user().entry(user).or_default().push(Arc::clone(&woken));
        Waiter { waiting: Arc::clone(self), user, woken }
    }

    /// There may be messages for this user.
    pub(super) fn wake(&self, user: UserId) {
        self.by_user().get(&user).into_iter().flatten().for_each(|waiter| waiter.notify_one());
    }

    /// There may be messages for anybody.
    pub(super) fn wake_all(&self) {
        self.by_user().values().flatten().for_each(|waiter| waiter.notify_one());
    }

    /// Wakes those for whom a SQLite file has messages that were not told yet, whoever wrote them.
    pub(super) fn tell_new(&self, c: &mut AnyConnection) -> Result<(), StoreError> {
        if self.by_user().is_empty() {
            // Who comes later looks first.
            self.told.store(UNKNOWN, Ordering::SeqCst);
            return Ok(());
        }
        let told = self.told.load(Ordering::SeqCst);
        if told == UNKNOWN {
            self.told.fetch_max(find_newest(c)?, Ordering::SeqCst);
            self.wake_all();
            return Ok(());
        }
        let newer = list_newer(c, told)?;
        for (id, user) in newer {
            self.wake(user);
            self.told.fetch_max(id, Ordering::SeqCst);
        }
        Ok(())
    }

    fn by_user(&self) -> MutexGuard<'_, ByUser> {
        self.by_user.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    /// Waits until there may be messages that came since this was called last.
    pub async fn woken(&self) {
        self.woken.notified().await;
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut by_user = self.waiting.by_user();
        if let Some(waiters) = by_user.get_mut(&self.user) {
            waiters.retain(|waiter| !Arc::ptr_eq(waiter, &self.woken));
            if waiters.is_empty() {
                by_user.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64) -> UserId {
        UserId::parse(id).unwrap()
    }

    #[actix_web::test]
    async fn a_word_that_comes_before_anybody_listens_is_not_lost() {
        let waiting = Arc::new(Waiting::default());
        let (ada, bob) = (waiting.wait_for(user(1)), waiting.wait_for(user(2)));
        waiting.wake(user(1));
        ada.woken().await;
        waiting.wake_all();
        ada.woken().await;
        bob.woken().await;
    }

    #[test]
    fn who_went_away_leaves_nothing_behind() {
        let waiting = Arc::new(Waiting::default());
        let (one, two) = (waiting.wait_for(user(1)), waiting.wait_for(user(1)));
        drop(one);
        assert_eq!(waiting.by_user()[&user(1)].len(), 1);
        drop(two);
        assert!(waiting.by_user().is_empty());
    }
}

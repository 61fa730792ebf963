//! Whether what was read from the database a while ago is still what stands there.
//!
//! Writers count up *after* their transaction, readers compare. Nothing has to be found and removed, so nothing can be
//! forgotten in a corner, and a reader that was overtaken by a writer cannot bring back what the writer ended
//! (`security.md L8`). What other processes wrote counts as soon as it is heard of (`others/`); since when nothing may have
//! been heard is kept here too.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::model::{Timestamp, UserId};

/// Users share counters: now and then a change to one costs another's key one look-up.
const USERS: usize = 4096;

/// What a transaction may have changed of what is remembered about keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touched {
    /// Neither a key nor its owner nor its client.
    NoKey,
    /// This user, or keys of theirs.
    KeysOf(UserId),
    /// Whatever key there is.
    AnyKey,
}

/// What something was read as of; equal as long as it still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(u64);

/// Counts the transactions that may have changed keys: in all, and by owner.
#[derive(Debug)]
pub struct Freshness {
    /// Every transaction that touched any key. Counted first, so that a reader who sees the other counters moved sees
    /// this one moved as well.
    epoch: AtomicU64,
    any: AtomicU64,
    by_user: Box<[AtomicU64]>,
    /// Everything that was written elsewhere before this instant is known here; microseconds since 1970.
    heard: AtomicI64,
    /// How late changes of others were heard of, until somebody takes these.
    lags: Mutex<Vec<Duration>>,
}

impl Default for Freshness {
    fn default() -> Self {
        Self {
            epoch: AtomicU64::new(0),
            any: AtomicU64::new(0),
            by_user: (0..USERS).map(|_| AtomicU64::new(0)).collect(),
            heard: AtomicI64::new(i64::MIN),
            lags: Mutex::default(),
        }
    }
}

impl Freshness {
    /// Makes what is remembered of these keys stale. To be called when the transaction is over, however it ended: one
    /// whose commit failed may still have happened.
    pub(super) fn touch(&self, touched: Touched) {
        let counter = match touched {
            Touched::NoKey => return,
            Touched::KeysOf(user) => self.of(user),
            Touched::AnyKey => &self.any,
        };
        self.epoch.fetch_add(1, Ordering::SeqCst);
        counter.fetch_add(1, Ordering::SeqCst);
    }

    /// `touch`, for what another process changed; so long ago, where that is known.
    pub(super) fn touch_from_elsewhere(&self, touched: Touched, lag: Option<Duration>) {
        self.touch(touched);
        self.lags.lock().unwrap_or_else(PoisonError::into_inner).extend(lag);
    }

    /// How late changes of others were heard of since the last call.
    pub(super) fn take_lags(&self) -> Vec<Duration> {
        std::mem::take(&mut self.lags.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that everything that was written elsewhere before this instant has been taken in by `touch`.
    pub(super) fn heard(&self, then: Timestamp) {
        self.heard.store(then.as_micros(), Ordering::Release);
    }

    /// Since when nothing may have been heard; `None` before anything was.
    pub(super) fn heard_at(&self) -> Option<Timestamp> {
        let heard = self.heard.load(Ordering::Acquire);
        (heard != i64::MIN).then(|| Timestamp::from_micros(heard))
    }

    /// Whether what is remembered may be used now: what was written elsewhere is known up to so short a time ago. A clock
    /// that was set back does not prolong it by more than the same time.
    pub fn is_trusted(&self, now: Timestamp, stale: Duration) -> bool {
        let away = self.heard.load(Ordering::Acquire).abs_diff(now.as_micros());
        u128::from(away) <= stale.as_micros()
    }

    /// To be read before the database is asked, for `stamp_since`.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// What a key of this user, read since that epoch, is fresh as of; `None` when somebody wrote meanwhile, so that
    /// nobody knows.
    pub fn stamp_since(&self, epoch: u64, owner: UserId) -> Option<Stamp> {
        let stamp = self.stamp(owner);
        (self.epoch() == epoch).then_some(stamp)
    }

    /// What keys of this user are fresh as of now.
    pub fn stamp(&self, owner: UserId) -> Stamp {
        // Neither counter ever goes back, so their sum stands still only while both do.
        let (any, theirs) = (self.any.load(Ordering::SeqCst), self.of(owner).load(Ordering::SeqCst));
        Stamp(any.wrapping_add(theirs))
    }

    #[expect(clippy::indexing_slicing, reason = "the remainder is below the number of counters")]
    fn of(&self, user: UserId) -> &AtomicU64 {
        &self.by_user[usize::try_from(user.get().cast_unsigned()).unwrap_or(0) % USERS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64) -> UserId {
        UserId::parse(id).unwrap()
    }

    #[test]
    fn a_change_to_one_user_leaves_the_others_fresh() {
        let freshness = Freshness::default();
        let (ada, bob) = (freshness.stamp(user(1)), freshness.stamp(user(2)));
        freshness.touch(Touched::KeysOf(user(1)));
        assert_ne!(freshness.stamp(user(1)), ada);
        assert_eq!(freshness.stamp(user(2)), bob);
        freshness.touch(Touched::AnyKey);
        assert_ne!(freshness.stamp(user(2)), bob);
    }

    #[test]
    fn what_was_read_while_somebody_wrote_is_not_remembered_l8() {
        let freshness = Freshness::default();
        let before = freshness.epoch();
        freshness.touch(Touched::KeysOf(user(2)));
        assert_eq!(freshness.stamp_since(before, user(1)), None);
        assert_eq!(freshness.stamp_since(freshness.epoch(), user(1)), Some(freshness.stamp(user(1))));
        freshness.touch(Touched::NoKey);
        assert!(freshness.stamp_since(freshness.epoch(), user(1)).is_some());
    }

    #[test]
    fn what_is_remembered_is_trusted_for_as_long_as_was_set_and_never_before_anything_was_heard_l8() {
        let (freshness, stale) = (Freshness::default(), Duration::from_secs(2));
        let at = |micros| Timestamp::from_micros(micros);
        assert!(!freshness.is_trusted(at(0), stale) && !freshness.is_trusted(at(i64::MAX), stale));
        freshness.heard(at(10_000_000));
        assert!(freshness.is_trusted(at(12_000_000), stale) && !freshness.is_trusted(at(12_000_001), stale));
        assert!(!freshness.is_trusted(at(7_000_000), stale), "a clock set back trusts nothing either");
    }
}

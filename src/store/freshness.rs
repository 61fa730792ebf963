//! Whether what was read from the database a while ago is still what stands there.
//!
//! Writers count up *after* their transaction, readers compare. Nothing has to be found and removed, so nothing can be
//! forgotten in a corner, and a reader that was overtaken by a writer cannot bring back what the writer ended
//! (`security.md L8`).

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::model::UserId;

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

/// Where writers on PostgreSQL tell what they touched: a user's id, or nothing where it may be whatever key there is.
pub(super) const CHANNEL: &str = "hallpass_changes";

impl Touched {
    /// The statement that tells the other processes, if they need to know.
    pub(super) fn notification(self) -> Option<String> {
        match self {
            Self::NoKey => None,
            Self::KeysOf(user) => Some(format!("NOTIFY {CHANNEL}, '{user}'")),
            Self::AnyKey => Some(format!("NOTIFY {CHANNEL}")),
        }
    }

    /// What another process told.
    pub(super) fn told(payload: &str) -> Self {
        payload.parse().map_or(Self::AnyKey, Self::KeysOf)
    }
}

/// What something was read as of; equal as long as it still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp(u64);

/// Counts the transactions that may have changed keys: in all, and by owner.
#[derive(Debug)]
pub(super) struct Freshness {
    /// Every transaction that touched any key. Counted first, so that a reader who sees the other counters moved sees
    /// this one moved as well.
    epoch: AtomicU64,
    any: AtomicU64,
    by_user: Box<[AtomicU64]>,
    /// What `PRAGMA data_version` said last.
    data_version: AtomicI64,
}

impl Default for Freshness {
    fn default() -> Self {
        Self {
            epoch: AtomicU64::new(0),
            any: AtomicU64::new(0),
            by_user: (0..USERS).map(|_| AtomicU64::new(0)).collect(),
            data_version: AtomicI64::new(0),
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

    /// Takes in that the file now has this version, which other processes move and our own writer does not.
    pub(super) fn heard(&self, data_version: i64) {
        if self.data_version.swap(data_version, Ordering::SeqCst) != data_version {
            self.touch(Touched::AnyKey);
        }
    }

    /// To be read before the database is asked, for `stamp_since`.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    /// What a key of this user, read since that epoch, is fresh as of; `None` when somebody wrote meanwhile, so that
    /// nobody knows.
    pub(super) fn stamp_since(&self, epoch: u64, owner: UserId) -> Option<Stamp> {
        let stamp = self.stamp(owner);
        (self.epoch() == epoch).then_some(stamp)
    }

    /// What keys of this user are fresh as of now.
    pub(super) fn stamp(&self, owner: UserId) -> Stamp {
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
    fn another_version_of_the_file_makes_everything_stale_once() {
        let freshness = Freshness::default();
        freshness.heard(7);
        let stamp = freshness.stamp(user(1));
        freshness.heard(7);
        assert_eq!(freshness.stamp(user(1)), stamp);
        freshness.heard(8);
        assert_ne!(freshness.stamp(user(1)), stamp);
    }
}

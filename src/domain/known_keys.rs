//! The keys that were asked about lately, with their owners: on a hit nothing goes to the database.

use std::fmt::{self, Debug};
use std::future::poll_fn;
use std::mem;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;

use super::Context;
use super::generations::Generations;
use super::known_key::{KnownKey, Windows};
use crate::limits::fetch;
use crate::model::{Identity, KeyHash, Timestamp};
use crate::store::{self, AnyConnection, Stamp, StoreError};

/// A key, and what it was read as of. Beside it stands where the rest is that a request needs, so that all of it comes from memory
/// at once and not one after the other.
#[derive(Debug)]
struct Remembered {
    known: Arc<KnownKey>,
    stamp: Stamp,
    windows: Windows,
    identity: Identity,
}

impl Remembered {
    fn of(known: &Arc<KnownKey>, stamp: Stamp) -> Self {
        let (windows, identity) = (known.windows.clone(), known.identity.clone());
        Self { known: Arc::clone(known), stamp, windows, identity }
    }

    /// Asks for all of that ahead of need.
    fn fetch(&self) {
        self.known.fetch();
        self.windows.key.fetch();
        self.windows.owner.fetch();
        let identity = self.identity.as_str().as_bytes();
        fetch(identity, identity.len());
    }

    fn given(&self) -> (Arc<KnownKey>, Stamp) {
        (Arc::clone(&self.known), self.stamp)
    }
}

/// Remembers keys by their hashes. Bounded in number (`security.md L6`); what was changed since is not given out, and
/// nothing is when no word of the other processes came for too long (`security.md L8`).
pub struct KnownKeys {
    held: Generations<Remembered>,
    stale: Duration,
}

impl KnownKeys {
    /// Room for so many keys; they are given out for so long without a word of the other processes.
    #[must_use]
    pub fn new(most: usize, stale: Duration) -> Self {
        Self { held: Generations::new(most), stale }
    }

    /// The key with this hash, if it is remembered and certainly nothing touched it since.
    ///
    /// What a request needs of it is asked for, and meanwhile other requests have their turn: nobody waits for memory then.
    /// The table is looked into twice, because to hold on to the key at once would be to wait for it.
    pub async fn get(&self, cx: &Context, hash: &KeyHash, now: Timestamp) -> Option<Arc<KnownKey>> {
        self.held.get(hash, Remembered::fetch)?;
        others_first().await;
        let (known, stamp) = self.held.get(hash, Remembered::given)?;
        // In this order: who sees that something was heard sees what was heard as well.
        let trusted = cx.store.freshness().is_trusted(now, self.stale);
        (trusted && cx.store.freshness().stamp(known.owner_id) == stamp).then_some(known)
    }

    /// Whether the key with this hash is remembered, though perhaps it was touched since.
    #[must_use]
    pub fn contains(&self, hash: &KeyHash) -> bool {
        self.held.get(hash, |_| ()).is_some()
    }

    /// How many are remembered.
    #[must_use]
    pub fn count(&self) -> usize {
        self.held.count()
    }

    /// How many there is room for.
    #[must_use]
    pub fn room(&self) -> usize {
        self.held.room()
    }

    /// Asks the database, in one query, and remembers what it says.
    ///
    /// Nobody waits for it longer than keys are trusted without a word of it: a proxy has better things to do.
    ///
    /// What somebody changed while the database was asked is given out, but not remembered: it may be older than the
    /// change (`security.md L8`).
    ///
    /// # Errors
    /// Of the database.
    pub async fn look_up(&self, cx: &Context, hash: KeyHash) -> Result<Option<Arc<KnownKey>>, StoreError> {
        let epoch = cx.store.freshness().epoch();
        let look_up = move |c: &mut AnyConnection| store::find_key_with_owner(c, &hash);
        let found = timeout(self.stale, cx.store.read(look_up)).await;
        let late = |late| StoreError::Busy(format!("it was not said in time whose key it is: {late}"));
        let Some((key, owner)) = found.map_err(late)?? else { return Ok(None) };
        let known = Arc::new(KnownKey::of(cx, key, owner));
        if let Some(stamp) = cx.store.freshness().stamp_since(epoch, known.owner_id) {
            self.held.insert(&hash, Remembered::of(&known, stamp));
        }
        Ok(Some(known))
    }
}

impl Debug for KnownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnownKeys({} of {})", self.count(), self.room())
    }
}

/// Lets what else is ready have its turn, once.
///
/// The runtime's own `yield_now` asks the kernel for more before it goes on.
async fn others_first() {
    let mut had_theirs = false;
    poll_fn(|task| {
        if mem::replace(&mut had_theirs, true) {
            return Poll::Ready(());
        }
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use tokio::join;

    use super::*;

    #[actix_web::test]
    async fn what_is_ready_has_its_turn_before_a_request_goes_on_and_only_once() {
        let turns = RefCell::new(Vec::new());
        let giving_way = async {
            others_first().await;
            turns.borrow_mut().push("it goes on");
        };
        let others = async {
            turns.borrow_mut().push("others");
            // Gives way exactly once: whoever did so twice would come after it.
            tokio::task::yield_now().await;
            turns.borrow_mut().push("others again");
        };
        join!(biased; giving_way, others);
        assert_eq!(turns.into_inner(), ["others", "it goes on", "others again"]);
    }
}

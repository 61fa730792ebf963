//! The keys that were asked about lately, with their owners: on a hit nothing goes to the database.

use std::fmt::{self, Debug};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use super::Context;
use super::generations::Generations;
use crate::limits::{KeyWindows, UserWindow};
use crate::model::{Closed, Identity, KeyHash, KeyState, Matcher, Scopes, Timestamp, User, UserApiKey, UserId};
use crate::store::{self, AnyConnection, Stamp, StoreError};

/// What a processor fetches from memory at a time, in bytes.
const LINE: usize = 64;

/// Seconds for which noting one use of a key is enough: so exactly is told when it was last used, of the minute there is for writing that
/// down (deviation from `C-278`).
const NOTED_EVERY: i64 = 10;

/// What a key may do: what its scopes permit, and what is not closed to its owner.
#[derive(Clone, Debug)]
pub struct Power {
    /// What its scopes permit.
    pub permits: Arc<Matcher>,
    /// What the rules of access keep its owner from.
    pub closed: Arc<Closed>,
}

impl Power {
    /// That of a key of which these scopes count, by the rules of the site.
    #[must_use]
    pub fn of(cx: &Context, held: &Scopes, owner: &User) -> Self {
        Self { permits: cx.scopes.matcher(held), closed: cx.access.closed_to(owner) }
    }
}

/// The windows of a key, as this process counts.
#[derive(Clone, Debug)]
pub struct Windows {
    /// Of the key.
    pub key: KeyWindows,
    /// Of its owner.
    pub owner: UserWindow,
}

/// A key with all that is needed to judge a request.
///
/// It is small: where ten thousand keys are in use, a request costs what it costs to fetch its places in memory. What most
/// requests do not ask for is elsewhere.
#[derive(Debug)]
pub struct KnownKey {
    /// The key, with those of its scopes that count for its owner.
    pub key: Box<UserApiKey>,
    /// Its owner.
    pub owner: Box<User>,
    /// What it may do.
    pub power: Power,
    /// What the site is told about the two.
    pub identity: Identity,
    /// What its requests are counted in.
    pub windows: Windows,
    /// Whose it is: its owner's id, once more where it need not be fetched.
    owner_id: UserId,
    /// Before this instant there is nothing about the key or its owner to look at.
    plain_until: Timestamp,
    /// In which [`NOTED_EVERY`] seconds it was last noted that the key was used.
    noted: AtomicI64,
}

impl KnownKey {
    /// All of it, from a key and its owner, by the rules of the site.
    #[must_use]
    pub fn of(cx: &Context, mut key: UserApiKey, owner: User) -> Self {
        key.scopes = cx.scopes.held(key.scopes, &owner);
        let power = Power::of(cx, &key.scopes, &owner);
        let windows = Windows { key: cx.key_limits.windows(key.id), owner: cx.user_limits.window(owner.id) };
        Self::with(key, owner, power, windows)
    }

    /// The same key after a change that bears on nothing else.
    #[must_use]
    pub fn changed(&self, key: UserApiKey) -> Self {
        Self::with(key, (*self.owner).clone(), self.power.clone(), self.windows.clone())
    }

    fn with(key: UserApiKey, owner: User, power: Power, windows: Windows) -> Self {
        Self {
            identity: Identity::of(&key, &owner),
            plain_until: plain_until(&key, &owner),
            owner_id: owner.id,
            key: Box::new(key),
            owner: Box::new(owner),
            power,
            windows,
            noted: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether the key is alive and settled, and its owner not suspended, so that nothing has to be looked at.
    #[must_use]
    pub fn is_plain(&self, now: Timestamp) -> bool {
        now < self.plain_until
    }

    /// Whether this use is to be noted: one in ten seconds is, of a key that is used all the time.
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        let span = now.as_seconds() / NOTED_EVERY;
        self.noted.load(Ordering::Relaxed) != span && self.noted.swap(span, Ordering::Relaxed) != span
    }
}

/// Until when a request need not look at these; never, where it must already.
fn plain_until(key: &UserApiKey, owner: &User) -> Timestamp {
    let never = Timestamp::from_micros(i64::MIN);
    match key.state(never) {
        KeyState::Active if key.succession.is_settled() && !owner.is_suspended() => {
            key.expires_at.unwrap_or(Timestamp::from_micros(i64::MAX))
        }
        _ => never,
    }
}

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

    /// The key, after a little was read of all that a request needs: a processor fetches several places from memory at once, but
    /// none across a lock, and a count of who holds on to a key is one.
    fn fetched(&self) -> (Arc<KnownKey>, Stamp) {
        self.windows.key.fetch();
        self.windows.owner.fetch();
        self.identity.as_str().as_bytes().iter().step_by(LINE).for_each(|byte| _ = black_box(*byte));
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
    #[must_use]
    pub fn get(&self, cx: &Context, hash: &KeyHash, now: Timestamp) -> Option<Arc<KnownKey>> {
        let (known, stamp) = self.held.get(hash, Remembered::fetched)?;
        // In this order: who sees that something was heard sees what was heard as well.
        let trusted = cx.store.freshness().is_trusted(now, self.stale);
        (trusted && cx.store.freshness().stamp(known.owner_id) == stamp).then_some(known)
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

//! The keys that were asked about lately, with their owners: on a hit nothing goes to the database.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use quick_cache::sync::Cache;
use tokio::time::timeout;

use super::freshness::Stamp;
use super::{AnyConnection, Store, StoreError, keys};
use crate::model::{
    AccessRules, Closed, Identity, KeyHash, Matcher, ScopeCatalog, Scopes, Timestamp, User, UserApiKey,
};

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
    pub fn of(held: &Scopes, owner: &User, scopes: &ScopeCatalog, access: &AccessRules) -> Self {
        Self { permits: scopes.matcher(held), closed: access.closed_to(owner) }
    }
}

/// A key with all that is needed to judge a request.
#[derive(Debug)]
pub struct KnownKey {
    /// The key, with those of its scopes that count for its owner.
    pub key: UserApiKey,
    /// Its owner.
    pub owner: User,
    /// What it may do.
    pub power: Power,
    /// What the site is told about the two.
    pub identity: Identity,
    /// When it was last noted that the key was used.
    noted: AtomicI64,
}

impl KnownKey {
    /// All of it, from a key and its owner.
    #[must_use]
    pub fn new(key: UserApiKey, owner: User, power: Power) -> Self {
        Self { identity: Identity::of(&key, &owner), key, owner, power, noted: AtomicI64::new(i64::MIN) }
    }

    /// The same by the rules of the site.
    fn by(mut key: UserApiKey, owner: User, scopes: &ScopeCatalog, access: &AccessRules) -> Self {
        key.scopes = scopes.held(key.scopes, &owner);
        let power = Power::of(&key.scopes, &owner, scopes, access);
        Self::new(key, owner, power)
    }

    /// Whether this use is to be noted: one in a second is, of a key that is used all the time.
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        let second = now.as_seconds();
        self.noted.load(Ordering::Relaxed) != second && self.noted.swap(second, Ordering::Relaxed) != second
    }
}

#[derive(Clone)]
struct Remembered {
    known: Arc<KnownKey>,
    stamp: Stamp,
}

/// Remembers keys by their hashes. Bounded in number (`security.md L6`); what was changed since is not given out, and
/// nothing is when no word of the other processes came for too long (`security.md L8`).
pub struct KnownKeys {
    cache: Cache<KeyHash, Remembered>,
    store: Store,
    stale: Duration,
}

impl KnownKeys {
    /// Room for so many keys of this store; they are given out for so long without a word of the other processes.
    #[must_use]
    pub fn new(most: usize, stale: Duration, store: &Store) -> Self {
        Self { cache: Cache::new(most), store: store.clone(), stale }
    }

    /// The key with this hash, if it is remembered and certainly nothing touched it since.
    #[must_use]
    pub fn get(&self, hash: &KeyHash, now: Timestamp) -> Option<Arc<KnownKey>> {
        let Remembered { known, stamp } = self.cache.get(hash)?;
        // In this order: who sees that something was heard sees what was heard as well.
        let trusted = self.store.freshness.is_trusted(now, self.stale);
        (trusted && self.store.freshness.stamp(known.owner.id) == stamp).then_some(known)
    }

    /// How many are remembered.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cache.len()
    }

    /// How many there is room for.
    #[must_use]
    pub fn room(&self) -> usize {
        usize::try_from(self.cache.capacity()).unwrap_or(usize::MAX)
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
    pub async fn look_up(
        &self,
        hash: KeyHash,
        scopes: &ScopeCatalog,
        access: &AccessRules,
    ) -> Result<Option<Arc<KnownKey>>, StoreError> {
        let epoch = self.store.freshness.epoch();
        let look_up = move |c: &mut AnyConnection| keys::find_key_with_owner(c, &hash);
        let found = timeout(self.stale, self.store.read(look_up)).await;
        let late = |late| StoreError::Busy(format!("it was not said in time whose key it is: {late}"));
        let Some((key, owner)) = found.map_err(late)?? else { return Ok(None) };
        let known = Arc::new(KnownKey::by(key, owner, scopes, access));
        if let Some(stamp) = self.store.freshness.stamp_since(epoch, known.owner.id) {
            self.cache.insert(hash, Remembered { known: Arc::clone(&known), stamp });
        }
        Ok(Some(known))
    }
}

impl Debug for KnownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnownKeys({} of {})", self.cache.len(), self.cache.capacity())
    }
}

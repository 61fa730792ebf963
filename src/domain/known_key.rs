//! A key with its owner, as they are remembered: all that is needed to judge a request.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::Context;
use crate::limits::{KeyWindows, UserWindow, fetch};
use crate::model::{Closed, Identity, KeyState, Matcher, Scopes, Timestamp, User, UserApiKey, UserId};

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
#[repr(C)]
pub struct KnownKey {
    /// Where it begins in memory: first, and in the order that is written here, as in `limits::Ahead`.
    start: [u8; 0],
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
    pub(super) owner_id: UserId,
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
            start: [],
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

    /// Asks for it ahead of need, but for what it points to.
    pub(super) fn fetch(&self) {
        fetch(&self.start, size_of::<Self>());
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

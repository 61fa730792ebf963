//! Limits on acts of people who have no key: one window per act and subject.

use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use enum_map::{Enum, EnumMap};
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::quota::{Quota, Shape};
use super::shards::{Shards, hold};
use super::sliding::{Sliding, between};
use super::standing::retry_after;
use crate::model::Clock;

/// Subjects per part of a table, of which there are 256: 65,536 in all.
const SUBJECTS: usize = 256;

/// Shared windows per part: 4,096 in all.
const SHARED: u64 = 16;

/// What is limited. An act without a quota does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Act {
    /// Signing in to one account from one address; the subject names both.
    SignInPerAccountAndAddress,
    /// Signing in to whatever account from one address.
    SignInPerAddress,
    /// Asking with one admin key whether somebody is the owner of one account, from whatever addresses; the subject names both.
    SignInPerAccountAndAdminKey,
    /// Showing keys that do not exist, or have ended, from one address (`security.md L4`, `K3`).
    UnknownKeysPerAddress,
    /// Asking about such keys as one proxy or back end (`security.md L7`).
    UnknownKeysPerCaller,
    /// Showing keys of the admin API that do not exist from one address (`security.md L4`).
    UnknownAdminKeysPerAddress,
    /// Making requests of the site as users with one admin key.
    ActingPerAdminKey,
    /// Polling the message bus as one user who is signed in, at whatever pages.
    PollsPerUser,
    /// Registering applications from one address (`C-260`).
    ClientsPerAddress,
    /// Coming with one-time passwords, good or bad, from one address.
    OneTimePasswordsPerAddress,
    /// Asking for a key by device code from one address.
    DeviceCreatePerAddress,
    /// Asking from one address whether a key is there yet.
    DevicePollPerAddress,
    /// The same for one device code.
    DevicePollPerCode,
    /// Typing user codes at one address.
    ActivatePerAddress,
    /// Typing user codes as one user.
    ActivatePerUser,
    /// Typing one user code; those that are none share a window.
    ActivatePerCode,
    /// Looking up requests from one address.
    RequestLookUpPerAddress,
    /// Looking up requests as one user.
    RequestLookUpPerUser,
    /// Looking up one request; tokens that are none share a window.
    RequestLookUpPerToken,
}

impl Act {
    /// Its name for those who look at the figures.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SignInPerAccountAndAddress => "sign_in_per_account_and_address",
            Self::SignInPerAddress => "sign_in_per_address",
            Self::SignInPerAccountAndAdminKey => "sign_in_per_account_and_admin_key",
            Self::UnknownKeysPerAddress => "unknown_keys_per_address",
            Self::UnknownKeysPerCaller => "unknown_keys_per_caller",
            Self::UnknownAdminKeysPerAddress => "unknown_admin_keys_per_address",
            Self::ActingPerAdminKey => "acting_per_admin_key",
            Self::PollsPerUser => "polls_per_user",
            Self::ClientsPerAddress => "clients_per_address",
            Self::OneTimePasswordsPerAddress => "one_time_passwords_per_address",
            Self::DeviceCreatePerAddress => "device_create_per_address",
            Self::DevicePollPerAddress => "device_poll_per_address",
            Self::DevicePollPerCode => "device_poll_per_code",
            Self::ActivatePerAddress => "activate_per_address",
            Self::ActivatePerUser => "activate_per_user",
            Self::ActivatePerCode => "activate_per_code",
            Self::RequestLookUpPerAddress => "request_look_up_per_address",
            Self::RequestLookUpPerUser => "request_look_up_per_user",
            Self::RequestLookUpPerToken => "request_look_up_per_token",
        }
    }
}

/// An act that was not accepted, and did not cost anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many in a short time; the next may come in {} s", retry_after.as_secs())]
pub struct ActRefused {
    /// When to come again: whole seconds, at least 1, rounded up. With a quota of 0 it is the window's length, and no promise.
    pub retry_after: Duration,
}

/// The limits of acts, exact per act and subject.
///
/// Bounded (`security.md L6`): a subject is kept as a keyed hash of 128 bits, and an act has 65,536 subjects with a window of their own.
/// When these are taken, newcomers are counted in 4,096 windows that they share by a hash nobody outside can foretell. So a flood of
/// subjects neither ends anybody's window early nor touches those who have one; nobody gets more than their quota; and newcomers are
/// refused only where the flood fills a shared window, which takes 4,096 times the quota within one window. A newcomer whose shared
/// window counts something stays there until it is empty, so changing over resets nothing. Room is made by `sweep`.
#[derive(Debug)]
pub struct ActLimits {
    tables: EnumMap<Act, Table>,
    clock: Arc<dyn Clock>,
    secret: [u8; 32],
}

#[derive(Debug)]
struct Table {
    shape: Shape,
    parts: Shards<Part>,
    accepted: AtomicU64,
    refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Part {
    own: FxHashMap<Subject, Sliding>,
    shared: FxHashMap<u64, Sliding>,
}

/// Whose window it is. From outside nobody can aim at somebody else's, or tell whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Subject(pub(super) u64, pub(super) u64);

impl ActLimits {
    /// Limits with these quotas. The secret keys the hashes of subjects; nodes that share their windows have the same.
    #[must_use]
    pub fn new(quotas: EnumMap<Act, Quota>, clock: Arc<dyn Clock>, secret: [u8; 32]) -> Self {
        let (parts, none) = (Shards::default, AtomicU64::default);
        let table = |quota| Table { shape: Shape::of(quota), parts: parts(), accepted: none(), refused: none() };
        let tables = quotas.map(|_, quota| table(quota));
        Self { tables, clock, secret }
    }

    /// Accepts and counts an act of this subject.
    ///
    /// # Errors
    /// When the window is full; then nothing was charged.
    pub fn take(&self, act: Act, subject: &str) -> Result<(), ActRefused> {
        let said = self.decide(act, subject);
        self.count(act, said.is_ok());
        said
    }

    /// Notes for those who look at the figures how one was decided.
    pub(super) fn count(&self, act: Act, is_accepted: bool) {
        let Table { accepted, refused, .. } = &self.tables[act];
        if is_accepted { accepted } else { refused }.fetch_add(1, Ordering::Relaxed);
    }

    /// How often each act was accepted and refused.
    #[must_use]
    pub fn decisions(&self) -> EnumMap<Act, (u64, u64)> {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        EnumMap::from_fn(|act| (of(&self.tables[act].accepted), of(&self.tables[act].refused)))
    }

    /// `take`, without noting it.
    pub(super) fn decide(&self, act: Act, subject: &str) -> Result<(), ActRefused> {
        let (Table { shape, parts, .. }, subject) = (&self.tables[act], self.subject(subject));
        let mut part = parts.lock(subject.0);
        let wall = self.wall();
        let window = part.window(subject, wall);
        let now = window.instant(shape, wall);
        let leaves = window.ask(shape, now).map_err(|free| refused(free, wall))?;
        window.record(shape, now, leaves);
        Ok(())
    }

    /// What `take` would answer, without charging.
    ///
    /// # Errors
    /// When the window is full.
    pub fn peek(&self, act: Act, subject: &str) -> Result<(), ActRefused> {
        let (Table { shape, parts, .. }, subject) = (&self.tables[act], self.subject(subject));
        let part = parts.lock(subject.0);
        let wall = self.wall();
        let empty = Sliding::default();
        let window = part.own.get(&subject).or_else(|| part.shared.get(&subject.slot())).unwrap_or(&empty);
        window.ask(shape, window.instant(shape, wall)).map(drop).map_err(|free| refused(free, wall))
    }

    /// Drops empty windows, and gives back spare memory. To be called about once a minute, because it is what makes room.
    ///
    /// A lock is held for one of 256 parts at a time: at most 272 windows, each one comparison.
    pub fn sweep(&self) {
        for part in self.tables.values().flat_map(|table| table.parts.iter()) {
            hold(part).sweep(self.wall());
        }
    }

    fn subject(&self, text: &str) -> Subject {
        let hash = Sha256::new().chain_update(self.secret).chain_update(text).finalize();
        let half = |bytes: &[u8]| bytes.iter().fold(0, |half, byte| half << 8 | u64::from(*byte));
        let (first, rest) = hash.split_at(8);
        Subject(half(first), half(rest.split_at(8).0))
    }

    fn wall(&self) -> i64 {
        self.clock.now().as_micros()
    }
}

impl Subject {
    /// From the other half than the one that chose the part.
    const fn slot(self) -> u64 {
        self.1 % SHARED
    }
}

impl Part {
    fn window(&mut self, subject: Subject, wall: i64) -> &mut Sliding {
        let (slot, is_full) = (subject.slot(), self.own.len() >= SUBJECTS);
        match self.own.entry(subject) {
            Entry::Occupied(own) => own.into_mut(),
            Entry::Vacant(free) => {
                let waits = self.shared.get(&slot).is_some_and(|shared| !shared.is_empty_at(wall));
                if waits || is_full { self.shared.entry(slot).or_default() } else { free.insert(Sliding::default()) }
            }
        }
    }

    fn sweep(&mut self, wall: i64) {
        self.own.retain(|_, window| !window.is_empty_at(wall));
        self.shared.retain(|_, window| !window.is_empty_at(wall));
        if self.own.capacity() > 16 + 4 * self.own.len() {
            self.own.shrink_to_fit();
        }
    }
}

pub(super) fn refused(free: i64, wall: i64) -> ActRefused {
    ActRefused { retry_after: retry_after(between(wall, free)) }
}

mod shadow;

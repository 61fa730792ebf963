//! Decides. One file an act, one public function where it can be, one error enum.
//!
//! Knows nothing of HTTP, of terminals or of tables: it takes values of `model`, asks `store`, `crypto` and
//! `limits`, and answers with values of `model`. Start with `authorize/` and `verify/`.

pub mod accounts;
pub mod admin;
pub mod apps;
pub mod authorize;
pub mod bus;
mod charge;
pub mod client_id;
pub mod clients;
pub mod daily;
pub mod device;
mod generations;
pub mod housekeeping;
mod known_key;
mod known_keys;
pub mod notifications;
pub mod otp;
pub mod push;
pub mod replacement;
pub mod revoke;
pub mod session;
mod unknown_keys;
pub mod verify;

use std::sync::Arc;

use crate::crypto::{Passwords, Random};
use crate::limits::{ActLimits, KeyLimits, SharedLimits, UserLimits};
use crate::metrics::Metrics;
use crate::model::{AccessRules, Clock, KeyRules, NotificationRules, ScopeCatalog, SessionLife, Timestamp};
use crate::store::{LastUsed, Store};
pub use known_key::{KnownKey, Power, Windows};
pub use known_keys::KnownKeys;
pub use unknown_keys::UnknownKeys;

/// What the acts work with; made once, by `app.rs`.
#[derive(Debug)]
pub struct Context {
    /// What outlives the process.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes keys and tokens.
    pub random: Random,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// The limits of each key, as this process counts.
    pub key_limits: Arc<KeyLimits>,
    /// The limit of all keys of a user together, as this process counts.
    pub user_limits: Arc<UserLimits>,
    /// Every other limit, as this process counts.
    pub act_limits: Arc<ActLimits>,
    /// All of them, as all nodes count together. `charge.rs` asks whichever counts.
    pub shared_limits: Option<SharedLimits>,
    /// When keys and users were last seen, until it is written down.
    pub last_used: LastUsed,
    /// Keys that were asked about lately.
    pub known_keys: KnownKeys,
    /// Hashes that were looked up in vain.
    pub unknown_keys: UnknownKeys,
    /// Who polls the message bus.
    pub polls: bus::Polls,
    /// The operator's rules.
    pub rules: KeyRules,
    /// What the acts need of pushing.
    pub push: push::Push,
    /// How many notifications are kept, and how long.
    pub notification_rules: NotificationRules,
    /// The scopes there are.
    pub scopes: ScopeCatalog,
    /// Who may reach what.
    pub access: AccessRules,
    /// Days that the log keeps calls of the admin API; 0 for ever.
    pub admin_calls_days: u32,
    /// How long sessions live.
    pub session_life: SessionLife,
    /// What is counted.
    pub metrics: Metrics,
}

impl Context {
    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

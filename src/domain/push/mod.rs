//! Pushes: what a user is told goes to the applications that asked for it (section 7 of the protocol; here it is signed, and
//! tried again).
//!
//! [`enqueue`] stores what is to be sent in the transaction of whoever has something to tell; [`claim`] takes what is due, so
//! that of several nodes one sends it, and [`deliver`] sends it. What is claimed and not delivered, because the program was
//! killed, is due again after [`LEASE`]: nothing is lost, and at worst something arrives twice. `schedule.rs` says when a
//! target is tried again, and when it is given up.

mod body;
mod claim;
mod deliver;
mod enqueue;
mod fate;
mod schedule;
mod sweep;
mod targets;

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Notify;

use crate::courier::Courier;
use crate::model::PushRules;

pub use claim::{Claimed, claim};
pub use deliver::deliver;
pub use enqueue::enqueue;
pub use sweep::sweep;
pub use targets::{list_failing, switch_on};

/// How long nobody else sends what somebody began to send: longer than the courier takes.
pub const LEASE: Duration = Duration::from_secs(30);

/// What was to be told so long ago is not told any more.
pub const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// What the acts need of pushing.
#[derive(Debug)]
pub struct Push {
    /// The operator's rules.
    pub rules: PushRules,
    /// Told when something was stored to be sent.
    pub stored: Notify,
}

/// What sending needs besides.
#[derive(Debug)]
pub struct Sender {
    /// Carries it.
    pub courier: Courier,
    /// Signs it, and is in it, as the protocol has it.
    pub secret: SecretString,
    /// Where the site is.
    pub url: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: String,
}

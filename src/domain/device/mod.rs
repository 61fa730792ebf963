//! The handshake by device code: an application without a browser shows a code, and its user types it somewhere else
//! (sections 6 to 8 of the protocol).
//!
//! `ask.rs` begins, `open.rs` shows the request to the user, `answer.rs` takes the answer, `poll.rs` hands over, `sweep.rs`
//! clears away. `wish.rs` takes the application's wish apart, once when it comes and again when it is answered. Every step
//! is one transaction, so there is no lock to wait for.

mod answer;
mod ask;
mod open;
mod poll;
mod sweep;
mod wish;

use std::net::IpAddr;
use std::time::Duration;

use super::authorize::{ApproveError, AuthorizationRequest, Consent, Refusal};
use crate::limits::{ActRefused, Unreachable};
use crate::model::{DeviceGrant, SessionId, User};
use crate::store::{StoreError, TokenOwner};

pub use answer::{Refused, authorize, deny};
pub use ask::{Codes, ask, check_may_ask};
pub use open::{Entered, Opened, Proof, enter, look_up, open};
pub use poll::{Polled, check_may_poll, poll};
pub(super) use sweep::sweep;

/// How long a request waits for its answer, and an approval token is good (section 13 of the protocol).
pub const LIFE: Duration = Duration::from_mins(10);

/// How long an application should wait between two polls.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// Who answers, and where: approval tokens belong to a session (`C-161`).
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// The user.
    pub user: &'a User,
    /// Their session.
    pub session: SessionId,
    /// The address they come from.
    pub address: IpAddr,
}

impl Here<'_> {
    const fn owner(&self) -> TokenOwner {
        TokenOwner { session: self.session, user: self.user.id }
    }
}

/// What the user has to know of a request.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The request.
    pub grant: DeviceGrant,
    /// What the application asks for, and whether it is registered (`C-140`).
    pub wish: AuthorizationRequest,
    /// What this user knows of the application. Its end is fixed by the instant of the request (`C-142`).
    pub known: Consent,
}

/// What stands in the way.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// What every request needs is not there (`C-113`).
    #[error("base: {0} is missing or empty; nonce, scopes and client_id are needed")]
    Missing(&'static str),
    /// A sign-in cannot be asked for by device code (`C-118`).
    #[error("scopes: one_time_password cannot be asked for by device code; open /user-api-key/new in a browser for it")]
    ScopeNotHere,
    /// The request is too large to be kept (`C-126`).
    #[error("base: the request takes {bytes} bytes to keep; at most {most} are accepted")]
    TooLarge {
        /// Its size, bytes.
        bytes: usize,
        /// How large it may be.
        most: usize,
    },
    /// No free code was found (`C-127`).
    #[error("no free code was found; ask again")]
    NoFreeCode,
    /// Too many tries.
    #[error(transparent)]
    Limited(#[from] ActRefused),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The request itself.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The request is over, answered, or somebody else's.
    #[error("the request is over, answered, or somebody else's")]
    Gone,
    /// The key could not be made.
    #[error(transparent)]
    Approve(#[from] ApproveError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The hash of a device code or an approval token, and whether it can be one at all: 64 lower-case hexadecimal digits.
fn token_hash(text: &str) -> Option<String> {
    let shaped = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    shaped.then(|| crate::crypto::hash_token(&text.to_owned().into()))
}

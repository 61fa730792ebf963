//! Why a key may not.

use crate::domain::client_id::ClientIdError;
use crate::limits::{ActRefused, Refused, Unreachable, Window};
use crate::model::{AmbiguousPath, Verdict};
use crate::store::StoreError;

/// Why a key may not. On the wire the first five look the same (`security.md K3`).
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Not the shape of a key; no look-up was made (`security.md K1`).
    #[error("the value has not the shape of a key")]
    Malformed,
    /// No such key.
    #[error("there is no such key")]
    Unknown,
    /// Somebody ended it.
    #[error("the key was ended")]
    Revoked,
    /// Its time is up.
    #[error("the key has expired")]
    Expired,
    /// The key that replaces it took over.
    #[error("the key was replaced")]
    Replaced,
    /// This address guessed too often (`security.md L4`).
    #[error("too many unknown keys from this address")]
    Guessing(ActRefused),
    /// This proxy or back end asked about too many (`security.md L7`).
    #[error("too many unknown keys from this caller")]
    CallerLimited(ActRefused),
    /// The key's own limit.
    #[error("the key is over its limit")]
    Limited(Refused),
    /// All keys of its owner together are over theirs (`security.md K10`).
    #[error("the owner's keys together are over their limit")]
    OwnerLimited(ActRefused),
    /// Its scopes do not permit the request.
    #[error("the key's scopes do not permit this request")]
    Scope,
    /// A rule of access keeps its owner out.
    #[error("the key's owner is in no group that may do this")]
    Access,
    /// What is asked for can be read in more than one way (`security.md W10`).
    #[error(transparent)]
    Ambiguous(#[from] AmbiguousPath),
    /// Its owner is suspended.
    #[error("the key's owner is suspended")]
    OwnerSuspended,
    /// It may not move to the client id it is presented under.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl VerifyError {
    /// What came of the question.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Malformed => Verdict::Malformed,
            Self::Unknown => Verdict::Unknown,
            Self::Revoked => Verdict::Revoked,
            Self::Expired => Verdict::Expired,
            Self::Replaced => Verdict::Replaced,
            Self::Guessing(_) => Verdict::LimitedAddress,
            Self::CallerLimited(_) => Verdict::LimitedCaller,
            Self::Limited(Refused { which: Window::Minute, .. }) => Verdict::LimitedMinute,
            Self::Limited(Refused { which: Window::Day, .. }) => Verdict::LimitedDay,
            Self::OwnerLimited(_) => Verdict::LimitedUser,
            Self::Scope => Verdict::Scope,
            Self::Access => Verdict::Access,
            Self::Ambiguous(_) => Verdict::Ambiguous,
            Self::OwnerSuspended => Verdict::Suspended,
            Self::ClientId(_) => Verdict::ClientId,
            Self::Limits(_) | Self::Store(_) => Verdict::Unavailable,
        }
    }

    /// The word for it where the caller may know which it is: the site's own back end. The set is closed.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.verdict().word()
    }
}

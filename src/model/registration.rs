//! What the site keeps of a `client_id`, and what an application was registered with.

use super::{ApplicationName, ClientId, ClientRowId, Fingerprint, RedirectUri, Scopes, Timestamp};

/// What the site keeps of a `client_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its row.
    pub row: ClientRowId,
    /// What the application calls its installation.
    pub client_id: ClientId,
    /// The name of the registration; of the first approval, where nobody registered it.
    pub application_name: ApplicationName,
    /// Since when it is blocked: it has no key that works, and gets none.
    pub blocked_at: Option<Timestamp>,
    /// With what it was registered; `None`: it is only known from approvals (`C-069`).
    pub registration: Option<Registration>,
}

impl Client {
    /// Whether it gets no key.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        self.blocked_at.is_some()
    }
}

/// With what an application was registered (`C-268`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its public key, as it was sent: every payload is encrypted to this one (`C-072`).
    pub public_key: String,
    /// Of that key.
    pub fingerprint: Fingerprint,
    /// The one address to which its keys may be sent, if the operator's list has it too (`C-041`, `C-064`).
    pub auth_redirect: RedirectUri,
    /// The most it may ask for (`C-037`).
    pub scopes: Scopes,
    /// When.
    pub since: Timestamp,
}

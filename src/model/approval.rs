//! What a user approved before: so that the consent page can say what changed since.

use super::{Fingerprint, Scopes, Timestamp};

/// A user's last approval of a `client_id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The scopes it gave.
    pub scopes: Scopes,
    /// The application's public key at the time.
    pub fingerprint: Fingerprint,
    /// When.
    pub approved_at: Timestamp,
}

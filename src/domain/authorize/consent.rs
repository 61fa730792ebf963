//! What the user has to know before they answer.

use super::{AuthorizationRequest, Refusal};
use crate::domain::Context;
use crate::model::{Approval, Timestamp, User};
use crate::store::{self, StoreError};

/// Whether the application's key is the one this user approved before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FingerprintHistory {
    /// This user never approved this `client_id`.
    FirstTime,
    /// The same key as then.
    SameAs(Timestamp),
    /// Another key than then.
    ChangedSince(Timestamp),
}

/// What the consent page shows besides the request itself.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The user's last approval of this `client_id`.
    pub before: Option<Approval>,
    /// How the application's key compares to then.
    pub history: FingerprintHistory,
    /// When the key would end, if its application asks for an end.
    pub expires_at: Option<Timestamp>,
}

/// Looks up what this user knows of this application. Writes nothing (`C-056`).
///
/// # Errors
/// Of the database.
pub async fn consider(cx: &Context, user: &User, request: &AuthorizationRequest) -> Result<Consent, StoreError> {
    let (id, client) = (user.id, request.client_id.clone());
    let before = cx.store.read(move |c| store::find_approval(c, id, &client)).await?;
    let fingerprint = request.public_key.fingerprint();
    let history = match &before {
        None => FingerprintHistory::FirstTime,
        Some(then) if then.fingerprint == fingerprint => FingerprintHistory::SameAs(then.approved_at),
        Some(then) => FingerprintHistory::ChangedSince(then.approved_at),
    };
    let expires_at = request.expires_in.map(|life| cx.now().plus(life.span()));
    Ok(Consent { before, history, expires_at })
}

impl Context {
    /// Whether this user may answer at all.
    ///
    /// # Errors
    /// [`Refusal::NotAllowed`], with the groups that may.
    pub fn check_may_approve(&self, user: &User) -> Result<(), Refusal> {
        if self.rules.may_approve(user) {
            return Ok(());
        }
        let groups: Vec<String> = self.rules.user_api_key_allowed_groups.iter().map(ToString::to_string).collect();
        Err(Refusal::NotAllowed(groups.join(", ")))
    }
}

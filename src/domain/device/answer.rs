//! The user's answer (section 7.4 of the protocol).

use super::{DeviceError, Facts, Here, token_hash, wish};
use crate::domain::Context;
use crate::domain::authorize::{ApproveError, prepare, seal, settle};
use crate::model::{ApplicationName, GrantState, KeyId, Origin};
use crate::store::{self, AnyConnection, StoreError};

/// Yes: makes the key and keeps its payload for the application, in one transaction. `false` when the request is no longer
/// this user's to answer (`C-174`); then nothing was made.
///
/// # Errors
/// See [`DeviceError`].
pub async fn authorize(
    cx: &Context,
    here: &Here<'_>,
    facts: &Facts,
    token: Option<&str>,
    origin: Origin,
) -> Result<bool, DeviceError> {
    let expires_at = facts.known.expires_at;
    let (issue, plain) = prepare(cx, here.user, &facts.wish, expires_at, origin)?;
    let payload = seal(&facts.wish, &plain, &cx.rules, expires_at).map_err(ApproveError::from)?;
    let (id, owner, now) = (facts.grant.id, here.owner(), cx.now());
    let hash = token.and_then(token_hash);
    let write = move |tx: &mut AnyConnection| -> Result<(KeyId, Vec<KeyId>), DeviceError> {
        let grant = store::find_device_grant(tx, id)?.ok_or(DeviceError::Gone)?;
        let pending = grant.pending_for(owner.user, now).map_err(|_over| DeviceError::Gone)?;
        let issued = issue.run(tx)?;
        let authorized = pending.authorize(owner.user, issued.0, payload, now, grant.expires_at);
        store::update_device_grant_authorized(tx, id, &authorized)?;
        if let Some(hash) = hash {
            store::delete_approval_token(tx, &hash)?;
        }
        Ok(issued)
    };
    match cx.store.write_of(here.user.id, write).await {
        Ok(issued) => {
            settle(cx, issued);
            Ok(true)
        }
        Err(DeviceError::Gone) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The user said no.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What the application called itself, where it did.
    pub application: Option<ApplicationName>,
}

/// No, by an approval token. Saying no twice is no (`C-183`). `None` when there is nothing of this user's to refuse.
///
/// # Errors
/// See [`DeviceError`].
pub async fn deny(cx: &Context, here: &Here<'_>, token: &str) -> Result<Option<Refused>, DeviceError> {
    let Some(hash) = token_hash(token) else { return Ok(None) };
    let (owner, now) = (here.owner(), cx.now());
    let write = move |tx: &mut AnyConnection| {
        let Some(id) = store::find_approval_token(tx, &hash, owner, now)? else { return Ok(None) };
        let Some(grant) = store::find_device_grant(tx, id)?.filter(|grant| grant.expires_at > now) else {
            return Ok(None);
        };
        match grant.state {
            GrantState::Pending(_) => store::update_device_grant_denied(tx, id)?,
            GrantState::Denied => {}
            GrantState::Authorized(_) => return Ok(None),
        }
        store::delete_approval_token(tx, &hash)?;
        Ok::<_, StoreError>(Some(grant.request))
    };
    let Some(request) = cx.store.write_aside(write).await? else { return Ok(None) };
    let name = wish::read(&request)?.get("application_name").ok().flatten().map(ApplicationName::parse);
    Ok(Some(Refused { application: name.and_then(Result::ok) }))
}

//! Clears away what is over.

use crate::domain::{Context, replacement, revoke};
use crate::model::{AuditEvent, DeviceGrant, GrantState, Origin, Timestamp};
use crate::store::{self, AnyConnection, StoreError};

/// Forgets requests and tokens whose time is up; keys that nobody fetched end with them.
///
/// # Errors
/// Of the database.
pub(in crate::domain) async fn sweep(cx: &Context) -> Result<(), StoreError> {
    let now = cx.now();
    cx.store.write_aside(move |tx| store::delete_expired_approval_tokens(tx, now)).await?;
    // Mostly there are none, and then nobody's key has to be looked up again.
    if cx.store.read(move |c| store::list_expired_device_grants(c, now)).await?.is_empty() {
        return Ok(());
    }
    let write = move |tx: &mut AnyConnection| {
        let over = store::list_expired_device_grants(tx, now)?;
        over.iter().try_for_each(|grant| end(tx, grant, now))
    };
    cx.store.write(write).await
}

/// Forgets a request whose time is up. A key whose payload nobody fetched is revoked: nobody could ever use it, and it
/// would stand among the user's applications (deviation from `C-203`).
pub(super) fn end(tx: &mut AnyConnection, grant: &DeviceGrant, now: Timestamp) -> Result<(), StoreError> {
    // Whoever took the row away meanwhile has delivered or ended it.
    if !store::delete_device_grant(tx, grant.id)? {
        return Ok(());
    }
    let GrantState::Authorized(unfetched) = &grant.state else { return Ok(()) };
    let Some(key) = store::find_key(tx, unfetched.key)?.filter(|key| key.revoked_at.is_none()) else { return Ok(()) };
    // The key it was to replace goes on as if it had never been.
    let key = replacement::call_off(tx, key)?;
    revoke::write(tx, &key, AuditEvent::KeyRevoked, &Origin::default(), now).map(drop)
}

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
    let over = cx.store.read(move |c| store::list_expired_device_grants(c, now)).await?;
    // Anybody may ask and not be answered: for that nobody's key has to be looked up again.
    if over.iter().any(|grant| !has_key(grant)) {
        cx.store.write_aside(move |tx| end_all(tx, now, |grant| !has_key(grant))).await?;
    }
    if over.iter().any(has_key) {
        cx.store.write(move |tx| end_all(tx, now, has_key)).await?;
    }
    Ok(())
}

const fn has_key(grant: &DeviceGrant) -> bool {
    matches!(grant.state, GrantState::Authorized(_))
}

fn end_all(tx: &mut AnyConnection, now: Timestamp, which: fn(&DeviceGrant) -> bool) -> Result<(), StoreError> {
    let over = store::list_expired_device_grants(tx, now)?;
    over.iter().filter(|grant| which(grant)).try_for_each(|grant| end(tx, grant, now))
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

//! Makes, lists and ends the keys of the admin API.

use crate::crypto::hash_key;
use crate::domain::Context;
use crate::model::{
    AdminKey, AdminKeyId, AdminKeyName, AdminScopes, AuditEvent, AuditLine, Networks, NewAdminKey, Origin, PlainKey,
    Timestamp,
};
use crate::store::{self, StoreError};

/// Why no key was ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeAdminKeyError {
    /// There is none of this id that is not ended.
    #[error("there is no admin key {0} to end; `hallpass admin-key list` shows the keys there are")]
    NotFound(AdminKeyId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a key. It is given back this once, and only its hash is kept (`security.md K2`).
///
/// # Errors
/// Of the database.
pub async fn create(
    cx: &Context,
    name: AdminKeyName,
    scopes: AdminScopes,
    networks: Networks,
) -> Result<(AdminKeyId, PlainKey), StoreError> {
    let (plain, now) = (cx.random.plain_key(), cx.now());
    let start = plain.start();
    let key = NewAdminKey { name, hash: hash_key(&plain), start, scopes, networks, created_at: now };
    let stored = cx.store.write_aside(move |tx| {
        let id = store::insert_admin_key(tx, &key)?;
        store::insert_audit_line(tx, &line(AuditEvent::AdminKeyCreated, id, now))?;
        Ok::<_, StoreError>(id)
    });
    Ok((stored.await?, plain))
}

/// Every key, ended ones too, oldest first.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context) -> Result<Vec<AdminKey>, StoreError> {
    cx.store.read(store::list_admin_keys).await
}

/// Ends a key: its next call is refused, on every node.
///
/// # Errors
/// See [`RevokeAdminKeyError`].
pub async fn revoke(cx: &Context, id: AdminKeyId) -> Result<(), RevokeAdminKeyError> {
    let now = cx.now();
    let end = cx.store.write_aside(move |tx| {
        if !store::update_admin_key_revoked(tx, id, now)? {
            return Err(RevokeAdminKeyError::NotFound(id));
        }
        Ok(store::insert_audit_line(tx, &line(AuditEvent::AdminKeyRevoked, id, now))?)
    });
    end.await
}

/// Nobody but the operator does these, so the key of the line is the one that it is about.
fn line(event: AuditEvent, key: AdminKeyId, at: Timestamp) -> AuditLine {
    let origin = Origin { admin_key: Some(key), ..Origin::default() };
    AuditLine::new(event, origin, at)
}

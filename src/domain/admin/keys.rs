//! Users' keys, as the operator's scripts look after them. Ending one is in `domain/revoke.rs`.

use crate::domain::Context;
use crate::model::{AuditEvent, AuditLine, ExpiresIn, KeyId, Origin, Page, Paging, UserApiKey, UserId};
use crate::store::{self, StoreError};

/// Why nothing came of a wish about keys. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There is none of this id.
    #[error("there is no key {0}")]
    NotFound(KeyId),
    /// It works no more: no other end can be given to it.
    #[error("key {0} was ended, or its time is up: nothing lets it begin again")]
    Ended(KeyId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of the keys, ended ones too, in the order in which they were made: of this user, or of all.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, user: Option<UserId>, paging: Paging) -> Result<Page<UserApiKey>, StoreError> {
    let mut page = cx.store.read(move |c| store::list_keys_page(c, user, paging)).await?;
    page.items.iter_mut().for_each(|key| cx.last_used.correct(key));
    Ok(page)
}

/// The key with this id, in whatever state.
///
/// # Errors
/// See [`KeysError`].
pub async fn find(cx: &Context, id: KeyId) -> Result<UserApiKey, KeysError> {
    let mut key = cx.store.read(move |c| store::find_key(c, id)).await?.ok_or(KeysError::NotFound(id))?;
    cx.last_used.correct(&mut key);
    Ok(key)
}

/// Says when a key ends by itself: so long from now, or not at all. One that works no more stays as it is.
///
/// # Errors
/// See [`KeysError`].
pub async fn set_expiry(
    cx: &Context,
    id: KeyId,
    ends_in: Option<ExpiresIn>,
    origin: Origin,
) -> Result<UserApiKey, KeysError> {
    let (key, now) = (find(cx, id).await?, cx.now());
    let at = ends_in.map(|life| now.plus(life.span()));
    cx.store
        .write_of(key.user_id, move |tx| {
            let mut key = store::find_key(tx, id)?.ok_or(KeysError::NotFound(id))?;
            if !key.state(now).is_alive() {
                return Err(KeysError::Ended(id));
            }
            store::update_expiry(tx, id, at)?;
            store::insert_audit_line(tx, &AuditLine::of_key(AuditEvent::KeyExpirySet, &key, origin, now))?;
            key.expires_at = at;
            Ok(key)
        })
        .await
}

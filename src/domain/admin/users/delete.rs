//! Deletes a user.

use super::{UsersError, write};
use crate::domain::Context;
use crate::domain::admin::audit::log;
use crate::model::{AuditEvent, Origin, UserId};
use crate::store;

/// Deletes a user with their sessions and keys. Their lines in the log stay.
///
/// # Errors
/// See [`UsersError`].
pub async fn delete(cx: &Context, id: UserId, origin: Origin) -> Result<(), UsersError> {
    let now = cx.now();
    let deleted = cx.store.write_of(id, move |tx| {
        write::keeping_an_administrator(tx, |tx| {
            let keys = store::list_keys(tx, id)?;
            if !store::delete_user(tx, id)? {
                return Err(UsersError::NotFound(id));
            }
            log(tx, AuditEvent::UserDeleted, id, &origin, now)?;
            Ok(keys)
        })
    });
    for key in deleted.await? {
        cx.key_limits.forget(key.id);
    }
    Ok(())
}

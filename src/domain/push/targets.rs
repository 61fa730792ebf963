//! The targets where it does not go well: shown to the operator, and tried again.

use crate::domain::Context;
use crate::model::{NewKey, PushTarget, PushUrl, wants_pushes};
use crate::store::{self, AnyConnection, StoreError};

/// The targets that failed the last time, by their address; those that are switched off among them.
///
/// # Errors
/// Of the database.
pub async fn list_failing(cx: &Context) -> Result<Vec<PushTarget>, StoreError> {
    cx.store.read(store::list_failing_push_targets).await
}

/// Has the target of a key that a user has just allowed tried again, if it is switched off; in the caller's transaction. One
/// that fails keeps its turn, or each approval would have it asked at once.
pub(in crate::domain) fn begin_anew(tx: &mut AnyConnection, key: &NewKey) -> Result<(), StoreError> {
    match &key.push_url {
        Some(url) if wants_pushes(&key.scopes) => store::delete_switched_off_push_target(tx, url),
        Some(_) | None => Ok(()),
    }
}

/// Forgets the failures of a target, so that it is tried again; says whether there were any.
///
/// # Errors
/// Of the database.
pub async fn switch_on(cx: &Context, url: PushUrl) -> Result<bool, StoreError> {
    let now = cx.now();
    cx.store
        .write_aside(move |tx| {
            store::update_push_deliveries_due_now(tx, &url, now)?;
            store::delete_push_target(tx, &url)
        })
        .await
}

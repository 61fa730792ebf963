//! The targets where it does not go well, for the operator.

use crate::domain::Context;
use crate::model::{PushTarget, PushUrl};
use crate::store::{self, StoreError};

/// The targets that failed the last time, by their address; those that are switched off among them.
///
/// # Errors
/// Of the database.
pub async fn list_failing(cx: &Context) -> Result<Vec<PushTarget>, StoreError> {
    cx.store.read(store::list_failing_push_targets).await
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

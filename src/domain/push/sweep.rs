//! Forgets what nobody is to be pushed any more.

use super::LONGEST_WAIT;
use crate::domain::Context;
use crate::model::Timestamp;
use crate::store::{self, AnyConnection, StoreError};

/// Forgets what is too old and what goes to nobody; then the figures know how much is left.
///
/// # Errors
/// Of the database.
pub async fn sweep(cx: &Context, now: Timestamp) -> Result<(), StoreError> {
    let sweep = move |tx: &mut AnyConnection| {
        store::delete_stale_push_deliveries(tx, now.minus(LONGEST_WAIT))?;
        Ok::<_, StoreError>((store::count_push_deliveries(tx)?, store::count_switched_off_push_targets(tx)?))
    };
    let (waiting, switched_off) = cx.store.write_aside(sweep).await?;
    cx.metrics.pushes_stand(waiting, switched_off);
    Ok(())
}

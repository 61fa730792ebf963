//! Lets go of what is old.

use super::recount;
use crate::model::{NotificationRules, Timestamp};
use crate::store::{self, AnyConnection, StoreError};

/// Deletes what the rules no longer keep; says how many.
///
/// # Errors
/// Of the database.
pub fn delete_old(tx: &mut AnyConnection, rules: NotificationRules, now: Timestamp) -> Result<usize, StoreError> {
    let (before, read_before) = (now.days_earlier(rules.keep_days), now.days_earlier(rules.keep_read_days));
    let (owners, count) = store::delete_old_notifications(tx, before, read_before)?;
    for owner in owners {
        recount(tx, owner, now)?;
    }
    Ok(count)
}

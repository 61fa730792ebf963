//! Lets go of what is old.

use std::time::Duration;

use super::recount;
use crate::model::{NotificationRules, Timestamp};
use crate::store::{self, AnyConnection, StoreError};

const DAY: Duration = Duration::from_hours(24);

/// Deletes what the rules no longer keep; says how many.
///
/// # Errors
/// Of the database.
pub fn delete_old(tx: &mut AnyConnection, rules: NotificationRules, now: Timestamp) -> Result<usize, StoreError> {
    let days_ago = |days: u32| (days > 0).then(|| now.minus(DAY * days));
    let (owners, count) =
        store::delete_old_notifications(tx, days_ago(rules.keep_days), days_ago(rules.keep_read_days))?;
    for owner in owners {
        recount(tx, owner, now)?;
    }
    Ok(count)
}

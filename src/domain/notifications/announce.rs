//! The one place that hears of every change to what users are told. Both functions work in the caller's transaction,
//! which may run twice: they change nothing but the database.

use crate::model::{Notification, Timestamp, Totals, User, UserId};
use crate::store::{AnyConnection, StoreError};

/// A new notification of a user, who may be suspended, and what is new to them with it. Called once for each.
pub(super) fn published(
    _tx: &mut AnyConnection,
    user: &User,
    notification: &Notification,
    totals: &Totals,
    _now: Timestamp,
) -> Result<(), StoreError> {
    let (user, notification) = (user.id.get(), notification.id.get());
    tracing::debug!(user, notification, unread = totals.all_unread, "published");
    Ok(())
}

/// What is new to a user has changed: something was published, read, seen or deleted.
pub(super) fn recounted(
    _tx: &mut AnyConnection,
    user: UserId,
    totals: &Totals,
    _now: Timestamp,
) -> Result<(), StoreError> {
    tracing::debug!(user = user.get(), unread = totals.all_unread, seen = totals.seen_notification_id, "recounted");
    Ok(())
}

//! The one place that hears of every change to what users are told. Both functions work in the caller's transaction,
//! which may run twice: they change nothing but the database.

use crate::domain::bus;
use crate::model::{Notification, Timestamp, Totals, User, UserId};
use crate::store::{AnyConnection, StoreError};

/// A new notification of a user, who may be suspended, and what is new to them with it. Called once for each.
pub(super) fn published(
    tx: &mut AnyConnection,
    _user: &User,
    notification: &Notification,
    _totals: &Totals,
    now: Timestamp,
) -> Result<(), StoreError> {
    bus::alerted(tx, notification, now)
}

/// What is new to a user has changed: something was published, read, seen or deleted.
pub(super) fn recounted(
    tx: &mut AnyConnection,
    user: UserId,
    totals: &Totals,
    now: Timestamp,
) -> Result<(), StoreError> {
    bus::counted(tx, user, totals, now)
}

//! What users were told, as the site's back end looks after it. Publishing is in `domain/notifications/`.

use super::audit::log;
use crate::domain::Context;
use crate::domain::notifications::{mark_all_in, recount};
use crate::model::{AuditEvent, DedupeId, Notification, NotificationId, Origin, Page, Paging, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// Why nothing came of a wish about notifications. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum NotificationsError {
    /// There is no such notification.
    #[error("there is no such notification")]
    NotFound,
    /// There is no user of this id.
    #[error("there is no user {0}")]
    NoSuchUser(UserId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which notification is meant.
#[derive(Clone, Debug)]
pub enum Which {
    /// The one with this id.
    Id(NotificationId),
    /// The one of this user that the site calls so.
    Called(UserId, DedupeId),
}

fn get(c: &mut AnyConnection, which: &Which) -> Result<Notification, NotificationsError> {
    let found = match which {
        Which::Id(id) => store::find_notification(c, *id)?,
        Which::Called(user, id) => store::find_notification_by_dedupe_id(c, *user, id)?,
    };
    found.ok_or(NotificationsError::NotFound)
}

fn check_user(c: &mut AnyConnection, id: UserId) -> Result<(), NotificationsError> {
    store::find_user(c, id)?.map(drop).ok_or(NotificationsError::NoSuchUser(id))
}

/// A page of what the user was told, newest first.
///
/// # Errors
/// See [`NotificationsError`].
pub async fn list(cx: &Context, user: UserId, paging: Paging) -> Result<Page<Notification>, NotificationsError> {
    let list = move |c: &mut AnyConnection| {
        check_user(c, user)?;
        Ok(store::list_notifications_page(c, user, paging)?)
    };
    cx.store.read(list).await
}

/// Marks a notification as read.
///
/// # Errors
/// See [`NotificationsError`].
pub async fn mark_read(cx: &Context, which: Which, origin: Origin) -> Result<(), NotificationsError> {
    let now = cx.now();
    let mark = move |tx: &mut AnyConnection| {
        let Notification { id, user_id, .. } = get(tx, &which)?;
        if store::update_notification_read(tx, id)? {
            recount(tx, user_id, now)?;
            log(tx, AuditEvent::NotificationRead, user_id, &origin, now)?;
        }
        Ok(())
    };
    cx.store.write_aside(mark).await
}

/// Marks all of a user's notifications as read.
///
/// # Errors
/// See [`NotificationsError`].
pub async fn mark_all_read(cx: &Context, user: UserId, origin: Origin) -> Result<(), NotificationsError> {
    let now = cx.now();
    let mark = move |tx: &mut AnyConnection| {
        check_user(tx, user)?;
        if mark_all_in(tx, user, now)? {
            log(tx, AuditEvent::NotificationRead, user, &origin, now)?;
        }
        Ok(())
    };
    cx.store.write_aside(mark).await
}

/// Deletes a notification.
///
/// # Errors
/// See [`NotificationsError`].
pub async fn delete(cx: &Context, which: Which, origin: Origin) -> Result<(), NotificationsError> {
    let now = cx.now();
    let delete = move |tx: &mut AnyConnection| {
        let Notification { id, user_id, .. } = get(tx, &which)?;
        store::delete_notification(tx, id)?;
        recount(tx, user_id, now)?;
        Ok(log(tx, AuditEvent::NotificationDeleted, user_id, &origin, now)?)
    };
    cx.store.write_aside(delete).await
}

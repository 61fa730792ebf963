//! What a user was told: listed, counted, seen, read.

use super::recount;
use crate::domain::Context;
use crate::model::{Notification, NotificationId, Timestamp, Totals, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// Some of a user's notifications.
#[derive(Clone, Debug)]
pub struct List {
    /// These.
    pub notifications: Vec<Notification>,
    /// How many there are in all.
    pub total: u64,
    /// The newest of all.
    newest: Option<NotificationId>,
    /// How much is new.
    pub totals: Totals,
}

type Rows = fn(&mut AnyConnection, UserId, u32, u16) -> Result<Vec<Notification>, StoreError>;

async fn listed(cx: &Context, user: UserId, rows: Rows, offset: u32, limit: u16) -> Result<List, StoreError> {
    let list = move |c: &mut AnyConnection| {
        Ok(List {
            notifications: rows(c, user, offset, limit)?,
            total: store::count_notifications(c, user)?,
            newest: store::find_newest_notification(c, user)?,
            totals: store::find_totals(c, user)?,
        })
    };
    cx.store.read(list).await
}

/// So many of the user's notifications, after so many others, newest first.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, user: UserId, offset: u32, limit: u16) -> Result<List, StoreError> {
    listed(cx, user, store::list_notifications, offset, limit).await
}

/// `list`, with those first that matter most: unread ones, and of these the ones of high priority.
///
/// # Errors
/// Of the database.
pub async fn recent(cx: &Context, user: UserId, offset: u32, limit: u16) -> Result<List, StoreError> {
    listed(cx, user, store::list_recent_notifications, offset, limit).await
}

/// `recent`, at which the user looks: nothing up to the newest of all is new to them any more. What was seen stays unread.
///
/// # Errors
/// Of the database.
pub async fn look(cx: &Context, user: UserId, offset: u32, limit: u16) -> Result<List, StoreError> {
    let mut list = recent(cx, user, offset, limit).await?;
    if let Some(newest) = list.newest.filter(|newest| newest.get() > list.totals.seen_notification_id) {
        match see(cx, user, newest).await {
            Ok(totals) => list.totals = totals,
            // On a full disk everything can be read still.
            Err(error) => tracing::debug!(%error, "that notifications were seen could not be noted"),
        }
    }
    Ok(list)
}

async fn see(cx: &Context, user: UserId, newest: NotificationId) -> Result<Totals, StoreError> {
    let now = cx.now();
    let see = move |tx: &mut AnyConnection| {
        store::update_seen_notification(tx, user, newest)?;
        recount(tx, user, now)
    };
    cx.store.write_aside(see).await
}

/// How much is new to the user.
///
/// # Errors
/// Of the database.
pub async fn totals(cx: &Context, user: UserId) -> Result<Totals, StoreError> {
    cx.store.read(move |c| store::find_totals(c, user)).await
}

/// Marks this notification of the user as read. One that is not there, or somebody else's, is left as it is, and so is not
/// told from one that was read before.
///
/// # Errors
/// Of the database.
pub async fn mark_read(cx: &Context, user: UserId, id: NotificationId) -> Result<(), StoreError> {
    let now = cx.now();
    let mark = move |tx: &mut AnyConnection| {
        let theirs = store::find_notification(tx, id)?.is_some_and(|there| there.user_id == user);
        if theirs && store::update_notification_read(tx, id)? {
            recount(tx, user, now)?;
        }
        Ok(())
    };
    cx.store.write_aside(mark).await
}

/// Marks all of the user's notifications as read, and as seen.
///
/// # Errors
/// Of the database.
pub async fn mark_all_read(cx: &Context, user: UserId) -> Result<(), StoreError> {
    let now = cx.now();
    cx.store.write_aside(move |tx| mark_all_in(tx, user, now).map(drop)).await
}

/// [`mark_all_read`] in the caller's transaction; says whether anything was not.
pub(in crate::domain) fn mark_all_in(tx: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(newest) = store::find_newest_notification(tx, user)? else { return Ok(false) };
    let (read, seen) =
        (store::update_notifications_read(tx, user)? > 0, store::update_seen_notification(tx, user, newest)?);
    if read || seen {
        recount(tx, user, now)?;
    }
    Ok(read)
}

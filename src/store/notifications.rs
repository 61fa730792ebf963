//! The table `notifications`, and how far its user has looked through it (`users.seen_notification_id`).

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{notifications, users};
use super::{AnyConnection, StoreError};
use crate::model::{
    DedupeId, NewNotification, Notification, NotificationData, NotificationId, NotificationType, NotificationUrl, Page,
    Paging, Timestamp, Totals, UserId,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = notifications)]
struct NotificationRow {
    id: i64,
    user_id: i64,
    notification_type: i32,
    read: bool,
    high_priority: bool,
    created_at: i64,
    data: String,
    url: Option<String>,
    dedupe_id: Option<String>,
}

fn broken<E: ToString>(column: &'static str) -> impl FnOnce(E) -> StoreError {
    corrupt("notifications", column)
}

impl TryFrom<NotificationRow> for Notification {
    type Error = StoreError;

    fn try_from(row: NotificationRow) -> Result<Self, StoreError> {
        let kind = NotificationType::parse(row.notification_type.into()).map_err(broken("notification_type"))?;
        Ok(Self {
            id: NotificationId::parse(row.id).map_err(broken("id"))?,
            user_id: UserId::parse(row.user_id).map_err(broken("user_id"))?,
            notification_type: kind,
            read: row.read,
            high_priority: row.high_priority,
            created_at: Timestamp::from_micros(row.created_at),
            data: NotificationData::parse(&row.data).map_err(broken("data"))?,
            url: row.url.as_deref().map(NotificationUrl::parse).transpose().map_err(broken("url"))?,
            dedupe_id: row.dedupe_id.as_deref().map(DedupeId::parse).transpose().map_err(broken("dedupe_id"))?,
        })
    }
}

fn parse(rows: Vec<NotificationRow>) -> Result<Vec<Notification>, StoreError> {
    rows.into_iter().map(Notification::try_from).collect()
}

/// The notification with this id.
///
/// # Errors
/// Of the database.
pub fn find_notification(c: &mut AnyConnection, id: NotificationId) -> Result<Option<Notification>, StoreError> {
    let row = notifications::table.find(id.get()).select(NotificationRow::as_select()).get_result(c).optional()?;
    row.map(Notification::try_from).transpose()
}

/// The notification of the user that the site calls so.
///
/// # Errors
/// Of the database.
pub fn find_notification_by_dedupe_id(
    c: &mut AnyConnection,
    user: UserId,
    id: &DedupeId,
) -> Result<Option<Notification>, StoreError> {
    let theirs = notifications::table.filter(notifications::user_id.eq(user.get()));
    let row = theirs.filter(notifications::dedupe_id.eq(id.as_str())).select(NotificationRow::as_select());
    row.get_result(c).optional()?.map(Notification::try_from).transpose()
}

/// How much is new to the user.
///
/// # Errors
/// Of the database.
pub fn find_totals(c: &mut AnyConnection, user: UserId) -> Result<Totals, StoreError> {
    let seen: Option<i64> =
        users::table.find(user.get()).select(users::seen_notification_id).get_result(c).optional()?;
    let unread = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .filter(notifications::read.eq(false))
        .select((notifications::id, notifications::notification_type, notifications::high_priority));
    let unread: Vec<(i64, i32, bool)> = unread.load(c)?;
    let mut totals = Totals { seen_notification_id: seen.unwrap_or(0), ..Totals::default() };
    for (id, kind, high_priority) in unread {
        totals.add_unread(id, kind, high_priority);
    }
    Ok(totals)
}

/// The notifications that matter most to the user: unread ones of high priority, then unread ones, then the others; the
/// newest of each first. So many, after so many others.
///
/// # Errors
/// Of the database.
pub fn list_recent_notifications(
    c: &mut AnyConnection,
    user: UserId,
    offset: u32,
    limit: u16,
) -> Result<Vec<Notification>, StoreError> {
    let urgent = notifications::read.eq(false).and(notifications::high_priority.eq(true));
    let rows = notifications::table
        .filter(notifications::user_id.eq(user.get()))
        .order((urgent.desc(), notifications::read.asc(), notifications::id.desc()))
        .offset(offset.into())
        .limit(limit.into())
        .select(NotificationRow::as_select());
    parse(rows.load(c)?)
}

/// The user's notifications, newest first: so many, after so many others.
///
/// # Errors
/// Of the database.
pub fn list_notifications(
    c: &mut AnyConnection,
    user: UserId,
    offset: u32,
    limit: u16,
) -> Result<Vec<Notification>, StoreError> {
    let theirs = notifications::table.filter(notifications::user_id.eq(user.get())).order(notifications::id.desc());
    let rows = theirs.offset(offset.into()).limit(limit.into()).select(NotificationRow::as_select());
    parse(rows.load(c)?)
}

/// The user's newest notification.
///
/// # Errors
/// Of the database.
pub fn find_newest_notification(c: &mut AnyConnection, user: UserId) -> Result<Option<NotificationId>, StoreError> {
    let theirs = notifications::table.filter(notifications::user_id.eq(user.get()));
    let newest: Option<i64> = theirs.select(diesel::dsl::max(notifications::id)).get_result(c)?;
    newest.map(NotificationId::parse).transpose().map_err(broken("id"))
}

/// How many notifications the user has.
///
/// # Errors
/// Of the database.
pub fn count_notifications(c: &mut AnyConnection, user: UserId) -> Result<u64, StoreError> {
    let count: i64 = notifications::table.filter(notifications::user_id.eq(user.get())).count().get_result(c)?;
    Ok(count.unsigned_abs())
}

/// A page of the user's notifications, newest first.
///
/// # Errors
/// Of the database.
pub fn list_notifications_page(
    c: &mut AnyConnection,
    user: UserId,
    paging: Paging,
) -> Result<Page<Notification>, StoreError> {
    let theirs = notifications::table.filter(notifications::user_id.eq(user.get()));
    let query = theirs.filter(notifications::id.lt(paging.before_id())).order(notifications::id.desc());
    let rows = query.limit(paging.rows()).select(NotificationRow::as_select()).load(c)?;
    Ok(Page::of(parse(rows)?, paging, |notification: &Notification| notification.id.get()))
}

/// Makes a notification of the user.
///
/// # Errors
/// [`StoreError::Conflict`] when the user has one that the site calls the same.
pub fn insert_notification(
    c: &mut AnyConnection,
    user: UserId,
    new: &NewNotification,
    now: Timestamp,
) -> Result<Notification, StoreError> {
    let id: i64 = diesel::insert_into(notifications::table)
        .values((
            notifications::user_id.eq(user.get()),
            notifications::notification_type.eq(new.notification_type.get()),
            notifications::read.eq(false),
            notifications::high_priority.eq(new.high_priority),
            notifications::created_at.eq(now.as_micros()),
            notifications::data.eq(new.data.to_string()),
            notifications::url.eq(new.url.as_ref().map(NotificationUrl::as_str)),
            notifications::dedupe_id.eq(new.dedupe_id.as_ref().map(DedupeId::as_str)),
        ))
        .returning(notifications::id)
        .get_result(c)?;
    notifications::table.find(id).select(NotificationRow::as_select()).get_result::<NotificationRow>(c)?.try_into()
}

/// Marks a notification as read; says whether it was not.
///
/// # Errors
/// Of the database.
pub fn update_notification_read(c: &mut AnyConnection, id: NotificationId) -> Result<bool, StoreError> {
    let unread = notifications::table.filter(notifications::id.eq(id.get())).filter(notifications::read.eq(false));
    Ok(diesel::update(unread).set(notifications::read.eq(true)).execute(c)? == 1)
}

/// Marks every notification of the user as read; says how many were not.
///
/// # Errors
/// Of the database.
pub fn update_notifications_read(c: &mut AnyConnection, user: UserId) -> Result<usize, StoreError> {
    let theirs = notifications::table.filter(notifications::user_id.eq(user.get()));
    let unread = theirs.filter(notifications::read.eq(false));
    Ok(diesel::update(unread).set(notifications::read.eq(true)).execute(c)?)
}

/// Notes that the user has been shown everything up to this notification; says whether that is news.
///
/// # Errors
/// Of the database.
pub fn update_seen_notification(c: &mut AnyConnection, user: UserId, id: NotificationId) -> Result<bool, StoreError> {
    let behind = users::table.filter(users::id.eq(user.get())).filter(users::seen_notification_id.lt(id.get()));
    Ok(diesel::update(behind).set(users::seen_notification_id.eq(id.get())).execute(c)? == 1)
}

/// Deletes a notification; says whether there was one.
///
/// # Errors
/// Of the database.
pub fn delete_notification(c: &mut AnyConnection, id: NotificationId) -> Result<bool, StoreError> {
    Ok(diesel::delete(notifications::table.find(id.get())).execute(c)? == 1)
}

/// Deletes all of the user's notifications but the newest `most`.
///
/// # Errors
/// Of the database.
pub fn delete_notifications_beyond(c: &mut AnyConnection, user: UserId, most: u32) -> Result<(), StoreError> {
    let theirs = notifications::table.filter(notifications::user_id.eq(user.get()));
    let beyond = theirs.order(notifications::id.desc()).offset(most.into()).limit(1).select(notifications::id);
    let Some(beyond) = beyond.get_result::<i64>(c).optional()? else { return Ok(()) };
    let old = notifications::user_id.eq(user.get()).and(notifications::id.le(beyond));
    diesel::delete(notifications::table.filter(old)).execute(c)?;
    Ok(())
}

/// Deletes notifications made before an instant, and those that were read and made before another; gives the users who had
/// them, each once, and how many they were.
///
/// # Errors
/// Of the database.
pub fn delete_old_notifications(
    c: &mut AnyConnection,
    before: Option<Timestamp>,
    read_before: Option<Timestamp>,
) -> Result<(Vec<UserId>, usize), StoreError> {
    let never = i64::MIN;
    let old = notifications::created_at.lt(before.map_or(never, Timestamp::as_micros));
    let read = notifications::read.eq(true);
    let old = old.or(read.and(notifications::created_at.lt(read_before.map_or(never, Timestamp::as_micros))));
    let mut owners: Vec<i64> =
        diesel::delete(notifications::table.filter(old)).returning(notifications::user_id).get_results(c)?;
    let count = owners.len();
    owners.sort_unstable();
    owners.dedup();
    let owners = owners.into_iter().map(|id| UserId::parse(id).map_err(broken("user_id")));
    Ok((owners.collect::<Result<_, _>>()?, count))
}

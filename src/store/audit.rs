//! The table `audit_log`.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::audit_log;
use super::{AnyConnection, StoreError};
use crate::model::{
    AdminKeyId, AuditEvent, AuditFilter, AuditLine, ClientId, KeyId, LoggedLine, Origin, Page, Paging, Timestamp,
    UserId,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log)]
struct AuditRow {
    id: i64,
    happened_at: i64,
    event: String,
    actor_id: Option<i64>,
    admin_key_id: Option<i64>,
    user_id: Option<i64>,
    user_api_key_id: Option<i64>,
    client_id: Option<String>,
    address: Option<String>,
    request_id: Option<String>,
    route: Option<String>,
}

fn broken<E: ToString>(column: &'static str) -> impl FnOnce(E) -> StoreError {
    corrupt("audit_log", column)
}

impl TryFrom<AuditRow> for LoggedLine {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let origin = Origin {
            actor: row.actor_id.map(UserId::parse).transpose().map_err(broken("actor_id"))?,
            admin_key: row.admin_key_id.map(AdminKeyId::parse).transpose().map_err(broken("admin_key_id"))?,
            address: row.address.map(|text| text.parse()).transpose().map_err(broken("address"))?,
            request_id: row.request_id,
            route: row.route,
        };
        let line = AuditLine {
            at: Timestamp::from_micros(row.happened_at),
            event: AuditEvent::parse(&row.event).map_err(broken("event"))?,
            origin,
            user_id: row.user_id.map(UserId::parse).transpose().map_err(broken("user_id"))?,
            key_id: row.user_api_key_id.map(KeyId::parse).transpose().map_err(broken("user_api_key_id"))?,
            client_id: row.client_id.as_deref().map(ClientId::parse).transpose().map_err(broken("client_id"))?,
        };
        Ok(Self { id: row.id, line })
    }
}

/// Writes a line.
///
/// # Errors
/// Of the database.
pub fn insert_audit_line(c: &mut AnyConnection, line: &AuditLine) -> Result<(), StoreError> {
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::happened_at.eq(line.at.as_micros()),
            audit_log::event.eq(line.event.word()),
            audit_log::actor_id.eq(line.origin.actor.map(UserId::get)),
            audit_log::admin_key_id.eq(line.origin.admin_key.map(AdminKeyId::get)),
            audit_log::user_id.eq(line.user_id.map(UserId::get)),
            audit_log::user_api_key_id.eq(line.key_id.map(KeyId::get)),
            audit_log::client_id.eq(line.client_id.as_ref().map(ClientId::as_str)),
            audit_log::address.eq(line.origin.address.map(|address| address.to_string())),
            audit_log::request_id.eq(line.origin.request_id.as_deref()),
            audit_log::route.eq(line.origin.route.as_deref()),
        ))
        .execute(c)?;
    Ok(())
}

/// The events and the keys they happened to, oldest first.
///
/// # Errors
/// Of the database.
pub fn list_audit_lines(c: &mut AnyConnection) -> Result<Vec<(String, Option<i64>)>, StoreError> {
    Ok(audit_log::table.order(audit_log::id).select((audit_log::event, audit_log::user_api_key_id)).load(c)?)
}

/// Whether the operator ended this key, on the command line or through the admin API, and nobody took that back since. Whoever else
/// ended it again meanwhile.
///
/// # Errors
/// Of the database.
pub fn is_ended_by_operator(c: &mut AnyConnection, key: KeyId) -> Result<bool, StoreError> {
    let (ended, restored) = (AuditEvent::KeyRevoked.word(), AuditEvent::KeyRestored.word());
    let lines: Vec<(String, Option<i64>, Option<i64>)> = audit_log::table
        .filter(audit_log::event.eq_any([ended, restored]))
        .filter(audit_log::user_api_key_id.eq(key.get()))
        .order(audit_log::id.desc())
        .select((audit_log::event, audit_log::actor_id, audit_log::admin_key_id))
        .load(c)?;
    let mut since = lines.iter().take_while(|(event, ..)| event == ended);
    Ok(since.any(|(_, actor, admin_key)| actor.is_none() || admin_key.is_some()))
}

/// When the last of the oldest lines about calls of the admin API from before an instant was written, of so many at most; none
/// where there are no such lines.
///
/// # Errors
/// Of the database.
pub fn find_last_old_call(c: &mut AnyConnection, then: Timestamp, most: i64) -> Result<Option<Timestamp>, StoreError> {
    let old = audit_log::event.eq(AuditEvent::AdminCalled.word()).and(audit_log::happened_at.lt(then.as_micros()));
    let query = audit_log::table.filter(old).order(audit_log::happened_at).limit(most).select(audit_log::happened_at);
    Ok(query.load::<i64>(c)?.last().copied().map(Timestamp::from_micros))
}

/// Deletes the lines about calls of the admin API up to an instant.
///
/// # Errors
/// Of the database.
pub fn delete_calls_until(c: &mut AnyConnection, last: Timestamp) -> Result<(), StoreError> {
    let calls = audit_log::event.eq(AuditEvent::AdminCalled.word());
    diesel::delete(audit_log::table.filter(calls).filter(audit_log::happened_at.le(last.as_micros()))).execute(c)?;
    Ok(())
}

/// A page of the lines that are meant, newest first. Lines about calls of the admin API are not, unless they are asked for.
///
/// # Errors
/// Of the database.
pub fn list_audit_page(
    c: &mut AnyConnection,
    filter: AuditFilter,
    paging: Paging,
) -> Result<Page<LoggedLine>, StoreError> {
    let mut query = audit_log::table.filter(audit_log::id.lt(paging.before_id())).into_boxed();
    if let Some(user) = filter.user_id {
        query = query.filter(audit_log::user_id.eq(user.get()));
    }
    if let Some(key) = filter.key_id {
        query = query.filter(audit_log::user_api_key_id.eq(key.get()));
    }
    if let Some(key) = filter.admin_key_id {
        query = query.filter(audit_log::admin_key_id.eq(key.get()));
    }
    query = match filter.event {
        Some(event) => query.filter(audit_log::event.eq(event.word())),
        None => query.filter(audit_log::event.ne(AuditEvent::AdminCalled.word())),
    };
    let query = query.order(audit_log::id.desc()).limit(paging.rows());
    let rows: Vec<AuditRow> = query.select(AuditRow::as_select()).load(c)?;
    let lines = rows.into_iter().map(LoggedLine::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of(lines, paging, |line: &LoggedLine| line.id))
}

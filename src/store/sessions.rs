//! The table `sessions`: who is signed in. Only the hash of a session's token is here.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{sessions, user_groups, users};
use super::users::UserRow;
use super::{AnyConnection, StoreError};
use crate::model::{Session, SessionId, Timestamp, User, UserId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: i64,
    user_id: i64,
    created_at: i64,
    last_seen_at: i64,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId::parse(row.id).map_err(corrupt("sessions", "id"))?,
            user_id: UserId::parse(row.user_id).map_err(corrupt("sessions", "user_id"))?,
            created_at: Timestamp::from_micros(row.created_at),
            last_seen_at: Timestamp::from_micros(row.last_seen_at),
        })
    }
}

/// The session whose token has this hash, with its user; in one query, because every page asks.
///
/// # Errors
/// Of the database.
pub fn find_session_with_user(c: &mut AnyConnection, token_hash: &str) -> Result<Option<(Session, User)>, StoreError> {
    let rows: Vec<(SessionRow, UserRow, Option<String>)> = sessions::table
        .inner_join(users::table.left_join(user_groups::table))
        .filter(sessions::token_hash.eq(token_hash))
        .select((SessionRow::as_select(), UserRow::as_select(), user_groups::name.nullable()))
        .load(c)?;
    // A row for each group of the user.
    let groups: Vec<String> = rows.iter().filter_map(|(.., group)| group.clone()).collect();
    let Some((session, user, _)) = rows.into_iter().next() else { return Ok(None) };
    Ok(Some((Session::try_from(session)?, user.into_user(&groups)?)))
}

/// The session with this id.
///
/// # Errors
/// Of the database.
pub fn find_session_by_id(c: &mut AnyConnection, id: SessionId) -> Result<Option<Session>, StoreError> {
    let query = sessions::table.find(id.get()).select(SessionRow::as_select());
    query.get_result(c).optional()?.map(Session::try_from).transpose()
}

/// Begins a session.
///
/// # Errors
/// Of the database.
pub fn insert_session(c: &mut AnyConnection, token_hash: &str, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token_hash),
            sessions::user_id.eq(user.get()),
            sessions::created_at.eq(now.as_micros()),
            sessions::last_seen_at.eq(now.as_micros()),
        ))
        .execute(c)?;
    Ok(())
}

/// Notes that the session was used.
///
/// # Errors
/// Of the database.
pub fn update_session_seen(c: &mut AnyConnection, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(id.get())).set(sessions::last_seen_at.eq(now.as_micros())).execute(c)?;
    Ok(())
}

/// Ends this session.
///
/// # Errors
/// Of the database.
pub fn delete_session(c: &mut AnyConnection, id: SessionId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.find(id.get())).execute(c)?;
    Ok(())
}

/// Ends the session with this token.
///
/// # Errors
/// Of the database.
pub fn delete_session_by_token(c: &mut AnyConnection, token_hash: &str) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::token_hash.eq(token_hash))).execute(c)?;
    Ok(())
}

/// Ends every session of the user.
///
/// # Errors
/// Of the database.
pub fn delete_sessions_of(c: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    diesel::delete(sessions::table.filter(sessions::user_id.eq(user.get()))).execute(c)?;
    Ok(())
}

/// Clears away sessions not used since one instant, or begun before another.
///
/// # Errors
/// Of the database.
pub fn delete_stale_sessions(c: &mut AnyConnection, unused: Timestamp, begun: Timestamp) -> Result<usize, StoreError> {
    let stale = sessions::last_seen_at.lt(unused.as_micros()).or(sessions::created_at.lt(begun.as_micros()));
    Ok(diesel::delete(sessions::table.filter(stale)).execute(c)?)
}

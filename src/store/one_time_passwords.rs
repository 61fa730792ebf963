//! The table `one_time_passwords`. Only hashes are here; a row goes when its password is spent.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::one_time_passwords as passwords;
use super::{AnyConnection, StoreError};
use crate::model::{Timestamp, UserId};

/// Stores the hash of a one-time password of the user, good before this instant.
///
/// # Errors
/// Of the database.
pub fn insert_one_time_password(
    c: &mut AnyConnection,
    hash: &str,
    user: UserId,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let row =
        (passwords::hash.eq(hash), passwords::user_id.eq(user.get()), passwords::expires_at.eq(expires_at.as_micros()));
    diesel::insert_into(passwords::table).values(row).execute(c)?;
    Ok(())
}

/// Whose one-time password has this hash, if it is still good.
///
/// # Errors
/// Of the database.
pub fn find_one_time_password(c: &mut AnyConnection, hash: &str, now: Timestamp) -> Result<Option<UserId>, StoreError> {
    let good = passwords::table.find(hash).filter(passwords::expires_at.gt(now.as_micros()));
    parse(good.select(passwords::user_id).get_result(c).optional()?)
}

/// Takes a one-time password out, if it is still good, and says whose it was. One statement: of several who come with the
/// same one at the same time, one gets it.
///
/// # Errors
/// Of the database.
pub fn delete_one_time_password(
    c: &mut AnyConnection,
    hash: &str,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let good = passwords::hash.eq(hash).and(passwords::expires_at.gt(now.as_micros()));
    let deleted = diesel::delete(passwords::table.filter(good)).returning(passwords::user_id);
    parse(deleted.get_result(c).optional()?)
}

/// Deletes every one-time password of the user.
///
/// # Errors
/// Of the database.
pub fn delete_one_time_passwords_of(c: &mut AnyConnection, user: UserId) -> Result<(), StoreError> {
    diesel::delete(passwords::table.filter(passwords::user_id.eq(user.get()))).execute(c)?;
    Ok(())
}

/// Clears away the ones whose time is up; says how many.
///
/// # Errors
/// Of the database.
pub fn delete_expired_one_time_passwords(c: &mut AnyConnection, now: Timestamp) -> Result<usize, StoreError> {
    Ok(diesel::delete(passwords::table.filter(passwords::expires_at.le(now.as_micros()))).execute(c)?)
}

fn parse(id: Option<i64>) -> Result<Option<UserId>, StoreError> {
    id.map(|id| UserId::parse(id).map_err(corrupt("one_time_passwords", "user_id"))).transpose()
}

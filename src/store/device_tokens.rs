//! The table `device_approval_tokens`: who typed which code, in which session. Only the hash of a token is here.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::device_approval_tokens as tokens;
use super::{AnyConnection, StoreError};
use crate::model::{GrantId, SessionId, Timestamp, UserId};

/// Whose a token is, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenOwner {
    /// The session in which the code was typed.
    pub session: SessionId,
    /// Who typed it.
    pub user: UserId,
}

/// Stores a token; of those of its session only the newest `most` stay (`C-162`).
///
/// # Errors
/// Of the database.
pub fn insert_approval_token(
    c: &mut AnyConnection,
    hash: &str,
    owner: TokenOwner,
    grant: GrantId,
    [now, end]: [Timestamp; 2],
    most: i64,
) -> Result<(), StoreError> {
    diesel::insert_into(tokens::table)
        .values((
            tokens::token_hash.eq(hash),
            tokens::session_id.eq(owner.session.get()),
            tokens::user_id.eq(owner.user.get()),
            tokens::device_grant_id.eq(grant.get()),
            tokens::created_at.eq(now.as_micros()),
            tokens::expires_at.eq(end.as_micros()),
        ))
        .execute(c)?;
    let theirs = tokens::table.filter(tokens::session_id.eq(owner.session.get())).filter(tokens::token_hash.ne(hash));
    let by_age = theirs.order((tokens::created_at.desc(), tokens::device_grant_id.desc()));
    let hashes: Vec<String> = by_age.select(tokens::token_hash).offset(most - 1).limit(i64::MAX).load(c)?;
    diesel::delete(tokens::table.filter(tokens::token_hash.eq_any(hashes))).execute(c)?;
    Ok(())
}

/// The request for which this token is good, of this user in this session.
///
/// # Errors
/// Of the database.
pub fn find_approval_token(
    c: &mut AnyConnection,
    hash: &str,
    owner: TokenOwner,
    now: Timestamp,
) -> Result<Option<GrantId>, StoreError> {
    let id: Option<i64> = tokens::table
        .find(hash)
        .filter(tokens::session_id.eq(owner.session.get()))
        .filter(tokens::user_id.eq(owner.user.get()))
        .filter(tokens::expires_at.gt(now.as_micros()))
        .select(tokens::device_grant_id)
        .get_result(c)
        .optional()?;
    id.map(GrantId::parse).transpose().map_err(corrupt("device_approval_tokens", "device_grant_id"))
}

/// Forgets a token.
///
/// # Errors
/// Of the database.
pub fn delete_approval_token(c: &mut AnyConnection, hash: &str) -> Result<(), StoreError> {
    diesel::delete(tokens::table.find(hash)).execute(c)?;
    Ok(())
}

/// Clears away the tokens whose time was up at an instant.
///
/// # Errors
/// Of the database.
pub fn delete_expired_approval_tokens(c: &mut AnyConnection, now: Timestamp) -> Result<(), StoreError> {
    diesel::delete(tokens::table.filter(tokens::expires_at.le(now.as_micros()))).execute(c)?;
    Ok(())
}

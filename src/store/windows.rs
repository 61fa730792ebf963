//! The table `user_api_key_windows`: the limits' memory across restarts, opaque here.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::error::corrupt;
use super::schema::{user_api_key_windows as windows, user_api_keys as keys};
use super::{AnyConnection, StoreError};
use crate::model::KeyId;

/// The saved windows of every key; ended ones too, for their end can be taken back.
///
/// # Errors
/// Of the database.
pub fn list_windows(c: &mut AnyConnection) -> Result<Vec<(KeyId, Vec<u8>)>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = windows::table.select((windows::user_api_key_id, windows::windows)).load(c)?;
    let parse =
        |(id, saved)| Ok((KeyId::parse(id).map_err(corrupt("user_api_key_windows", "user_api_key_id"))?, saved));
    rows.into_iter().map(parse).collect()
}

/// Saves the windows of these keys in place of what was saved before; keys that are gone are passed over, and an empty
/// value clears.
///
/// # Errors
/// Of the database.
pub fn upsert_windows(c: &mut AnyConnection, changed: &[(KeyId, Vec<u8>)]) -> Result<(), StoreError> {
    let ids = changed.iter().map(|(id, _)| id.get());
    let there: BTreeSet<i64> = keys::table.filter(keys::id.eq_any(ids)).select(keys::id).load(c)?.into_iter().collect();
    let there = changed.iter().map(|(id, saved)| (id.get(), saved)).filter(|(id, _)| there.contains(id));
    let (kept, empty): (Vec<_>, Vec<_>) = there.partition(|(_, saved)| !saved.is_empty());
    let empty = empty.into_iter().map(|(id, _)| id);
    diesel::delete(windows::table.filter(windows::user_api_key_id.eq_any(empty))).execute(c)?;
    upsert(c, &kept)?;
    Ok(())
}

/// In one statement for all, because preparing one for each costs more than its row. Written for either database: diesel has no
/// `on_conflict` for a connection to whichever.
fn upsert(c: &mut AnyConnection, kept: &[(i64, &Vec<u8>)]) -> QueryResult<usize> {
    let rows = kept.iter().map(|(id, saved)| (windows::user_api_key_id.eq(*id), windows::windows.eq(*saved)));
    let rows: Vec<_> = rows.collect();
    let all = diesel::insert_into(windows::table)
        .values(rows)
        .on_conflict(windows::user_api_key_id)
        .do_update()
        .set(windows::windows.eq(excluded(windows::windows)));
    match c {
        AnyConnection::Sqlite(c) => all.execute(c),
        AnyConnection::Postgres(c) => all.execute(c),
    }
}

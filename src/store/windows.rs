//! The table `user_api_key_windows`: the limits' memory across restarts, opaque here.

use diesel::prelude::*;

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
    changed.iter().try_for_each(|(id, saved)| upsert(c, *id, saved))
}

fn upsert(c: &mut AnyConnection, id: KeyId, saved: &[u8]) -> Result<(), StoreError> {
    let row = windows::table.find(id.get());
    if saved.is_empty() {
        diesel::delete(row).execute(c)?;
    } else if diesel::update(row).set(windows::windows.eq(saved)).execute(c)? == 0 && is_there(c, id)? {
        let row = (windows::user_api_key_id.eq(id.get()), windows::windows.eq(saved));
        diesel::insert_into(windows::table).values(row).execute(c)?;
    }
    Ok(())
}

fn is_there(c: &mut AnyConnection, id: KeyId) -> Result<bool, StoreError> {
    Ok(keys::table.find(id.get()).count().get_result::<i64>(c)? == 1)
}

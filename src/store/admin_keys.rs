//! The table `admin_keys`. Only the hash of a key is here.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::admin_keys;
use super::{AnyConnection, StoreError};
use crate::model::{AdminKey, AdminKeyId, AdminKeyName, AdminScopes, KeyHash, Networks, NewAdminKey, Timestamp};

#[derive(Queryable, Selectable)]
#[diesel(table_name = admin_keys)]
struct AdminKeyRow {
    id: i64,
    name: String,
    key_start: String,
    scopes: String,
    networks: String,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<AdminKeyRow> for AdminKey {
    type Error = StoreError;

    fn try_from(row: AdminKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AdminKeyId::parse(row.id).map_err(corrupt("admin_keys", "id"))?,
            name: AdminKeyName::parse(&row.name).map_err(corrupt("admin_keys", "name"))?,
            start: row.key_start,
            scopes: AdminScopes::parse(&row.scopes).map_err(corrupt("admin_keys", "scopes"))?,
            networks: Networks::parse(&row.networks).map_err(corrupt("admin_keys", "networks"))?,
            created_at: Timestamp::from_micros(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
        })
    }
}

/// The key whose hash this is, in whatever state.
///
/// # Errors
/// Of the database.
pub fn find_admin_key(c: &mut AnyConnection, hash: &KeyHash) -> Result<Option<AdminKey>, StoreError> {
    let query = admin_keys::table.filter(admin_keys::key_hash.eq(hash.to_hex())).select(AdminKeyRow::as_select());
    query.get_result(c).optional()?.map(AdminKey::try_from).transpose()
}

/// Every key, ended ones too, oldest first.
///
/// # Errors
/// Of the database.
pub fn list_admin_keys(c: &mut AnyConnection) -> Result<Vec<AdminKey>, StoreError> {
    let rows = admin_keys::table.order(admin_keys::id).select(AdminKeyRow::as_select()).load(c)?;
    rows.into_iter().map(AdminKey::try_from).collect()
}

/// Stores a new key; gives its id.
///
/// # Errors
/// Of the database.
pub fn insert_admin_key(c: &mut AnyConnection, key: &NewAdminKey) -> Result<AdminKeyId, StoreError> {
    let id: i64 = diesel::insert_into(admin_keys::table)
        .values((
            admin_keys::name.eq(key.name.as_str()),
            admin_keys::key_hash.eq(key.hash.to_hex()),
            admin_keys::key_start.eq(&key.start),
            admin_keys::scopes.eq(key.scopes.to_string()),
            admin_keys::networks.eq(key.networks.to_string()),
            admin_keys::created_at.eq(key.created_at.as_micros()),
        ))
        .returning(admin_keys::id)
        .get_result(c)?;
    AdminKeyId::parse(id).map_err(corrupt("admin_keys", "id"))
}

/// Ends a key that is not ended; says whether there was one.
///
/// # Errors
/// Of the database.
pub fn update_admin_key_revoked(c: &mut AnyConnection, id: AdminKeyId, at: Timestamp) -> Result<bool, StoreError> {
    let live = admin_keys::table.filter(admin_keys::id.eq(id.get())).filter(admin_keys::revoked_at.is_null());
    Ok(diesel::update(live).set(admin_keys::revoked_at.eq(Some(at.as_micros()))).execute(c)? == 1)
}

/// Notes when a key was used.
///
/// # Errors
/// Of the database.
pub fn update_admin_key_used(c: &mut AnyConnection, id: AdminKeyId, at: Timestamp) -> Result<(), StoreError> {
    let set = admin_keys::last_used_at.eq(Some(at.as_micros()));
    diesel::update(admin_keys::table.find(id.get())).set(set).execute(c)?;
    Ok(())
}

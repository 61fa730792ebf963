//! The table `audit_log`.

use diesel::prelude::*;

use super::schema::audit_log;
use super::{AnyConnection, StoreError};
use crate::model::{AdminKeyId, AuditLine, ClientId, KeyId, UserId};

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

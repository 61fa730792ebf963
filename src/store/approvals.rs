//! The table `approvals`: the last approval of each user for each `client_id`.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{approvals, user_api_key_clients as clients};
use super::{AnyConnection, StoreError};
use crate::model::{Approval, ClientId, ClientRowId, Fingerprint, Scopes, Timestamp, UserId};

/// What the user last approved for this `client_id`.
///
/// # Errors
/// Of the database.
pub fn find_approval(c: &mut AnyConnection, user: UserId, client: &ClientId) -> Result<Option<Approval>, StoreError> {
    let row: Option<(String, String, i64)> = approvals::table
        .inner_join(clients::table)
        .filter(approvals::user_id.eq(user.get()))
        .filter(clients::client_id.eq(client.as_str()))
        .select((approvals::scopes, approvals::fingerprint, approvals::approved_at))
        .get_result(c)
        .optional()?;
    let parse = |(scopes, fingerprint, at): (String, String, i64)| {
        Ok(Approval {
            scopes: Scopes::parse(&scopes).map_err(corrupt("approvals", "scopes"))?,
            fingerprint: Fingerprint::parse(&fingerprint).map_err(corrupt("approvals", "fingerprint"))?,
            approved_at: Timestamp::from_micros(at),
        })
    };
    row.map(parse).transpose()
}

/// Remembers an approval in place of the one before.
///
/// # Errors
/// Of the database.
pub fn upsert_approval(
    c: &mut AnyConnection,
    user: UserId,
    client: ClientRowId,
    approval: &Approval,
) -> Result<(), StoreError> {
    // Two steps in the caller's transaction: the connection over several databases has no `on_conflict`.
    diesel::delete(approvals::table.find((user.get(), client.get()))).execute(c)?;
    diesel::insert_into(approvals::table)
        .values((
            approvals::user_id.eq(user.get()),
            approvals::user_api_key_client_id.eq(client.get()),
            approvals::scopes.eq(approval.scopes.to_string()),
            approvals::fingerprint.eq(approval.fingerprint.to_hex()),
            approvals::approved_at.eq(approval.approved_at.as_micros()),
        ))
        .execute(c)?;
    Ok(())
}

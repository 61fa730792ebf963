//! The table `user_api_key_clients`: one row a `client_id`, shared by all users of it.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{user_api_key_clients as clients, user_api_keys as keys};
use super::{AnyConnection, StoreError};
use crate::model::{ApplicationName, ClientId, ClientRowId, KeyId, Timestamp, UserId};

/// The row of the `client_id`, made if there is none (`C-069`). A row that is there keeps its name: an approval never
/// renames another user's application (deviation from `C-070`).
///
/// # Errors
/// Of the database.
pub fn find_or_insert_client(
    c: &mut AnyConnection,
    client_id: &ClientId,
    name: &ApplicationName,
    now: Timestamp,
) -> Result<ClientRowId, StoreError> {
    let known = clients::table.filter(clients::client_id.eq(client_id.as_str())).select(clients::id);
    let id: i64 = match known.first(c).optional()? {
        Some(id) => id,
        None => diesel::insert_into(clients::table)
            .values((
                clients::client_id.eq(client_id.as_str()),
                clients::application_name.eq(name.as_str()),
                clients::created_at.eq(now.as_micros()),
            ))
            .returning(clients::id)
            .get_result(c)?,
    };
    ClientRowId::parse(id).map_err(corrupt("user_api_key_clients", "id"))
}

/// Every `client_id` there is.
///
/// # Errors
/// Of the database.
pub fn list_client_ids(c: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    Ok(clients::table.order(clients::id).select(clients::client_id).load(c)?)
}

/// The row of a `client_id`, and whether somebody registered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientStanding {
    /// The row.
    pub row: ClientRowId,
    /// Whether it has a redirect of its own, by which registered applications are known (`C-217`).
    pub registered: bool,
}

/// The row of the `client_id`, if there is one.
///
/// # Errors
/// Of the database.
pub fn find_client_standing(c: &mut AnyConnection, id: &ClientId) -> Result<Option<ClientStanding>, StoreError> {
    let known = clients::table.filter(clients::client_id.eq(id.as_str()));
    let found: Option<(i64, bool)> =
        known.select((clients::id, clients::auth_redirect.is_not_null())).first(c).optional()?;
    let parse = |(row, registered)| {
        let row = ClientRowId::parse(row).map_err(corrupt("user_api_key_clients", "id"))?;
        Ok(ClientStanding { row, registered })
    };
    found.map(parse).transpose()
}

/// The registered clients that were made before an instant and none of whose keys was used since, ended keys included.
///
/// # Errors
/// Of the database.
pub fn list_unused_registered_clients(
    c: &mut AnyConnection,
    then: Timestamp,
) -> Result<Vec<(ClientRowId, ClientId)>, StoreError> {
    let theirs = keys::table.filter(keys::user_api_key_client_id.eq(clients::id));
    let used = diesel::dsl::exists(theirs.filter(keys::last_used_at.ge(then.as_micros())));
    let registered = clients::table.filter(clients::auth_redirect.is_not_null());
    let unused = registered.filter(clients::created_at.lt(then.as_micros())).filter(diesel::dsl::not(used));
    let rows: Vec<(i64, String)> = unused.order(clients::id).select((clients::id, clients::client_id)).load(c)?;
    let parse = |(row, id): (i64, String)| {
        let row = ClientRowId::parse(row).map_err(corrupt("user_api_key_clients", "id"))?;
        Ok((row, ClientId::parse(&id).map_err(corrupt("user_api_key_clients", "client_id"))?))
    };
    rows.into_iter().map(parse).collect()
}

/// The keys of a client with their owners, in whatever state.
///
/// # Errors
/// Of the database.
pub fn list_client_keys(c: &mut AnyConnection, client: ClientRowId) -> Result<Vec<(KeyId, UserId)>, StoreError> {
    let theirs = keys::table.filter(keys::user_api_key_client_id.eq(client.get())).order(keys::id);
    let rows: Vec<(i64, i64)> = theirs.select((keys::id, keys::user_id)).load(c)?;
    let parse = |(key, user)| {
        let key = KeyId::parse(key).map_err(corrupt("user_api_keys", "id"))?;
        Ok((key, UserId::parse(user).map_err(corrupt("user_api_keys", "user_id"))?))
    };
    rows.into_iter().map(parse).collect()
}

/// Deletes a client with its keys and approvals; gives the ids of the keys.
///
/// # Errors
/// Of the database.
pub fn delete_client(c: &mut AnyConnection, client: ClientRowId) -> Result<Vec<KeyId>, StoreError> {
    let ids = list_client_keys(c, client)?.into_iter().map(|(key, _)| key).collect();
    diesel::delete(clients::table.find(client.get())).execute(c)?;
    Ok(ids)
}

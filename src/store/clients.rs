//! The table `user_api_key_clients`: one row a `client_id`, shared by all users of it.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::user_api_key_clients as clients;
use super::{AnyConnection, StoreError};
use crate::model::{ApplicationName, ClientId, ClientRowId, Timestamp};

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

/// What is stored of a `client_id`.
#[derive(Clone, Debug)]
pub struct KnownClient {
    /// The name it was stored with.
    pub application_name: String,
    /// Its public key; `None` for one that nobody registered (`C-140`).
    pub public_key: Option<String>,
    /// Since when it is known.
    pub created_at: Timestamp,
}

/// What is stored of this `client_id`.
///
/// # Errors
/// Of the database.
pub fn find_known_client(c: &mut AnyConnection, client_id: &ClientId) -> Result<Option<KnownClient>, StoreError> {
    let known = clients::table.filter(clients::client_id.eq(client_id.as_str()));
    let row: Option<(String, Option<String>, i64)> =
        known.select((clients::application_name, clients::public_key, clients::created_at)).first(c).optional()?;
    Ok(row.map(|(application_name, public_key, at)| KnownClient {
        application_name,
        public_key,
        created_at: Timestamp::from_micros(at),
    }))
}

/// Every `client_id` there is.
///
/// # Errors
/// Of the database.
pub fn list_client_ids(c: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    Ok(clients::table.order(clients::id).select(clients::client_id).load(c)?)
}

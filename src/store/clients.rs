//! The tables `user_api_key_clients` and `user_api_key_client_scopes`: one row a `client_id`, shared by all users of it.
//! A row with `auth_redirect` is a registered application.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{user_api_key_client_scopes as scopes, user_api_key_clients as clients, user_api_keys as keys};
use super::{AnyConnection, StoreError};
use crate::model::{
    ApplicationName, Client, ClientId, ClientRowId, Fingerprint, KeyId, RedirectUri, Registration, Scope, Scopes,
    Timestamp,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = clients)]
struct ClientRow {
    id: i64,
    client_id: String,
    application_name: String,
    public_key: Option<String>,
    fingerprint: Option<String>,
    auth_redirect: Option<String>,
    created_at: i64,
}

fn broken<E: ToString>(column: &'static str) -> impl FnOnce(E) -> StoreError {
    corrupt("user_api_key_clients", column)
}

impl ClientRow {
    fn into_client(self, c: &mut AnyConnection) -> Result<Client, StoreError> {
        let registration = match (&self.auth_redirect, &self.public_key, &self.fingerprint) {
            (None, None, None) => None,
            (Some(redirect), Some(key), Some(fingerprint)) => Some(Registration {
                public_key: key.clone(),
                fingerprint: Fingerprint::parse(fingerprint).map_err(broken("fingerprint"))?,
                auth_redirect: RedirectUri::parse(redirect).map_err(broken("auth_redirect"))?,
                scopes: scopes_of(c, self.id)?,
                since: Timestamp::from_micros(self.created_at),
            }),
            _ => return Err(broken("auth_redirect")("a registration that is not whole")),
        };
        Ok(Client {
            row: ClientRowId::parse(self.id).map_err(broken("id"))?,
            client_id: ClientId::parse(&self.client_id).map_err(broken("client_id"))?,
            application_name: ApplicationName::parse(&self.application_name).map_err(broken("application_name"))?,
            registration,
        })
    }
}

fn scopes_of(c: &mut AnyConnection, id: i64) -> Result<Scopes, StoreError> {
    let theirs = scopes::table.filter(scopes::user_api_key_client_id.eq(id)).select(scopes::name);
    let names: Vec<String> = theirs.order(scopes::name).load(c)?;
    Scopes::parse(&names.join(",")).map_err(corrupt("user_api_key_client_scopes", "name"))
}

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
    ClientRowId::parse(id).map_err(broken("id"))
}

/// What is kept of the `client_id`.
///
/// # Errors
/// Of the database.
pub fn find_client(c: &mut AnyConnection, client_id: &ClientId) -> Result<Option<Client>, StoreError> {
    let query = clients::table.filter(clients::client_id.eq(client_id.as_str())).select(ClientRow::as_select());
    query.first(c).optional()?.map(|row| row.into_client(c)).transpose()
}

/// The registered applications with this public key.
///
/// # Errors
/// Of the database.
pub fn list_clients_by_fingerprint(
    c: &mut AnyConnection,
    fingerprint: &Fingerprint,
) -> Result<Vec<Client>, StoreError> {
    let query = clients::table.filter(clients::fingerprint.eq(fingerprint.to_hex())).order(clients::id);
    let rows = query.select(ClientRow::as_select()).load(c)?;
    rows.into_iter().map(|row| row.into_client(c)).collect()
}

/// The registered applications, oldest first, each with the number of its keys, ended ones too.
///
/// # Errors
/// Of the database.
pub fn list_registered_clients(c: &mut AnyConnection) -> Result<Vec<(Client, u64)>, StoreError> {
    let query = clients::table.filter(clients::auth_redirect.is_not_null()).order(clients::id);
    let rows = query.select(ClientRow::as_select()).load(c)?;
    let with_keys = |row: ClientRow| {
        let count: i64 = keys::table.filter(keys::user_api_key_client_id.eq(row.id)).count().get_result(c)?;
        Ok((row.into_client(c)?, u64::try_from(count).unwrap_or(0)))
    };
    rows.into_iter().map(with_keys).collect()
}

/// Registers an application; gives its row's id.
///
/// # Errors
/// [`StoreError::Conflict`] when the `client_id` is known already, registered or not (`C-265`).
pub fn insert_registered_client(
    c: &mut AnyConnection,
    client_id: &ClientId,
    name: &ApplicationName,
    registration: &Registration,
) -> Result<ClientRowId, StoreError> {
    let id: i64 = diesel::insert_into(clients::table)
        .values((
            clients::client_id.eq(client_id.as_str()),
            clients::application_name.eq(name.as_str()),
            clients::public_key.eq(&registration.public_key),
            clients::fingerprint.eq(registration.fingerprint.to_hex()),
            clients::auth_redirect.eq(registration.auth_redirect.as_str()),
            clients::created_at.eq(registration.since.as_micros()),
        ))
        .returning(clients::id)
        .get_result(c)?;
    for scope in registration.scopes.iter().map(Scope::as_str) {
        let row = (scopes::user_api_key_client_id.eq(id), scopes::name.eq(scope));
        diesel::insert_into(scopes::table).values(row).execute(c)?;
    }
    ClientRowId::parse(id).map_err(broken("id"))
}

/// Deletes a client with its keys and approvals; gives the ids of the keys.
///
/// # Errors
/// Of the database.
pub fn delete_client(c: &mut AnyConnection, client: ClientRowId) -> Result<Vec<KeyId>, StoreError> {
    let theirs = keys::table.filter(keys::user_api_key_client_id.eq(client.get()));
    let ids: Vec<i64> = theirs.select(keys::id).order(keys::id).load(c)?;
    diesel::delete(clients::table.find(client.get())).execute(c)?;
    ids.into_iter().map(|id| KeyId::parse(id).map_err(corrupt("user_api_keys", "id"))).collect()
}

/// Every `client_id` there is.
///
/// # Errors
/// Of the database.
pub fn list_client_ids(c: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    Ok(clients::table.order(clients::id).select(clients::client_id).load(c)?)
}

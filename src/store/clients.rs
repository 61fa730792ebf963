//! The tables `user_api_key_clients` and `user_api_key_client_scopes`: one row a `client_id`, shared by all users of it.
//! A row with `auth_redirect` is a registered application.

use diesel::prelude::*;

use super::error::corrupt;
use super::schema::{user_api_key_client_scopes as scopes, user_api_key_clients as clients, user_api_keys as keys};
use super::{AnyConnection, StoreError};
use crate::model::{
    ApplicationName, Client, ClientId, ClientRowId, Fingerprint, KeyId, Page, Paging, RedirectUri, Registration, Scope,
    Scopes, Timestamp, UserId,
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
    blocked_at: Option<i64>,
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
            blocked_at: self.blocked_at.map(Timestamp::from_micros),
            registration,
        })
    }
}

fn scopes_of(c: &mut AnyConnection, id: i64) -> Result<Scopes, StoreError> {
    let theirs = scopes::table.filter(scopes::user_api_key_client_id.eq(id)).select(scopes::name);
    let names: Vec<String> = theirs.order(scopes::name).load(c)?;
    Scopes::parse(&names.join(",")).map_err(corrupt("user_api_key_client_scopes", "name"))
}

/// The row of a `client_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundClient {
    /// Which one.
    pub row: ClientRowId,
    /// Whether the application is blocked.
    pub is_blocked: bool,
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
) -> Result<FoundClient, StoreError> {
    let known = clients::table.filter(clients::client_id.eq(client_id.as_str()));
    let known: Option<(i64, Option<i64>)> =
        known.select((clients::id, clients::blocked_at)).get_result(c).optional()?;
    let (id, blocked_at) = match known {
        Some(known) => known,
        None => diesel::insert_into(clients::table)
            .values((
                clients::client_id.eq(client_id.as_str()),
                clients::application_name.eq(name.as_str()),
                clients::created_at.eq(now.as_micros()),
            ))
            .returning((clients::id, clients::blocked_at))
            .get_result(c)?,
    };
    Ok(FoundClient { row: ClientRowId::parse(id).map_err(broken("id"))?, is_blocked: blocked_at.is_some() })
}

/// What is kept of the `client_id`.
///
/// # Errors
/// Of the database.
pub fn find_client(c: &mut AnyConnection, client_id: &ClientId) -> Result<Option<Client>, StoreError> {
    let query = clients::table.filter(clients::client_id.eq(client_id.as_str())).select(ClientRow::as_select());
    query.get_result(c).optional()?.map(|row| row.into_client(c)).transpose()
}

/// What is kept in this row.
///
/// # Errors
/// Of the database.
pub fn find_client_by_row(c: &mut AnyConnection, row: ClientRowId) -> Result<Option<Client>, StoreError> {
    let query = clients::table.find(row.get()).select(ClientRow::as_select());
    query.get_result(c).optional()?.map(|row| row.into_client(c)).transpose()
}

/// A page of the applications, registered or not, in the order in which they were first seen: the one of this client id,
/// those that are blocked or those that are not, or all.
///
/// # Errors
/// Of the database.
pub fn list_clients_page(
    c: &mut AnyConnection,
    client_id: Option<&ClientId>,
    blocked: Option<bool>,
    paging: Paging,
) -> Result<Page<Client>, StoreError> {
    let mut query = clients::table.filter(clients::id.gt(paging.after_id())).into_boxed();
    if let Some(id) = client_id {
        query = query.filter(clients::client_id.eq(id.as_str()));
    }
    if let Some(blocked) = blocked {
        query = query.filter(clients::blocked_at.is_not_null().eq(blocked));
    }
    let query = query.order(clients::id).limit(paging.rows());
    let rows: Vec<ClientRow> = query.select(ClientRow::as_select()).load(c)?;
    let found = rows.into_iter().map(|row| row.into_client(c)).collect::<Result<_, _>>()?;
    Ok(Page::of(found, paging, |client: &Client| client.row.get()))
}

/// Blocks an application, or lifts that.
///
/// # Errors
/// Of the database.
pub fn update_blocked(c: &mut AnyConnection, row: ClientRowId, since: Option<Timestamp>) -> Result<(), StoreError> {
    let set = clients::blocked_at.eq(since.map(Timestamp::as_micros));
    diesel::update(clients::table.find(row.get())).set(set).execute(c)?;
    Ok(())
}

/// Whether the application is blocked.
///
/// # Errors
/// Of the database.
pub fn is_client_blocked(c: &mut AnyConnection, row: ClientRowId) -> Result<bool, StoreError> {
    let blocked = clients::table.find(row.get()).filter(clients::blocked_at.is_not_null());
    Ok(blocked.count().get_result::<i64>(c)? > 0)
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

/// The registered clients that were made before an instant and none of whose keys was used since, ended keys included. One
/// that is blocked is left out: it would be gone, and the block with it.
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
    let kept = registered.filter(clients::blocked_at.is_null());
    let unused = kept.filter(clients::created_at.lt(then.as_micros())).filter(diesel::dsl::not(used));
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
    with_owners(theirs.select((keys::id, keys::user_id)).load(c)?)
}

/// Those of them that nobody ended.
///
/// # Errors
/// Of the database.
pub fn list_unrevoked_client_keys(
    c: &mut AnyConnection,
    client: ClientRowId,
) -> Result<Vec<(KeyId, UserId)>, StoreError> {
    let theirs = keys::table.filter(keys::user_api_key_client_id.eq(client.get())).order(keys::id);
    with_owners(theirs.filter(keys::revoked_at.is_null()).select((keys::id, keys::user_id)).load(c)?)
}

fn with_owners(rows: Vec<(i64, i64)>) -> Result<Vec<(KeyId, UserId)>, StoreError> {
    let parse = |(key, user)| {
        let key = KeyId::parse(key).map_err(corrupt("user_api_keys", "id"))?;
        Ok((key, UserId::parse(user).map_err(corrupt("user_api_keys", "user_id"))?))
    };
    rows.into_iter().map(parse).collect()
}

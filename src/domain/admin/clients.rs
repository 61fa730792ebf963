//! Applications, by their client ids: looked at, blocked.

use crate::domain::Context;
use crate::model::{AuditEvent, AuditLine, Client, ClientId, ClientRowId, Origin, Page, Paging, Timestamp};
use crate::store::{self, AnyConnection, StoreError};

/// Why nothing came of a wish about applications.
#[derive(Debug, thiserror::Error)]
pub enum ClientsError {
    /// There is none of this id.
    #[error("there is no client {0}")]
    NotFound(ClientRowId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which applications are meant: those to which all of it applies.
#[derive(Clone, Debug, Default)]
pub struct ClientFilter {
    /// The one of this client id.
    pub client_id: Option<ClientId>,
    /// Those that are blocked, or those that are not.
    pub blocked: Option<bool>,
}

/// A page of the applications that are meant, in the order in which they were first seen.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, filter: ClientFilter, paging: Paging) -> Result<Page<Client>, StoreError> {
    let ClientFilter { client_id, blocked } = filter;
    cx.store.read(move |c| store::list_clients_page(c, client_id.as_ref(), blocked, paging)).await
}

/// The application in this row.
///
/// # Errors
/// See [`ClientsError`].
pub async fn find(cx: &Context, row: ClientRowId) -> Result<Client, ClientsError> {
    cx.store.read(move |c| get(c, row)).await
}

fn get(c: &mut AnyConnection, row: ClientRowId) -> Result<Client, ClientsError> {
    store::find_client_by_row(c, row)?.ok_or(ClientsError::NotFound(row))
}

/// Blocks an application: every key that it has ends now, and nobody gets another for it. Gives how many ended.
///
/// # Errors
/// See [`ClientsError`].
pub async fn block(cx: &Context, row: ClientRowId, origin: Origin) -> Result<usize, ClientsError> {
    let now = cx.now();
    let ended = cx.store.write(move |tx| {
        let client = get(tx, row)?;
        if !client.is_blocked() {
            store::update_blocked(tx, row, Some(now))?;
            let line = AuditLine::of_client(AuditEvent::ClientBlocked, &client.client_id, origin.clone(), now);
            store::insert_audit_line(tx, &line)?;
        }
        end_keys(tx, &client, &origin, now)
    });
    ended.await
}

fn end_keys(tx: &mut AnyConnection, client: &Client, origin: &Origin, now: Timestamp) -> Result<usize, ClientsError> {
    let keys = store::list_unrevoked_client_keys(tx, client.row)?;
    let about = AuditLine::of_client(AuditEvent::KeyRevoked, &client.client_id, origin.clone(), now);
    for (key, owner) in &keys {
        store::update_revoked(tx, *key, Some(now))?;
        let line = AuditLine { user_id: Some(*owner), key_id: Some(*key), ..about.clone() };
        store::insert_audit_line(tx, &line)?;
    }
    Ok(keys.len())
}

/// Lets users give an application keys again. Those that ended stay ended.
///
/// # Errors
/// See [`ClientsError`].
pub async fn unblock(cx: &Context, row: ClientRowId, origin: Origin) -> Result<(), ClientsError> {
    let now = cx.now();
    let unblocked = cx.store.write_aside(move |tx| {
        let client = get(tx, row)?;
        if client.is_blocked() {
            store::update_blocked(tx, row, None)?;
            let line = AuditLine::of_client(AuditEvent::ClientUnblocked, &client.client_id, origin, now);
            store::insert_audit_line(tx, &line)?;
        }
        Ok(())
    });
    unblocked.await
}

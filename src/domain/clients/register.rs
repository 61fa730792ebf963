//! Registers applications and removes them.

use std::net::IpAddr;

use super::RegistrationRequest;
use crate::domain::Context;
use crate::domain::authorize::Refusal;
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{AuditEvent, AuditLine, Client, ClientId, Fields, KeyId, Origin, limited_as};
use crate::store::{self, StoreError};

/// Who registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registrar {
    /// An application, for itself, from this address.
    Address(IpAddr),
    /// The operator, on the command line.
    Operator,
}

/// Why an application was not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// This address registered as often as one may in 24 hours (`C-260`).
    #[error("too many registrations from this address")]
    Limited(ActRefused),
    /// The operator registers applications, and nobody else.
    #[error("this site does not let applications register themselves (allow_user_api_key_client_scopes is empty)")]
    Off,
    /// A scope that is not registered here (`C-263`).
    #[error("the scope {scope:?} cannot be registered here; these can: {offered}")]
    Scope {
        /// The scope.
        scope: String,
        /// What may be registered.
        offered: String,
    },
    /// The `client_id` is known, registered or from approvals (`C-265`).
    #[error("client_id: {0} is in use already; choose another")]
    Taken(ClientId),
    /// What would stand in the way of a key, too.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Registers an application. The limit is charged before anything is looked at (`C-260`).
///
/// # Errors
/// See [`RegisterError`].
pub async fn register(
    cx: &Context,
    registrar: Registrar,
    fields: &Fields,
    origin: Origin,
) -> Result<ClientId, RegisterError> {
    charge(cx, registrar).await?;
    let (request, now) = (RegistrationRequest::parse(fields, registrar, &cx.rules)?, cx.now());
    let client_id = request.client_id.clone();
    let line = AuditLine::of_client(AuditEvent::ClientRegistered, &client_id, origin, now);
    let stored = cx.store.write_aside(move |tx| {
        let (id, name) = (&request.client_id, &request.application_name);
        store::insert_registered_client(tx, id, name, &request.registration(now))?;
        store::insert_audit_line(tx, &line)
    });
    match stored.await {
        Ok(()) => Ok(client_id),
        Err(StoreError::Conflict(_)) => Err(RegisterError::Taken(client_id)),
        Err(other) => Err(other.into()),
    }
}

async fn charge(cx: &Context, registrar: Registrar) -> Result<(), RegisterError> {
    let Registrar::Address(address) = registrar else { return Ok(()) };
    let free = &cx.rules.create_user_api_key_client_ip_rate_limit_override_ips;
    if free.iter().any(|network| network.contains(&address)) {
        return Ok(());
    }
    cx.charge(Act::ClientsPerAddress, &limited_as(address), RegisterError::Limited).await
}

/// The registered applications, oldest first, each with the number of its keys.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context) -> Result<Vec<(Client, u64)>, StoreError> {
    cx.store.read(store::list_registered_clients).await
}

/// Why a registration was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// No registered application has this `client_id`.
    #[error("no registered application has the client_id {0}")]
    NotRegistered(ClientId),
    /// It is blocked; without its row nothing would say so.
    #[error("{0} is blocked, and would not be if it were removed; let it be, or unblock it first")]
    Blocked(ClientId),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes a registered application and every key that it has; gives their number. The `client_id` is then as unknown
/// as it was before, and the users' approvals of it are forgotten.
///
/// # Errors
/// See [`RemoveError`].
pub async fn remove(cx: &Context, client_id: &ClientId, origin: Origin) -> Result<usize, RemoveError> {
    let line = AuditLine::of_client(AuditEvent::ClientRemoved, client_id, origin, cx.now());
    let wanted = client_id.clone();
    let removal = cx.store.write(move |tx| {
        let found = store::find_client(tx, &wanted)?.filter(|client| client.registration.is_some());
        let client = found.ok_or(RemoveError::NotRegistered(wanted.clone()))?;
        if client.is_blocked() {
            return Err(RemoveError::Blocked(wanted));
        }
        let keys = store::delete_client(tx, client.row)?;
        store::insert_audit_line(tx, &line)?;
        Ok::<Vec<KeyId>, RemoveError>(keys)
    });
    let keys = removal.await?;
    for key in &keys {
        cx.key_limits.forget(*key);
    }
    Ok(keys.len())
}

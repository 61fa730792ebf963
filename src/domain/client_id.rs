//! A program that presents its key under another client id moves the key there (`C-279` to `C-281`).

use std::net::IpAddr;

use super::Context;
use crate::model::{AuditEvent, AuditLine, ClientId, KeyState, Origin, TooLong, UserApiKey};
use crate::store::{self, AnyConnection, FoundClient, StoreError};

/// Why a key did not move.
#[derive(Debug, thiserror::Error)]
pub enum ClientIdError {
    /// No client id can be that long.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// The id, or the key, belongs to a registered application (deviation from `C-280`).
    #[error("User-Api-Client-Id: a key moves neither into a registered application nor out of one")]
    Registered,
    /// The application of that id is blocked.
    #[error("User-Api-Client-Id: this site has blocked the application")]
    Blocked,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves the key to this client id if it is another than the key's; writes nothing otherwise.
///
/// A key of the same user may be there already; both go on until the user approves that application again, and then
/// the new one replaces both. A key that is being replaced stays where the user sees it.
pub(super) async fn follow(
    cx: &Context,
    key: &mut UserApiKey,
    wanted: Option<&str>,
    address: IpAddr,
) -> Result<(), ClientIdError> {
    let now = cx.now();
    let Some(wanted) = wanted.filter(|id| !id.is_empty() && *id != key.client_id.as_str()) else { return Ok(()) };
    if key.state(now) != KeyState::Active {
        return Ok(());
    }
    let wanted = ClientId::parse(wanted)?;
    let origin = Origin { address: Some(address), ..Origin::default() };
    let (moved, target) = (key.clone(), wanted.clone());
    let row = cx.store.write_of(key.user_id, move |tx: &mut AnyConnection| {
        // Neither into a registered application nor out of one, whose removal is to end every key it has.
        for id in [&target, &moved.client_id] {
            let there = store::find_client(tx, id)?;
            if there.as_ref().is_some_and(|there| there.registration.is_some()) {
                return Err(ClientIdError::Registered);
            }
            if there.is_some_and(|there| there.is_blocked()) {
                return Err(ClientIdError::Blocked);
            }
        }
        let FoundClient { row, .. } = store::find_or_insert_client(tx, &target, &moved.application_name, now)?;
        store::update_key_client(tx, moved.id, row)?;
        let about = AuditLine::of_key(AuditEvent::KeyMoved, &moved, origin, now);
        let line = AuditLine { client_id: Some(target), ..about };
        store::insert_audit_line(tx, &line)?;
        Ok(row)
    });
    key.client_row = row.await?;
    key.client_id = wanted;
    Ok(())
}

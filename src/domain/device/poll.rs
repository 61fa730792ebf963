//! The application asks whether its key is there, and gets it once (section 8 of the protocol).

use std::net::IpAddr;

use super::{DeviceError, sweep, token_hash};
use crate::domain::Context;
use crate::limits::Act;
use crate::model::{DeviceGrant, GrantState, limited_as};
use crate::store::{self, AnyConnection, StoreError};

/// How far a request has come, for its application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Polled {
    /// Nobody has answered.
    Pending,
    /// The payload. Nobody will get it again.
    Authorized(String),
    /// The user said no.
    Denied,
    /// There is no such request, or its time is up, or its payload was fetched.
    Expired,
}

/// Counts a poll of this address, before anything of it is read (`C-194`).
///
/// # Errors
/// When there were too many.
pub async fn check_may_poll(cx: &Context, address: IpAddr) -> Result<(), DeviceError> {
    cx.charge(Act::DevicePollPerAddress, &limited_as(address), DeviceError::Limited).await
}

/// How far the request with this device code has come. A payload goes out with the end of its request, in one
/// transaction: of many who ask at once, one gets it (`C-202`).
///
/// # Errors
/// See [`DeviceError`].
pub async fn poll(cx: &Context, device_code: &str) -> Result<Polled, DeviceError> {
    cx.charge(Act::DevicePollPerCode, device_code, DeviceError::Limited).await?;
    let Some(hash) = token_hash(device_code) else { return Ok(Polled::Expired) };
    let found = cx.store.read(move |c| store::find_device_grant_by_code_hash(c, &hash)).await?;
    let Some(grant) = found else { return Ok(Polled::Expired) };
    let now = cx.now();
    match (&grant.state, grant.expires_at > now) {
        (GrantState::Pending(_), true) => Ok(Polled::Pending),
        (GrantState::Denied, true) => Ok(Polled::Denied),
        (GrantState::Pending(_) | GrantState::Denied, false) => Ok(Polled::Expired),
        (GrantState::Authorized(_), true) => Ok(cx.store.write_aside(move |tx| deliver(tx, grant)).await?),
        (GrantState::Authorized(_), false) => {
            cx.store.write(move |tx| sweep::end(tx, &grant, now)).await?;
            Ok(Polled::Expired)
        }
    }
}

fn deliver(tx: &mut AnyConnection, grant: DeviceGrant) -> Result<Polled, StoreError> {
    let first = store::delete_device_grant(tx, grant.id)?;
    match grant.state {
        GrantState::Authorized(authorized) if first => Ok(Polled::Authorized(authorized.deliver())),
        GrantState::Authorized(_) | GrantState::Pending(_) | GrantState::Denied => Ok(Polled::Expired),
    }
}

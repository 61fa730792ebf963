//! Begins: an application asks, and gets its codes (section 6 of the protocol).

use std::net::IpAddr;

use secrecy::SecretString;

use super::{DeviceError, LIFE, wish};
use crate::crypto::hash_token;
use crate::domain::{Context, clients};
use crate::limits::Act;
use crate::model::{Fields, NewGrant, RequestToken, UserAgent, UserCode, limited_as};
use crate::store::{self, StoreError};

/// How often codes are drawn anew when one is taken (`C-127`).
const ATTEMPTS: usize = 20;

/// What the application gets.
#[derive(Clone, Debug)]
pub struct Codes {
    /// For the application alone: it fetches the key with it.
    pub device_code: SecretString,
    /// For its user to type.
    pub user_code: UserCode,
    /// For a link.
    pub request_token: RequestToken,
}

/// Counts a request of this address, before anything of it is read (`C-112`).
///
/// # Errors
/// When there were too many.
pub async fn check_may_ask(cx: &Context, address: IpAddr) -> Result<(), DeviceError> {
    cx.charge(Act::DeviceCreatePerAddress, &limited_as(address), DeviceError::Limited).await
}

/// Keeps a good request, and gives its codes.
///
/// # Errors
/// See [`DeviceError`]; then nothing is kept.
pub async fn ask(cx: &Context, fields: &Fields, address: IpAddr, user_agent: UserAgent) -> Result<Codes, DeviceError> {
    let client = clients::find(cx, &wish::client_id(fields)?).await?;
    wish::parse(fields, client.as_ref(), &cx.rules, &cx.scopes)?;
    let request = wish::write(fields)?;
    for _ in 0..ATTEMPTS {
        let codes = Codes {
            device_code: cx.random.token(),
            user_code: UserCode::from_bits(cx.random.bytes()),
            request_token: RequestToken::from_bits(cx.random.bytes()),
        };
        let grant = NewGrant {
            code_hash: hash_token(&codes.device_code),
            user_code: codes.user_code.clone(),
            request_token: codes.request_token.clone(),
            request: request.clone(),
            address,
            user_agent: user_agent.clone(),
            created_at: cx.now(),
            expires_at: cx.now().plus(LIFE),
        };
        match cx.store.write_aside(move |tx| store::insert_device_grant(tx, &grant)).await {
            Ok(()) => return Ok(codes),
            Err(StoreError::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(DeviceError::NoFreeCode)
}

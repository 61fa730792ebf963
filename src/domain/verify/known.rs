//! Finds the key: in memory, and in the database only when it is not there.

use std::net::IpAddr;
use std::sync::Arc;

use super::VerifyError;
use crate::crypto::hash_key;
use crate::domain::Context;
use crate::limits::Act;
use crate::model::{KeyHash, KeyState, PresentedKey, Timestamp, limited_as};
use crate::store::KnownKey;

/// The key that was presented, if it is alive.
///
/// What has not the shape of a key costs nothing; a key that is known costs neither the database nor the window of those
/// who guess, so a guesser does not shut out the keys that are in use behind the same address (`security.md L4`).
pub(super) async fn alive(
    cx: &Context,
    key: &str,
    address: &dyn Fn() -> IpAddr,
    now: Timestamp,
) -> Result<Arc<KnownKey>, VerifyError> {
    let hash = hash_key(PresentedKey::parse(key).map_err(|_shape| VerifyError::Malformed)?);
    let known = match cx.known_keys.get(&hash, now) {
        Some(known) => known,
        // Boxed, so that the future of every request is not as large as that of a look-up.
        None => Box::pin(look_up(cx, hash, address(), now)).await?,
    };
    match known.key.state(now) {
        KeyState::Active | KeyState::BeingReplaced(_) => Ok(known),
        KeyState::Replaced(_) => Err(VerifyError::Replaced),
        KeyState::Revoked(_) => Err(VerifyError::Revoked),
        KeyState::Expired(_) => Err(VerifyError::Expired),
    }
}

async fn look_up(cx: &Context, hash: KeyHash, address: IpAddr, now: Timestamp) -> Result<Arc<KnownKey>, VerifyError> {
    let guesser = limited_as(address);
    if !cx.unknown_keys.contains(&hash, now) {
        cx.act_limits.peek(Act::UnknownKeysPerAddress, &guesser).map_err(VerifyError::Guessing)?;
        if let Some(known) = cx.known_keys.look_up(hash, &cx.scopes).await? {
            return Ok(known);
        }
        cx.unknown_keys.insert(hash, now);
    }
    cx.act_limits.take(Act::UnknownKeysPerAddress, &guesser).map_err(VerifyError::Guessing)?;
    Err(VerifyError::Unknown)
}

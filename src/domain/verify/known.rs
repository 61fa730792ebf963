//! Finds the key: in memory, and in the database only when it is not there.

use std::sync::Arc;

use super::{Source, VerifyError};
use crate::crypto::hash_key;
use crate::domain::{Context, KnownKey};
use crate::model::{KeyHash, KeyState, PresentedKey, Timestamp};

/// The key that was presented, if it is alive.
///
/// What has not the shape of a key costs nothing; a key that is alive and known costs neither the database nor the window of
/// those who guess, and one that was touched since it was read only the database; so a guesser does not shut out the keys that
/// are in use behind the same address (`security.md L4`). One that is no longer alive costs what one costs that never was: by a full window the two could be told apart (`K3`).
pub(super) async fn alive(
    cx: &Context,
    key: &str,
    source: &dyn Fn() -> Source,
    now: Timestamp,
) -> Result<Arc<KnownKey>, VerifyError> {
    let hash = hash_key(PresentedKey::parse(key).map_err(|_shape| VerifyError::Malformed)?);
    let known = match cx.known_keys.get(cx, &hash, now).await {
        Some(known) => {
            cx.metrics.hit();
            known
        }
        // Boxed, so that the future of every request is not as large as that of a look-up.
        None => Box::pin(look_up(cx, hash, source(), now)).await?,
    };
    if known.is_plain(now) {
        return Ok(known);
    }
    let dead = match known.key.state(now) {
        KeyState::Active | KeyState::BeingReplaced(_) => return Ok(known),
        KeyState::Replaced(_) => VerifyError::Replaced,
        KeyState::Revoked(_) => VerifyError::Revoked,
        KeyState::Expired(_) => VerifyError::Expired,
    };
    Box::pin(source().take(cx)).await?;
    Err(dead)
}

async fn look_up(cx: &Context, hash: KeyHash, source: Source, now: Timestamp) -> Result<Arc<KnownKey>, VerifyError> {
    if !cx.unknown_keys.contains(&hash, now) {
        // Who shows a key that was good a moment ago does not guess, though something may have touched it since.
        if !cx.known_keys.contains(&hash) {
            source.peek(cx).await?;
        }
        cx.metrics.missed();
        if let Some(known) = cx.known_keys.look_up(cx, hash).await? {
            return Ok(known);
        }
        cx.unknown_keys.insert(hash, now);
    }
    source.take(cx).await?;
    Err(VerifyError::Unknown)
}

//! Answers, on every request with a key: who is it, and may it do that?
//!
//! Order of the checks (`C-272`): alive, both limits, scope, owner. A refusal by a limit charges nothing; requests
//! refused later are charged, so that probing costs (`C-275`, `security.md K11`).

use std::net::IpAddr;

use super::client_id::{self, ClientIdError};
use super::{Context, replacement};
use crate::crypto::hash_key;
use crate::limits::{Act, ActRefused, Refused, Standing};
use crate::model::{KeyState, Method, PlainKey, User, UserApiKey, limited_as};
use crate::store::{self, StoreError};

/// A path on which any key may end itself, whatever its scopes (`C-242`, `C-290`).
const SELF_REVOKE: &str = "/user-api-key/revoke";

/// What a key is presented for.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The value of the header.
    pub key: &'a str,
    /// From where.
    pub address: IpAddr,
    /// The method of the request.
    pub method: Method,
    /// Its path, without the prefix of the service.
    pub path: &'a str,
    /// The client id it is presented under, if any.
    pub client_id: Option<&'a str>,
}

/// A key that may do what it is presented for.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The key.
    pub key: UserApiKey,
    /// Its owner.
    pub owner: User,
    /// How its limits stand now.
    pub standing: Standing,
}

/// Why a key may not. On the wire the first five look the same (`security.md K3`).
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Not the shape of a key; no look-up was made (`security.md K1`).
    #[error("the value has not the shape of a key")]
    Malformed,
    /// No such key.
    #[error("there is no such key")]
    Unknown,
    /// Somebody ended it.
    #[error("the key was ended")]
    Revoked,
    /// Its time is up.
    #[error("the key has expired")]
    Expired,
    /// The key that replaces it took over.
    #[error("the key was replaced")]
    Replaced,
    /// This address guessed too often (`security.md L4`).
    #[error("too many unknown keys from this address")]
    Guessing(ActRefused),
    /// The key's own limit.
    #[error("the key is over its limit")]
    Limited(Refused),
    /// All keys of its owner together are over theirs (`security.md K10`).
    #[error("the owner's keys together are over their limit")]
    OwnerLimited(ActRefused),
    /// Its scopes do not permit the request.
    #[error("the key's scopes do not permit this request")]
    Scope,
    /// Its owner is suspended.
    #[error("the key's owner is suspended")]
    OwnerSuspended,
    /// It may not move to the client id it is presented under.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Judges a key for one request, and charges its limits.
///
/// # Errors
/// See [`VerifyError`].
pub async fn verify(cx: &Context, presented: Presented<'_>) -> Result<Verified, VerifyError> {
    let plain = PlainKey::parse(presented.key).map_err(|_shape| VerifyError::Malformed)?;
    let guesser = limited_as(presented.address);
    cx.act_limits.peek(Act::UnknownKeysPerAddress, &guesser).map_err(VerifyError::Guessing)?;
    let Some((mut key, owner)) = find(cx, &plain).await? else {
        cx.act_limits.take(Act::UnknownKeysPerAddress, &guesser).map_err(VerifyError::Guessing)?;
        return Err(VerifyError::Unknown);
    };
    let now = cx.now();
    match key.state(now) {
        KeyState::Active | KeyState::BeingReplaced(_) => {}
        KeyState::Replaced(_) => return Err(VerifyError::Replaced),
        KeyState::Revoked(_) => return Err(VerifyError::Revoked),
        KeyState::Expired(_) => return Err(VerifyError::Expired),
    }
    // Asked first and charged last, so that a refusal by either limit charges nothing.
    cx.user_limits.peek(owner.id).map_err(VerifyError::OwnerLimited)?;
    let standing = cx.key_limits.take(key.id).map_err(VerifyError::Limited)?;
    cx.user_limits.take(owner.id).map_err(VerifyError::OwnerLimited)?;
    permit(cx, &key, presented)?;
    if owner.is_suspended() {
        return Err(VerifyError::OwnerSuspended);
    }
    client_id::follow(cx, &mut key, presented.client_id, presented.address).await?;
    replacement::take_over(cx, &mut key, presented.address).await;
    cx.last_used.key_used(key.id, now);
    Ok(Verified { key, owner, standing })
}

async fn find(cx: &Context, plain: &PlainKey) -> Result<Option<(UserApiKey, User)>, StoreError> {
    let (hash, now) = (hash_key(plain), cx.now());
    if cx.unknown_keys.contains(&hash, now) {
        return Ok(None);
    }
    let looked_for = hash.clone();
    let look_up = move |c: &mut store::AnyConnection| {
        let Some(key) = store::find_key_by_hash(c, &hash)? else { return Ok(None) };
        let owner = store::find_user(c, key.user_id)?;
        Ok::<_, StoreError>(owner.map(|owner| (key, owner)))
    };
    let found = cx.store.read(look_up).await?;
    if found.is_none() {
        cx.unknown_keys.insert(looked_for, now);
    }
    Ok(found)
}

fn permit(cx: &Context, key: &UserApiKey, presented: Presented<'_>) -> Result<(), VerifyError> {
    let path = presented.path.strip_suffix(".json").unwrap_or(presented.path);
    let ends_itself = presented.method == Method::Post && path == SELF_REVOKE;
    if ends_itself || cx.scopes.permits(&key.scopes, presented.method, presented.path) {
        Ok(())
    } else {
        Err(VerifyError::Scope)
    }
}

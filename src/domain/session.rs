//! Signing in, staying signed in, signing out.

use std::net::IpAddr;

use secrecy::SecretString;

use super::{Context, bus};
use crate::crypto::{PasswordError, hash_token};
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{Session, SessionId, Timestamp, User, UserId, limited_as};
use crate::store::{self, AnyConnection, StoreError};

/// How stale the stored instant of a session's last use may get, seconds: so that reading a page is rarely a write.
const TOUCH_AFTER: u64 = 300;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Too many tries, for this account from this address, or from this address, or for this account with one admin key.
    #[error("too many tries to sign in")]
    Limited(ActRefused),
    /// No such account, or not its password: which, is not told (`security.md W6`).
    #[error("the name or the password is wrong")]
    Wrong,
    /// The password is right, the account suspended.
    #[error("this account is suspended")]
    Suspended,
    /// No hash could be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The user who proves to be the owner of this name or address. Takes the same time whether there is such an account
/// or not.
///
/// # Errors
/// See [`SignInError`].
pub async fn sign_in(cx: &Context, login: &str, password: SecretString, address: IpAddr) -> Result<User, SignInError> {
    let login = account(login);
    charge(cx, &login, address).await?;
    prove(cx, login, password).await
}

/// What stands for one account in the limits.
pub(super) fn account(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Counts a try for its address.
pub(super) async fn charge(cx: &Context, account: &str, address: IpAddr) -> Result<(), SignInError> {
    cx.charge(Act::SignInPerAddress, &limited_as(address), SignInError::Limited).await?;
    let pair = format!("{} {account}", limited_as(address));
    cx.charge(Act::SignInPerAccountAndAddress, &pair, SignInError::Limited).await
}

/// The user whose name or address and whose password these are. Whoever calls has counted the try.
pub(super) async fn prove(cx: &Context, login: String, password: SecretString) -> Result<User, SignInError> {
    let (_, hash) = look_up(cx, login.clone()).await?.unzip();
    let hash = hash.flatten();
    let proven = cx.passwords.verify(password, hash.clone()).await?;
    // The hash took its time, in a queue too: a password that was replaced meanwhile opens nothing any more.
    match look_up(cx, login).await? {
        Some((user, now)) if proven && now == hash && user.is_suspended() => Err(SignInError::Suspended),
        Some((user, now)) if proven && now == hash => Ok(user),
        _ => Err(SignInError::Wrong),
    }
}

async fn look_up(cx: &Context, login: String) -> Result<Option<(User, Option<String>)>, StoreError> {
    let look_up = move |c: &mut store::AnyConnection| {
        let Some(user) = store::find_user_by_login(c, &login)? else { return Ok(None) };
        let hash = store::find_password_hash(c, user.id)?;
        Ok(Some((user, hash)))
    };
    cx.store.read(look_up).await
}

/// Begins a session of the user, who is there, in place of the one with the token `before`, if there is such a one; gives its token, of
/// which only the hash is stored.
///
/// # Errors
/// Of the database.
pub async fn begin(cx: &Context, user: UserId, before: Option<&SecretString>) -> Result<SecretString, StoreError> {
    let token = cx.random.token();
    let (hash, before, now) = (hash_token(&token), before.map(hash_token), cx.now());
    let begin = move |tx: &mut AnyConnection| {
        before.iter().try_for_each(|hash| store::delete_session_by_token(tx, hash))?;
        store::insert_session(tx, &hash, user, now)
    };
    cx.store.write_aside(begin).await?;
    cx.last_used.user_seen(user, now);
    Ok(token)
}

/// The session of this token with its user; `None` when it no longer holds, or they are gone or suspended.
///
/// # Errors
/// Of the database.
pub async fn find(cx: &Context, token: &SecretString) -> Result<Option<(Session, User)>, StoreError> {
    let hash = hash_token(token);
    let found = cx.store.read(move |c| store::find_session_with_user(c, &hash)).await?;
    Ok(found.filter(|(session, user)| session.is_alive(cx.session_life, cx.now()) && !user.is_suspended()))
}

/// Notes that this session was used, which was used before at the instant `last`. That it cannot be noted is no reason to refuse
/// its user.
pub async fn used(cx: &Context, id: SessionId, last: Timestamp) {
    let now = cx.now();
    if now.since(last).as_secs() < TOUCH_AFTER {
        return;
    }
    if let Err(error) = cx.store.write_aside(move |tx| store::update_session_seen(tx, id, now)).await {
        tracing::debug!(%error, "the use of a session could not be noted");
    }
}

/// The user of a session; `None` when they are gone or suspended.
///
/// # Errors
/// Of the database.
pub async fn user(cx: &Context, id: UserId) -> Result<Option<User>, StoreError> {
    let user = cx.store.read(move |c| store::find_user(c, id)).await?;
    Ok(user.filter(|user| !user.is_suspended()))
}

/// Ends this session of the user, who wants it so.
///
/// # Errors
/// Of the database.
pub async fn end(cx: &Context, id: SessionId, user: UserId) -> Result<(), StoreError> {
    let now = cx.now();
    let end = move |tx: &mut AnyConnection| {
        store::delete_session(tx, id)?;
        bus::signed_out(tx, user, now)
    };
    cx.store.write_aside(end).await
}

/// Ends every session of the user, and whatever else lets them in without a password. In the caller's transaction.
///
/// # Errors
/// Of the database.
pub fn end_all(tx: &mut AnyConnection, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    store::delete_sessions_of(tx, user)?;
    store::delete_one_time_passwords_of(tx, user)?;
    bus::signed_out(tx, user, now)
}

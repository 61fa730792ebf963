//! Lets the one in who comes with a one-time password (`C-235`…`C-238`).

use std::net::IpAddr;

use crate::crypto::hash_one_time_password;
use crate::domain::Context;
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{AuditEvent, AuditLine, OneTimePassword, Origin, User, limited_as};
use crate::store::{self, AnyConnection, StoreError};

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// It is unknown, spent or too old, or its user is gone or suspended: which, is not told (`C-238`).
    #[error("this one-time password is not good, or no longer")]
    Gone,
    /// This address came with too many.
    #[error("too many one-time passwords from this address")]
    Limited(ActRefused),
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whose one-time password this is. It stays good.
///
/// # Errors
/// See [`RedeemError`].
pub async fn owner(cx: &Context, text: &str, address: IpAddr) -> Result<User, RedeemError> {
    let hash = hash_of(cx, text, address).await?;
    let now = cx.now();
    cx.store
        .read(move |c| match store::find_one_time_password(c, &hash, now)? {
            Some(id) => active(store::find_user(c, id)?),
            None => Err(RedeemError::Gone),
        })
        .await
}

/// Spends a one-time password: of all who come with it, the first is let in as this user.
///
/// # Errors
/// See [`RedeemError`].
pub async fn redeem(cx: &Context, text: &str, address: IpAddr, origin: Origin) -> Result<User, RedeemError> {
    let (hash, now) = (hash_of(cx, text, address).await?, cx.now());
    let spend = move |tx: &mut AnyConnection| {
        let id = store::delete_one_time_password(tx, &hash, now)?.ok_or(RedeemError::Gone)?;
        let user = active(store::find_user(tx, id)?)?;
        store::insert_audit_line(tx, &AuditLine::of_user(AuditEvent::OneTimePasswordRedeemed, id, origin, now))?;
        Ok::<_, RedeemError>(user)
    };
    let user = cx.store.write_aside(spend).await?;
    tracing::info!(
        event = AuditEvent::OneTimePasswordRedeemed.word(),
        user_id = user.id.get(),
        "one-time password redeemed"
    );
    Ok(user)
}

/// Throws a one-time password away that is not needed: its user is signed in already (`C-236`).
///
/// # Errors
/// Of the database.
pub async fn discard(cx: &Context, text: &str) -> Result<(), StoreError> {
    let Ok(password) = OneTimePassword::parse(text) else { return Ok(()) };
    let (hash, now) = (hash_one_time_password(&password), cx.now());
    cx.store.write_aside(move |tx| store::delete_one_time_password(tx, &hash, now)).await?;
    Ok(())
}

async fn hash_of(cx: &Context, text: &str, address: IpAddr) -> Result<String, RedeemError> {
    cx.charge(Act::OneTimePasswordsPerAddress, &limited_as(address), RedeemError::Limited).await?;
    let password = OneTimePassword::parse(text).map_err(|_no_shape| RedeemError::Gone)?;
    Ok(hash_one_time_password(&password))
}

fn active(user: Option<User>) -> Result<User, RedeemError> {
    user.filter(|user| !user.is_suspended()).ok_or(RedeemError::Gone)
}

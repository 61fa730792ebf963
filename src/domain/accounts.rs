//! The built-in accounts: made, suspended, given passwords.

use secrecy::{ExposeSecret, SecretString};

use super::{Context, session};
use crate::crypto::PasswordError;
use crate::model::{AuditEvent, AuditLine, NewUser, Origin, User, UserError, UserId, Username};
use crate::store::{self, AnyConnection, StoreError};

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is no user of that name.
    #[error("there is no user {0}; `hallpass user list` shows all")]
    NotFound(Username),
    /// The name belongs to somebody.
    #[error("the user name {0} is taken")]
    UsernameTaken(Username),
    /// The address belongs to somebody.
    #[error("the e-mail address belongs to another account")]
    EmailTaken,
    /// The site has an administrator already, so the set-up link is over.
    #[error("this site is set up already")]
    AlreadySetUp,
    /// The password will not do.
    #[error(transparent)]
    Rule(#[from] UserError),
    /// No hash could be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an account.
///
/// # Errors
/// See [`AccountError`].
pub async fn create(
    cx: &Context,
    account: NewUser,
    password: SecretString,
    origin: Origin,
) -> Result<UserId, AccountError> {
    insert(cx, account, password, origin, |_| Ok(())).await
}

/// Makes the first administrator; only while there is none.
///
/// # Errors
/// See [`AccountError`].
pub async fn set_up(
    cx: &Context,
    account: NewUser,
    password: SecretString,
    origin: Origin,
) -> Result<UserId, AccountError> {
    let only_while_none = |tx: &mut AnyConnection| {
        if store::any_administrator(tx)? { Err(AccountError::AlreadySetUp) } else { Ok(()) }
    };
    insert(cx, account, password, origin, only_while_none).await
}

async fn insert(
    cx: &Context,
    account: NewUser,
    password: SecretString,
    origin: Origin,
    allowed: impl FnOnce(&mut AnyConnection) -> Result<(), AccountError> + Clone + Send + 'static,
) -> Result<UserId, AccountError> {
    let hash = hash(cx, password).await?;
    let now = cx.now();
    cx.store
        .write_aside(move |tx| {
            allowed(tx)?;
            check_free(tx, &account)?;
            let id = store::insert_user(tx, &account, now, Some(&hash))?;
            store::insert_audit_line(tx, &AuditLine::of_user(AuditEvent::UserCreated, id, origin, now))?;
            Ok(id)
        })
        .await
}

fn check_free(tx: &mut AnyConnection, account: &NewUser) -> Result<(), AccountError> {
    if store::find_user_by_login(tx, account.username.as_str())?.is_some() {
        return Err(AccountError::UsernameTaken(account.username.clone()));
    }
    let email = account.email.as_ref().map(|email| store::find_user_by_login(tx, email.as_str())).transpose()?;
    if email.flatten().is_some() { Err(AccountError::EmailTaken) } else { Ok(()) }
}

/// Every account.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context) -> Result<Vec<User>, StoreError> {
    cx.store.read(store::list_users).await
}

/// The user of that name.
///
/// # Errors
/// When there is none.
pub async fn find(cx: &Context, username: &Username) -> Result<User, AccountError> {
    let login = username.folded();
    let found = cx.store.read(move |c| store::find_user_by_login(c, &login)).await?;
    found.ok_or_else(|| AccountError::NotFound(username.clone()))
}

/// Whether the first administrator is still to be made.
///
/// # Errors
/// Of the database.
pub async fn needs_set_up(cx: &Context) -> Result<bool, StoreError> {
    Ok(!cx.store.read(store::any_administrator).await?)
}

/// Suspends a user: their sessions and one-time passwords end, their keys are refused.
///
/// # Errors
/// See [`AccountError`].
pub async fn suspend(cx: &Context, username: &Username, origin: Origin) -> Result<(), AccountError> {
    let now = cx.now();
    change(cx, username, AuditEvent::UserSuspended, origin, move |tx, id| {
        session::end_all(tx, id, now)?;
        store::update_suspended(tx, id, Some(now))
    })
    .await
}

/// Lifts a suspension: their keys work again.
///
/// # Errors
/// See [`AccountError`].
pub async fn unsuspend(cx: &Context, username: &Username, origin: Origin) -> Result<(), AccountError> {
    change(cx, username, AuditEvent::UserUnsuspended, origin, |tx, id| store::update_suspended(tx, id, None)).await
}

/// Sets a user's password: their sessions and one-time passwords end.
///
/// # Errors
/// See [`AccountError`].
pub async fn set_password(
    cx: &Context,
    username: &Username,
    password: SecretString,
    origin: Origin,
) -> Result<(), AccountError> {
    let (hash, now) = (hash(cx, password).await?, cx.now());
    change(cx, username, AuditEvent::PasswordSet, origin, move |tx, id| {
        session::end_all(tx, id, now)?;
        store::update_password(tx, id, &hash)
    })
    .await
}

async fn hash(cx: &Context, password: SecretString) -> Result<String, AccountError> {
    if !(10..=200).contains(&password.expose_secret().chars().count()) {
        return Err(UserError::Password.into());
    }
    Ok(cx.passwords.hash(&cx.random, password).await?)
}

async fn change(
    cx: &Context,
    username: &Username,
    event: AuditEvent,
    origin: Origin,
    set: impl FnOnce(&mut AnyConnection, UserId) -> Result<bool, StoreError> + Clone + Send + 'static,
) -> Result<(), AccountError> {
    let (id, now) = (find(cx, username).await?.id, cx.now());
    cx.store
        .write_of(id, move |tx| {
            set(tx, id)?;
            store::insert_audit_line(tx, &AuditLine::of_user(event, id, origin, now))
        })
        .await?;
    Ok(())
}

//! Says to the site's back end whether somebody is the user they say they are, and gives them a key if that is wished.

use std::net::IpAddr;

use secrecy::SecretString;

use super::mint::{MintError, MintRequest, mint};
use crate::domain::Context;
use crate::domain::session::{self, SignInError};
use crate::limits::Act;
use crate::model::{AuditEvent, AuditLine, Origin, PlainKey, User, UserApiKey};
use crate::store::{self, StoreError};

/// What somebody says of themselves, and what they are to get.
#[derive(Debug)]
pub struct AuthRequest {
    /// A user name, or an e-mail address.
    pub login: String,
    /// Their password.
    pub password: SecretString,
    /// The address that their guesses count for.
    pub address: IpAddr,
    /// The key that is made for them, if one is.
    pub create_key: Option<MintRequest>,
}

/// Somebody is the user they say they are.
#[derive(Debug)]
pub struct Authenticated {
    /// The user.
    pub user: User,
    /// Their new key, this once.
    pub key: Option<(UserApiKey, PlainKey)>,
}

/// Why somebody was not known, or got no key.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// They are not who they say, or may not sign in.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// They are, but get no key. Nothing was made.
    #[error(transparent)]
    Mint(#[from] MintError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks at a password as the page for signing in does, with the same limits (`security.md W6`), and one that no address of the
/// caller's choice gets round. No session begins.
///
/// # Errors
/// See [`AuthError`].
pub async fn authenticate(cx: &Context, request: AuthRequest, origin: Origin) -> Result<Authenticated, AuthError> {
    let AuthRequest { login, password, address, create_key } = request;
    let login = session::account(&login);
    session::charge(cx, &login, address).await?;
    // Last, so that what is refused to one address shuts nobody else out.
    if let Some(key) = origin.admin_key {
        let pair = format!("{key} {login}");
        cx.charge(Act::SignInPerAccountAndAdminKey, &pair, SignInError::Limited).await?;
    }
    let user = session::prove(cx, login, password).await?;
    let line = AuditLine::of_user(AuditEvent::UserAuthenticated, user.id, origin.clone(), cx.now());
    cx.store.write_aside(move |tx| store::insert_audit_line(tx, &line)).await?;
    let key = match create_key {
        Some(wish) => Some(mint(cx, user.id, wish, origin).await?),
        None => None,
    };
    Ok(Authenticated { user, key })
}

//! Makes a key in a user's name, on the word of the site's back end: nobody was asked on a page (`security.md K12`).
//!
//! The rules that hold for a key that its user approves hold for this one: the site issues keys at all, the user may have
//! some, is not suspended and has not too many; and what the key may do is among what the site offers.

use crate::crypto::hash_key;
use crate::domain::Context;
use crate::domain::authorize::{ApproveError, Issue, Refusal, settle};
use crate::model::{
    ApplicationName, ClientId, ExpiresIn, KeyId, NewKey, Origin, PlainKey, Scopes, Timestamp, TooLong, User,
    UserApiKey, UserId,
};
use crate::store::{self, AnyConnection, StoreError};

/// What kind of key.
#[derive(Clone, Debug)]
pub struct MintRequest {
    /// What the user reads in the list of their applications.
    pub application_name: ApplicationName,
    /// Whose place it takes: a key that the user has for this client id gives way. `None`: nobody's.
    pub client_id: Option<ClientId>,
    /// What it may touch.
    pub scopes: Scopes,
    /// How long it lives; `None`: until it is ended.
    pub expires_in: Option<ExpiresIn>,
}

/// Why no key was made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// There is no such user.
    #[error("there is no user {0}")]
    NoSuchUser(UserId),
    /// There is no key to replace.
    #[error("there is no key {0}")]
    NoSuchKey(KeyId),
    /// The key to replace works no more.
    #[error("key {0} was ended, or its time is up: there is nothing to replace")]
    Ended(KeyId),
    /// A registered application gets its keys at its own address, and in no other way.
    #[error("client_id: {0} belongs to a registered application")]
    Registered(ClientId),
    /// The site's rules, or the user, stand in the way.
    #[error(transparent)]
    Approve(#[from] ApproveError),
}

impl From<StoreError> for MintError {
    fn from(error: StoreError) -> Self {
        Self::Approve(error.into())
    }
}

impl From<Refusal> for MintError {
    fn from(refusal: Refusal) -> Self {
        Self::Approve(refusal.into())
    }
}

/// Makes a key of this user. It is given back this once.
///
/// # Errors
/// See [`MintError`].
pub async fn mint(
    cx: &Context,
    user: UserId,
    request: MintRequest,
    origin: Origin,
) -> Result<(UserApiKey, PlainKey), MintError> {
    let client_id = match &request.client_id {
        Some(given) => given.clone(),
        None => of_its_own(cx).map_err(Refusal::from)?,
    };
    let (key, plain) = fresh(cx, user, request.application_name, request.scopes);
    let expires_at = request.expires_in.map(|life| key.created_at.plus(life.span()));
    let key = NewKey { expires_at, ..key };
    Ok((issue(cx, key, client_id, origin, |_tx| Ok(())).await?, plain))
}

/// Puts a new key in the place of this one, which works until the new one is used, or the time for that is over. The new one may
/// do the same and ends when the other would have. It is given back this once.
///
/// # Errors
/// See [`MintError`].
pub async fn regenerate(cx: &Context, id: KeyId, origin: Origin) -> Result<(UserApiKey, PlainKey), MintError> {
    let now = cx.now();
    let old = cx.store.read(move |c| alive(c, id, now)).await?;
    let (key, plain) = fresh(cx, old.user_id, old.application_name, old.scopes);
    let (auth_redirect, push_url, expires_at) = (old.auth_redirect, old.push_url, old.expires_at);
    let key = NewKey { auth_redirect, push_url, expires_at, ..key };
    let new = issue(cx, key, old.client_id, origin, move |tx| alive(tx, id, now).map(drop)).await?;
    Ok((new, plain))
}

/// A key that is handed over in clear, and so is encrypted to nobody.
fn fresh(cx: &Context, user_id: UserId, application_name: ApplicationName, scopes: Scopes) -> (NewKey, PlainKey) {
    let plain = cx.random.plain_key();
    let key = NewKey {
        user_id,
        hash: hash_key(&plain),
        start: plain.start(),
        application_name,
        scopes,
        auth_redirect: None,
        push_url: None,
        fingerprint: None,
        created_at: cx.now(),
        expires_at: None,
    };
    (key, plain)
}

fn alive(c: &mut AnyConnection, id: KeyId, now: Timestamp) -> Result<UserApiKey, MintError> {
    let key = store::find_key(c, id)?.ok_or(MintError::NoSuchKey(id))?;
    if key.state(now).is_alive() { Ok(key) } else { Err(MintError::Ended(id)) }
}

/// A client id that no other key has.
fn of_its_own(cx: &Context) -> Result<ClientId, TooLong> {
    ClientId::parse(&format!("minted-{}", cx.random.hex::<16>()))
}

/// Stores the key, if the rules of the site let it be, and whatever else has to hold.
async fn issue(
    cx: &Context,
    key: NewKey,
    client_id: ClientId,
    origin: Origin,
    holds: impl FnOnce(&mut AnyConnection) -> Result<(), MintError> + Clone + Send + 'static,
) -> Result<UserApiKey, MintError> {
    let user = key.user_id;
    let owner = cx.store.read(move |c| store::find_user(c, user)).await?.ok_or(MintError::NoSuchUser(user))?;
    check(cx, &owner, &key.scopes)?;
    let issue = Issue::new(cx, key, client_id.clone(), origin);
    let issued = cx.store.write_of(user, move |tx| {
        check_not_registered(tx, client_id)?;
        holds(tx)?;
        let issued = issue.run(tx)?;
        let key = store::find_key(tx, issued.0)?;
        Ok::<_, MintError>((issued, key))
    });
    let (issued, key) = issued.await?;
    let id = issued.0;
    settle(cx, issued);
    Ok(key.ok_or_else(|| StoreError::Query(format!("key {id} is not where it was just put")))?)
}

fn check(cx: &Context, owner: &User, scopes: &Scopes) -> Result<(), Refusal> {
    let rules = &cx.rules;
    if !rules.allow_user_api_keys {
        return Err(Refusal::Disabled);
    }
    cx.check_may_approve(owner)?;
    let offered = &rules.allow_user_api_key_scopes;
    if let Some(unknown) = scopes.iter().find(|scope| !offered.contains(scope)) {
        return Err(Refusal::UnknownScope { scope: unknown.to_string(), offered: offered.to_string() });
    }
    Ok(cx.scopes.check_held(scopes, owner)?)
}

fn check_not_registered(tx: &mut AnyConnection, client_id: ClientId) -> Result<(), MintError> {
    let client = store::find_client(tx, &client_id)?;
    if client.is_some_and(|client| client.registration.is_some()) {
        return Err(MintError::Registered(client_id));
    }
    Ok(())
}

//! Finds the request a user means, and says what they have to know of it (sections 7.1 to 7.4 of the protocol).

use secrecy::{ExposeSecret, SecretString};

use super::{DeviceError, Facts, Here, LIFE, token_hash, wish};
use crate::crypto::hash_token;
use crate::domain::authorize::consider;
use crate::domain::{Context, clients};
use crate::limits::Act;
use crate::model::{DeviceGrant, NotPending, RequestToken, UserCode, limited_as};
use crate::store;

/// How many approval tokens a session has at most; the oldest goes first (`C-162`).
const MOST_TOKENS: i64 = 10;

/// What became of a typed code.
#[derive(Debug)]
pub enum Entered {
    /// There is no such code (`C-155`).
    Unknown,
    /// It is over, answered, or somebody else's (`C-156`).
    Expired,
    /// It is this user's to answer, with this token.
    Yours(Box<Facts>, SecretString),
    /// The user may not let applications in; the code stays as it was (`C-157`).
    NotAllowed(Box<Facts>),
}

/// By what a user shows that they may answer a request.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// The token they got for the code.
    Token(&'a str),
    /// The request of the link, and the code.
    Code {
        /// The token of the link.
        request: &'a str,
        /// As typed.
        code: &'a str,
    },
}

/// What became of a proof.
#[derive(Debug)]
pub enum Opened {
    /// The request is over, answered, somebody else's, or was never there.
    Expired,
    /// The code is another request's, or none (`C-171`).
    WrongCode(Box<Facts>),
    /// The user may answer.
    Ready(Box<Facts>),
}

/// The request of a link: shown, not bound (`C-149`). `None` when there is nothing for this user to answer (`C-150`).
///
/// # Errors
/// See [`DeviceError`].
pub async fn look_up(cx: &Context, here: &Here<'_>, request: &str) -> Result<Option<Facts>, DeviceError> {
    let token = RequestToken::parse(request);
    let of_token = token.as_ref().map_or("invalid", RequestToken::as_str);
    cx.charge(Act::RequestLookUpPerAddress, &limited_as(here.address), DeviceError::Limited).await?;
    cx.charge(Act::RequestLookUpPerUser, &here.user.id.to_string(), DeviceError::Limited).await?;
    cx.charge(Act::RequestLookUpPerToken, of_token, DeviceError::Limited).await?;
    let Some(token) = token else { return Ok(None) };
    let found = cx.store.read(move |c| store::find_device_grant_by_token(c, &token)).await?;
    match found.filter(|grant| grant.pending_for(here.user.id, cx.now()).is_ok()) {
        Some(grant) => facts(cx, here, grant).await.map(Some),
        None => Ok(None),
    }
}

/// Takes a typed code: from then on the request is this user's alone, who gets a token to answer with (`C-158`).
///
/// # Errors
/// See [`DeviceError`].
pub async fn enter(cx: &Context, here: &Here<'_>, typed: &str) -> Result<Entered, DeviceError> {
    let Some(code) = take_attempt(cx, here, typed).await? else { return Ok(Entered::Unknown) };
    let found = cx.store.read(move |c| store::find_device_grant_by_user_code(c, &code)).await?;
    let Some(grant) = found.filter(|grant| grant.expires_at > cx.now()) else { return Ok(Entered::Unknown) };
    if grant.pending_for(here.user.id, cx.now()).is_err() {
        return Ok(Entered::Expired);
    }
    let facts = Box::new(facts(cx, here, grant).await?);
    if cx.check_may_approve(here.user).is_err() {
        return Ok(Entered::NotAllowed(facts));
    }
    let token = cx.random.token();
    let bound = bind(cx, here, &facts.grant, Some(&token)).await?;
    Ok(if bound { Entered::Yours(facts, token) } else { Entered::Expired })
}

/// The request that a proof is for. The proof of request and code binds it as [`enter`] does (`C-170`).
///
/// # Errors
/// See [`DeviceError`].
pub async fn open(cx: &Context, here: &Here<'_>, proof: Proof<'_>) -> Result<Opened, DeviceError> {
    match proof {
        Proof::Token(token) => by_token(cx, here, token).await,
        Proof::Code { request, code } => by_code(cx, here, request, code).await,
    }
}

async fn by_token(cx: &Context, here: &Here<'_>, token: &str) -> Result<Opened, DeviceError> {
    let Some(hash) = token_hash(token) else { return Ok(Opened::Expired) };
    let (owner, now) = (here.owner(), cx.now());
    let find = move |c: &mut store::AnyConnection| match store::find_approval_token(c, &hash, owner, now)? {
        Some(id) => store::find_device_grant(c, id),
        None => Ok(None),
    };
    let found = cx.store.read(find).await?;
    match found.filter(|grant| grant.pending_for(here.user.id, now).is_ok()) {
        Some(grant) => Ok(Opened::Ready(Box::new(facts(cx, here, grant).await?))),
        None => Ok(Opened::Expired),
    }
}

async fn by_code(cx: &Context, here: &Here<'_>, request: &str, typed: &str) -> Result<Opened, DeviceError> {
    let Some(facts) = look_up(cx, here, request).await? else { return Ok(Opened::Expired) };
    let code = take_attempt(cx, here, typed).await?;
    if code.is_none() || code != facts.grant.user_code {
        return Ok(Opened::WrongCode(Box::new(facts)));
    }
    let bound = bind(cx, here, &facts.grant, None).await?;
    Ok(if bound { Opened::Ready(Box::new(facts)) } else { Opened::Expired })
}

/// Counts a typed code, good or not (`C-153`, `security.md C9`); `None` when it cannot be one.
async fn take_attempt(cx: &Context, here: &Here<'_>, typed: &str) -> Result<Option<UserCode>, DeviceError> {
    let code = UserCode::typed(typed);
    let of_code = code.as_ref().map_or("invalid", UserCode::as_str);
    cx.charge(Act::ActivatePerAddress, &limited_as(here.address), DeviceError::Limited).await?;
    cx.charge(Act::ActivatePerUser, &here.user.id.to_string(), DeviceError::Limited).await?;
    cx.charge(Act::ActivatePerCode, of_code, DeviceError::Limited).await?;
    Ok(code)
}

/// Makes the request this user's, if it still can be, and keeps the token in the same step.
async fn bind(
    cx: &Context,
    here: &Here<'_>,
    grant: &DeviceGrant,
    token: Option<&SecretString>,
) -> Result<bool, DeviceError> {
    let (id, owner, now) = (grant.id, here.owner(), cx.now());
    let hash = token.map(|token| hash_token(&token.expose_secret().to_owned().into()));
    let write = move |tx: &mut store::AnyConnection| {
        let current = store::find_device_grant(tx, id)?.ok_or(NotPending);
        if current.and_then(|grant| grant.pending_for(owner.user, now)).is_err() {
            return Ok(false);
        }
        store::update_device_grant_user(tx, id, owner.user)?;
        if let Some(hash) = hash {
            store::insert_approval_token(tx, &hash, owner, id, [now, now.plus(LIFE)], MOST_TOKENS)?;
        }
        Ok::<_, store::StoreError>(true)
    };
    Ok(cx.store.write_aside(write).await?)
}

/// What the user has to know, by today's rules and by what is known of the application today (`C-176`).
async fn facts(cx: &Context, here: &Here<'_>, grant: DeviceGrant) -> Result<Facts, DeviceError> {
    let fields = wish::read(&grant.request)?;
    let client = clients::find(cx, &wish::client_id(&fields)?).await?;
    // Whoever registers a client id under a waiting request must not become what its user allows.
    let registration = client.as_ref().and_then(|client| client.registration.as_ref());
    if registration.is_some_and(|registration| registration.since > grant.created_at) {
        return Err(DeviceError::Gone);
    }
    let wish = wish::parse(&fields, client.as_ref(), &cx.rules, &cx.scopes)?;
    let mut known = consider(cx, here.user, &wish).await?;
    known.expires_at = wish.expires_in.map(|life| grant.created_at.plus(life.span()));
    Ok(Facts { grant, wish, known })
}

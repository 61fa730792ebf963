//! Issues the key: in one transaction, which is committed only when the payload is encrypted too. All of it, or none
//! (deviation from `C-068`).

use super::{AuthorizationRequest, Refusal, seal};
use crate::crypto::{EncryptError, hash_key};
use crate::domain::Context;
use crate::domain::otp::Fresh;
use crate::domain::push;
use crate::domain::replacement::{self, Grace};
use crate::model::{
    Approval, AuditEvent, AuditLine, ClientId, KeyId, NewKey, Origin, PlainKey, RedirectError, Timestamp, User,
};
use crate::store::{self, AnyConnection, FoundClient, StoreError};

/// The largest key of an application, in bits, that is encrypted to while the transaction goes on. With a larger one the
/// encryption takes longer than the transaction does, and whoever else writes would wait for it.
const MEANWHILE_BITS: u16 = 4096;

/// A key was issued.
#[derive(Clone, Debug)]
pub struct Approved {
    /// The encrypted payload, wrapped base64.
    pub payload: String,
    /// Where to send the browser with it; `None`: show it.
    pub handover: Option<String>,
}

/// Why no key was issued. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ApproveError {
    /// The request or the user stands in the way.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The application's key does not encrypt.
    #[error(transparent)]
    Encrypt(#[from] EncryptError),
    /// The address with the payload would be too long.
    #[error(transparent)]
    Handover(#[from] RedirectError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives the application its key in the user's name, in place of the one the user gave it before (`C-073`): at once, or
/// in two steps, by `replacement`.
///
/// # Errors
/// See [`ApproveError`].
pub async fn approve(
    cx: &Context,
    user: &User,
    request: &AuthorizationRequest,
    origin: Origin,
) -> Result<Approved, ApproveError> {
    let expires_at = request.expires_in.map(|life| cx.now().plus(life.span()));
    let (issue, plain) = prepare(cx, user, request, expires_at, origin)?;
    let one_time_password = issue.one_time_password.clone();
    let sealing = || {
        let payload = seal(request, &plain, &cx.rules, expires_at)?;
        let handover = handover(request, &payload, one_time_password.as_ref())?;
        Ok(Approved { payload, handover })
    };
    let write = move |tx: &mut AnyConnection| issue.run(tx);
    let (issued, approved) = if request.public_key.bits() > MEANWHILE_BITS {
        let approved = sealing()?;
        (cx.store.write_of(user.id, write).await?, approved)
    } else {
        cx.store.write_of_meanwhile(user.id, write, sealing).await?
    };
    settle(cx, issued);
    Ok(approved)
}

/// A key, ready to be stored, and what it is in plain.
///
/// # Errors
/// See [`ApproveError`].
pub(in crate::domain) fn prepare(
    cx: &Context,
    user: &User,
    request: &AuthorizationRequest,
    expires_at: Option<Timestamp>,
    origin: Origin,
) -> Result<(Issue, PlainKey), ApproveError> {
    cx.check_may_approve(user)?;
    cx.scopes.check_held(&request.scopes, user).map_err(Refusal::from)?;
    let plain = cx.random.plain_key();
    let key = NewKey {
        user_id: user.id,
        hash: hash_key(&plain),
        start: plain.start(),
        application_name: request.application_name.clone(),
        scopes: request.scopes.clone(),
        auth_redirect: request.auth_redirect.clone(),
        push_url: request.push_url.clone(),
        fingerprint: Some(request.public_key.fingerprint()),
        created_at: cx.now(),
        expires_at,
    };
    let one_time_password = one_time_password(cx, user, request)?;
    let issue = Issue { one_time_password, ..Issue::new(cx, key, request.client_id.clone(), origin) };
    Ok((issue, plain))
}

/// What is left to do once the transaction with the key is on disk.
pub(in crate::domain) fn settle(cx: &Context, (key_id, replaced): (KeyId, Vec<KeyId>)) {
    for old in replaced {
        cx.key_limits.forget(old);
    }
    tracing::info!(event = AuditEvent::KeyIssued.word(), key_id = key_id.get(), "key issued");
}

/// The one-time password that goes with the key, if its scope was asked for. Without a redirect nobody would get it, so none
/// is made (deviation from `C-090`).
fn one_time_password(cx: &Context, user: &User, request: &AuthorizationRequest) -> Result<Option<Fresh>, EncryptError> {
    let wanted = request.auth_redirect.is_some() && request.scopes.has("one_time_password");
    wanted.then(|| Fresh::make(cx, user.id, &request.public_key, request.padding)).transpose()
}

/// The payload comes first: simple applications take all that follows `payload=` (`C-087`, `C-089`).
fn handover(
    request: &AuthorizationRequest,
    payload: &str,
    one_time_password: Option<&Fresh>,
) -> Result<Option<String>, RedirectError> {
    let second = one_time_password.map(|fresh| ("oneTimePassword", fresh.sealed.as_str()));
    let pairs: Vec<(&str, &str)> = std::iter::once(("payload", payload)).chain(second).collect();
    request.auth_redirect.as_ref().map(|to| to.handover(&pairs)).transpose()
}

/// A key that is ready to be stored.
#[derive(Clone)]
pub(in crate::domain) struct Issue {
    key: NewKey,
    one_time_password: Option<Fresh>,
    client_id: ClientId,
    origin: Origin,
    most: u32,
    grace: Grace,
}

impl Issue {
    /// Nothing but this key.
    pub(in crate::domain) fn new(cx: &Context, key: NewKey, client_id: ClientId, origin: Origin) -> Self {
        let (most, grace) = (cx.rules.max_keys_per_user, Grace::of(cx));
        Self { key, one_time_password: None, client_id, origin, most, grace }
    }

    /// Stores the key in the caller's transaction; gives its id, and those of the keys it replaces.
    pub(in crate::domain) fn run(&self, tx: &mut AnyConnection) -> Result<(KeyId, Vec<KeyId>), ApproveError> {
        let NewKey { user_id, created_at: now, .. } = self.key;
        // Suspended since the page was shown, perhaps a moment ago.
        if !store::is_user_active(tx, user_id)? {
            return Err(Refusal::Suspended.into());
        }
        let FoundClient { row: client, is_blocked } =
            store::find_or_insert_client(tx, &self.client_id, &self.key.application_name, now)?;
        if is_blocked {
            return Err(Refusal::Blocked.into());
        }
        if store::count_live_keys(tx, user_id, client, now)? >= u64::from(self.most) {
            return Err(Refusal::TooManyKeys(self.most).into());
        }
        let (succession, replaced) = replacement::begin(tx, client, &self.key, &self.grace)?;
        let id = store::insert_key(tx, client, &self.key, succession)?;
        if let Some(approval) = self.approval() {
            store::upsert_approval(tx, user_id, client, &approval)?;
            push::begin_anew(tx, &self.key)?;
        }
        store::insert_audit_line(tx, &self.line(id))?;
        if let Some(fresh) = &self.one_time_password {
            fresh.store(tx, Some(&self.client_id), &self.origin)?;
        }
        Ok((id, replaced))
    }

    /// What the user allowed; a key that is encrypted to nobody was not theirs to allow.
    fn approval(&self) -> Option<Approval> {
        let NewKey { scopes, fingerprint, created_at, .. } = self.key.clone();
        fingerprint.map(|fingerprint| Approval { scopes, fingerprint, approved_at: created_at })
    }

    fn line(&self, id: KeyId) -> AuditLine {
        let event = if self.key.fingerprint.is_some() { AuditEvent::KeyIssued } else { AuditEvent::KeyMinted };
        let about = AuditLine::of_client(event, &self.client_id, self.origin.clone(), self.key.created_at);
        AuditLine { user_id: Some(self.key.user_id), key_id: Some(id), ..about }
    }
}

//! Makes one-time passwords, on a wish of their own (`C-229`…`C-234`) or beside a key (`C-089`).

use super::OtpRequest;
use super::request::SCOPE;
use crate::crypto::{EncryptError, PublicKey, hash_one_time_password, wrap_base64};
use crate::domain::Context;
use crate::domain::authorize::{ApproveError, Refusal};
use crate::model::{AuditEvent, AuditLine, ClientId, OneTimePassword, Origin, Padding, Timestamp, User, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// A one-time password that is encrypted and not yet stored.
#[derive(Clone)]
pub(in crate::domain) struct Fresh {
    /// Encrypted alone, in wrapped base64 (`C-233`).
    pub(in crate::domain) sealed: String,
    hash: String,
    user: UserId,
    now: Timestamp,
}

impl Fresh {
    /// Makes one for the user and encrypts it; touches nothing.
    ///
    /// # Errors
    /// When the key does not encrypt.
    pub(in crate::domain) fn make(
        cx: &Context,
        user: UserId,
        key: &PublicKey,
        padding: Padding,
    ) -> Result<Self, EncryptError> {
        let plain = cx.random.one_time_password();
        let sealed = wrap_base64(&key.encrypt(padding, plain.expose().as_bytes())?);
        Ok(Self { sealed, hash: hash_one_time_password(&plain), user, now: cx.now() })
    }

    /// Stores its hash, with a line in the log.
    ///
    /// # Errors
    /// Of the database.
    pub(in crate::domain) fn store(
        &self,
        tx: &mut AnyConnection,
        client_id: Option<&ClientId>,
        origin: &Origin,
    ) -> Result<(), StoreError> {
        let expires_at = self.now.plus(OneTimePassword::LIFE);
        store::insert_one_time_password(tx, &self.hash, self.user, expires_at)?;
        let line = AuditLine::of_user(AuditEvent::OneTimePasswordMade, self.user, origin.clone(), self.now);
        store::insert_audit_line(tx, &AuditLine { client_id: client_id.cloned(), ..line })
    }
}

/// Whether this user may let an application sign in as them (`C-229`, `C-230`).
///
/// # Errors
/// [`Refusal::NotAllowed`] with the groups that may, or [`Refusal::UnknownScope`] where the site offers no one-time
/// passwords.
pub fn check_may_make(cx: &Context, user: &User) -> Result<(), Refusal> {
    cx.check_may_approve(user)?;
    let offered = &cx.rules.allow_user_api_key_scopes;
    if offered.has(SCOPE) {
        return Ok(());
    }
    Err(Refusal::UnknownScope { scope: SCOPE.to_owned(), offered: offered.to_string() })
}

/// Makes a one-time password of the user for the application; gives the address that hands it over.
///
/// # Errors
/// See [`ApproveError`].
pub async fn make(cx: &Context, user: &User, wish: &OtpRequest, origin: Origin) -> Result<String, ApproveError> {
    check_may_make(cx, user)?;
    let fresh = Fresh::make(cx, user.id, &wish.public_key, wish.padding)?;
    let handover = wish.auth_redirect.handover(&[("oneTimePassword", &fresh.sealed)])?;
    cx.store.write_aside(move |tx| fresh.store(tx, None, &origin)).await?;
    tracing::info!(event = AuditEvent::OneTimePasswordMade.word(), user_id = user.id.get(), "one-time password made");
    Ok(handover)
}

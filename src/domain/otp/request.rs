//! An application's wish for a one-time password, taken apart in the protocol's order (`C-220`…`C-224`).

use crate::crypto::PublicKey;
use crate::domain::Context;
use crate::domain::authorize::{Refusal, redirect_text};
use crate::model::{ApplicationName, Client, DangerousScopes, Fields, KeyRules, Padding, RedirectUri, Timestamp};
use crate::store::{self, StoreError};

/// The scope that lets one-time passwords be made.
pub(super) const SCOPE: &str = "one_time_password";

/// A wish with nothing wrong in it.
#[derive(Clone, Debug)]
pub struct OtpRequest {
    /// What the application calls itself; the name of its registration where it is registered.
    pub application_name: ApplicationName,
    /// Since when it is registered; `None`: nobody has.
    pub registered_since: Option<Timestamp>,
    /// To whom the one-time password is encrypted.
    pub public_key: PublicKey,
    /// How.
    pub padding: Padding,
    /// Where it goes.
    pub auth_redirect: RedirectUri,
    /// The fields as they came, for the model and the form to repeat.
    pub raw: Fields,
}

/// What a wish says of itself, before it is compared with what is registered.
struct Parsed {
    public_key: PublicKey,
    padding: Padding,
    auth_redirect: RedirectUri,
    sent_name: ApplicationName,
}

impl OtpRequest {
    /// Parses and judges a wish, everything that does not depend on who is asked. The registered application is found by
    /// the public key (`C-224`).
    ///
    /// # Errors
    /// The outer error is the database's; the inner one is the first refusal in the protocol's order: missing, key,
    /// padding, redirect; then ours.
    pub async fn read(cx: &Context, fields: &Fields) -> Result<Result<Self, Refusal>, StoreError> {
        let parsed = match Parsed::of(fields, &cx.rules) {
            Ok(parsed) => parsed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let fingerprint = parsed.public_key.fingerprint();
        let registered = cx.store.read(move |c| store::list_clients_by_fingerprint(c, &fingerprint)).await?;
        Ok(parsed.judge(fields, &registered, &cx.rules))
    }
}

impl Parsed {
    fn of(fields: &Fields, rules: &KeyRules) -> Result<Self, Refusal> {
        let required = |name| fields.filled(name)?.ok_or(Refusal::Missing(name));
        let pem = required("public_key")?;
        let text = redirect_text(fields)?.filter(|text| !text.trim().is_empty());
        let text = text.ok_or(Refusal::Missing("auth_redirect"))?;
        let name = required("application_name")?;
        if !rules.allow_user_api_keys {
            return Err(Refusal::Disabled);
        }
        let public_key = PublicKey::parse(pem, rules.min_user_api_rsa_bits)?;
        let padding = Padding::parse(fields.get("padding")?)?;
        let auth_redirect = RedirectUri::parse(text)?;
        if !rules.redirects.allows(&auth_redirect) {
            return Err(Refusal::RedirectNotAllowed(text.to_owned()));
        }
        let sent_name = ApplicationName::parse(name)?;
        Ok(Self { public_key, padding, auth_redirect, sent_name })
    }

    /// Several applications may have registered one key: one of them has to wait at this address. What nobody registered
    /// gets neither a reserved name nor, where the operator says so, what amounts to a dangerous scope.
    fn judge(self, fields: &Fields, registered: &[Client], rules: &KeyRules) -> Result<OtpRequest, Refusal> {
        let here = |client: &&Client| {
            client.registration.as_ref().is_some_and(|known| known.auth_redirect == self.auth_redirect)
        };
        let client = registered.iter().find(here);
        if client.is_some_and(Client::is_blocked) {
            return Err(Refusal::Blocked);
        }
        if client.is_none() && !registered.is_empty() {
            return Err(Refusal::OtherRedirect(self.auth_redirect.as_str().to_owned()));
        }
        if client.is_none() && self.sent_name.imitates(&rules.site_title) {
            return Err(Refusal::ReservedName(self.sent_name.as_str().to_owned()));
        }
        if client.is_none() && rules.unregistered_dangerous_scopes == DangerousScopes::Refuse {
            return Err(Refusal::DangerousScope(SCOPE.to_owned()));
        }
        Ok(OtpRequest {
            application_name: client.map_or(self.sent_name, |client| client.application_name.clone()),
            registered_since: client.and_then(|client| client.registration.as_ref()).map(|known| known.since),
            public_key: self.public_key,
            padding: self.padding,
            auth_redirect: self.auth_redirect,
            raw: fields.clone(),
        })
    }
}

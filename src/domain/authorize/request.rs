//! An application's wish, taken apart in the order the protocol fixes (section 3 of the protocol).

use super::{Refusal, payload};
use crate::crypto::PublicKey;
use crate::model::{
    ApplicationName, Client, ClientId, DangerousScopes, ExpiresIn, Fields, KeyRules, Nonce, Padding, PushUrl,
    RedirectUri, Registration, ScopeCatalog, Scopes, Timestamp,
};

/// Where an application sends the key, as one of two parameter names.
const REDIRECT_NAMES: [&str; 2] = ["auth_redirect", "redirect_uri"];

/// A wish with nothing wrong in it.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// What the application calls its installation.
    pub client_id: ClientId,
    /// What it calls itself; the name of its registration where it is registered (deviation from `C-070`).
    pub application_name: ApplicationName,
    /// Since when it is registered; `None`: nobody has.
    pub registered_since: Option<Timestamp>,
    /// Comes back inside the payload.
    pub nonce: Nonce,
    /// What it asks for.
    pub scopes: Scopes,
    /// To whom the payload is encrypted: the registered key wins over one that was sent (`C-072`).
    pub public_key: PublicKey,
    /// The key that was sent, else the registered one: what the model repeats (`C-048`).
    pub public_key_text: String,
    /// How.
    pub padding: Padding,
    /// Where it goes; `None`: shown to the user.
    pub auth_redirect: Option<RedirectUri>,
    /// Where pushes would go.
    pub push_url: Option<PushUrl>,
    /// How long the key shall live; `None`: until ended.
    pub expires_in: Option<ExpiresIn>,
    /// The fields as they came, for the model and the consent form to repeat.
    pub raw: Fields,
}

impl AuthorizationRequest {
    /// Parses and judges a wish, everything that does not depend on who is asked for approval. `client` is what the
    /// site keeps of the `client_id` that the fields name ([`clients::of_request`](crate::domain::clients::of_request)).
    ///
    /// # Errors
    /// The first refusal in the protocol's order: required, what only a registered application may leave out, scopes,
    /// key, padding, redirect, expiry; ours, which the protocol does not have, follow.
    pub fn parse(
        fields: &Fields,
        client: Option<&Client>,
        rules: &KeyRules,
        catalog: &ScopeCatalog,
    ) -> Result<Self, Refusal> {
        let required = |name| fields.filled(name)?.ok_or(Refusal::Missing(name));
        for name in ["nonce", "scopes", "client_id"] {
            required(name)?;
        }
        let registration = client.and_then(|client| client.registration.as_ref());
        let sent_key = fields.filled("public_key")?;
        let pem = registration.map(|known| known.public_key.as_str()).or(sent_key);
        let pem = pem.ok_or(Refusal::Missing("public_key"))?;
        let application_name = application_name(fields, client)?;
        if !rules.allow_user_api_keys {
            return Err(Refusal::Disabled);
        }
        if client.is_some_and(Client::is_blocked) {
            return Err(Refusal::Blocked);
        }
        let request = Self {
            nonce: Nonce::parse(required("nonce")?)?,
            client_id: ClientId::parse(required("client_id")?)?,
            application_name,
            registered_since: registration.map(|known| known.since),
            scopes: offered_scopes(required("scopes")?, registration, rules)?,
            public_key_text: sent_key.unwrap_or(pem).to_owned(),
            public_key: PublicKey::parse(pem, rules.min_user_api_rsa_bits)?,
            padding: Padding::parse(fields.get("padding")?)?,
            auth_redirect: allowed_redirect(fields, registration, rules)?,
            expires_in: expiry(fields, rules)?,
            push_url: fields.filled("push_url")?.map(PushUrl::parse).transpose()?,
            raw: fields.clone(),
        };
        request.judge(rules, catalog)?;
        Ok(request)
    }

    /// The reserved names, and scopes that can change things, are kept from applications that nobody registered.
    fn judge(&self, rules: &KeyRules, catalog: &ScopeCatalog) -> Result<(), Refusal> {
        if self.registered_since.is_some() {
            return payload::fits(self, rules);
        }
        if self.application_name.imitates(&rules.site_title) {
            return Err(Refusal::ReservedName(self.application_name.as_str().to_owned()));
        }
        let dangerous = self.scopes.iter().find(|scope| catalog.is_dangerous(scope));
        match dangerous {
            Some(scope) if rules.unregistered_dangerous_scopes == DangerousScopes::Refuse => {
                Err(Refusal::DangerousScope(scope.to_string()))
            }
            _ => payload::fits(self, rules),
        }
    }

    /// Whether the payload will say `"push":true` (`C-081`).
    #[must_use]
    pub fn pushes(&self, rules: &KeyRules) -> bool {
        let wanted = self.scopes.has("push") || self.scopes.has("notifications");
        let target = self.push_url.as_ref().and_then(|url| RedirectUri::parse(url.as_str()).ok());
        wanted && target.is_some_and(|url| rules.push_urls.allows(&url))
    }
}

/// What a registered application is called is not its request's to say; any other takes the name that is kept for its
/// `client_id` where it sends none (`C-035`, `C-048`).
fn application_name(fields: &Fields, client: Option<&Client>) -> Result<ApplicationName, Refusal> {
    let kept = |client: &Client| client.application_name.clone();
    let sent = fields.filled("application_name")?;
    match (client.filter(|client| client.registration.is_some()), sent) {
        (Some(registered), _) => Ok(kept(registered)),
        (None, Some(sent)) => Ok(ApplicationName::parse(sent)?),
        (None, None) => client.map(kept).ok_or(Refusal::Missing("application_name")),
    }
}

fn offered_scopes(list: &str, registration: Option<&Registration>, rules: &KeyRules) -> Result<Scopes, Refusal> {
    let scopes = Scopes::parse(list)?;
    let offered = &rules.allow_user_api_key_scopes;
    if let Some(unknown) = scopes.iter().find(|scope| !offered.contains(scope)) {
        return Err(Refusal::UnknownScope { scope: unknown.to_string(), offered: offered.to_string() });
    }
    if let Some(Registration { scopes: registered, .. }) = registration
        && let Some(beyond) = scopes.iter().find(|scope| !registered.contains(scope))
    {
        return Err(Refusal::ScopeNotRegistered { scope: beyond.to_string(), registered: registered.to_string() });
    }
    Ok(scopes)
}

/// Present and empty is refused, absent is fine (`C-040`, `C-042`, `C-063`); a registered application's own has to be on
/// the list like any other (`C-064`).
fn allowed_redirect(
    fields: &Fields,
    registration: Option<&Registration>,
    rules: &KeyRules,
) -> Result<Option<RedirectUri>, Refusal> {
    let Some(text) = redirect_text(fields)? else { return Ok(None) };
    let redirect = RedirectUri::parse(text)?;
    if registration.is_some_and(|known| known.auth_redirect != redirect) {
        return Err(Refusal::OtherRedirect(text.to_owned()));
    }
    if rules.redirects.allows(&redirect) {
        Ok(Some(redirect))
    } else {
        Err(Refusal::RedirectNotAllowed(text.to_owned()))
    }
}

/// The redirect as it was sent, under whichever of its names.
pub(in crate::domain) fn redirect_text(fields: &Fields) -> Result<Option<&str>, Refusal> {
    let [first, second] = REDIRECT_NAMES;
    match (fields.get(first)?, fields.get(second)?) {
        (Some(one), Some(other)) if one != other => Err(Refusal::TwoRedirects),
        (one, other) => Ok(one.or(other)),
    }
}

fn expiry(fields: &Fields, rules: &KeyRules) -> Result<Option<ExpiresIn>, Refusal> {
    let text = fields.filled("expires_in_seconds")?;
    Ok(text.map(|text| ExpiresIn::parse(text, rules.max_user_api_key_expiry_days)).transpose()?)
}

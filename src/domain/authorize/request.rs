//! An application's wish, taken apart in the order the protocol fixes (section 3 of the protocol).

use super::{Refusal, payload};
use crate::crypto::PublicKey;
use crate::model::{
    ApplicationName, ClientId, DangerousScopes, ExpiresIn, Fields, KeyRules, Nonce, Padding, PushUrl, RedirectUri,
    ScopeCatalog, Scopes,
};

/// Where an application sends the key, as one of two parameter names.
const REDIRECT_NAMES: [&str; 2] = ["auth_redirect", "redirect_uri"];

/// A wish with nothing wrong in it.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// What the application calls its installation.
    pub client_id: ClientId,
    /// What it calls itself.
    pub application_name: ApplicationName,
    /// Comes back inside the payload.
    pub nonce: Nonce,
    /// What it asks for.
    pub scopes: Scopes,
    /// To whom the payload is encrypted.
    pub public_key: PublicKey,
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
    /// Parses and judges a wish, everything that does not depend on who is asked for approval.
    ///
    /// # Errors
    /// The first refusal in the protocol's order: required, scopes, key, padding, redirect, expiry; ours, which the
    /// protocol does not have, follow.
    pub fn parse(fields: &Fields, rules: &KeyRules, catalog: &ScopeCatalog) -> Result<Self, Refusal> {
        for name in ["nonce", "scopes", "client_id", "public_key", "application_name"] {
            fields.filled(name)?.ok_or(Refusal::Missing(name))?;
        }
        if !rules.allow_user_api_keys {
            return Err(Refusal::Disabled);
        }
        let required = |name| fields.filled(name)?.ok_or(Refusal::Missing(name));
        let request = Self {
            nonce: Nonce::parse(required("nonce")?)?,
            client_id: ClientId::parse(required("client_id")?)?,
            application_name: ApplicationName::parse(required("application_name")?)?,
            scopes: offered_scopes(required("scopes")?, rules)?,
            public_key: PublicKey::parse(required("public_key")?, rules.min_user_api_rsa_bits)?,
            padding: Padding::parse(fields.get("padding")?)?,
            auth_redirect: allowed_redirect(fields, rules)?,
            expires_in: expiry(fields, rules)?,
            push_url: fields.filled("push_url")?.map(PushUrl::parse).transpose()?,
            raw: fields.clone(),
        };
        request.judge(rules, catalog)?;
        Ok(request)
    }

    fn judge(&self, rules: &KeyRules, catalog: &ScopeCatalog) -> Result<(), Refusal> {
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

fn offered_scopes(list: &str, rules: &KeyRules) -> Result<Scopes, Refusal> {
    let scopes = Scopes::parse(list)?;
    let offered = &rules.allow_user_api_key_scopes;
    if let Some(unknown) = scopes.iter().find(|scope| !offered.contains(scope)) {
        return Err(Refusal::UnknownScope { scope: unknown.to_string(), offered: offered.to_string() });
    }
    Ok(scopes)
}

/// Present and empty is refused, absent is fine (`C-040`, `C-042`, `C-063`).
fn allowed_redirect(fields: &Fields, rules: &KeyRules) -> Result<Option<RedirectUri>, Refusal> {
    let [first, second] = REDIRECT_NAMES;
    let text = match (fields.get(first)?, fields.get(second)?) {
        (Some(one), Some(other)) if one != other => return Err(Refusal::TwoRedirects),
        (one, other) => one.or(other),
    };
    let Some(text) = text else { return Ok(None) };
    let redirect = RedirectUri::parse(text)?;
    if rules.redirects.allows(&redirect) {
        Ok(Some(redirect))
    } else {
        Err(Refusal::RedirectNotAllowed(text.to_owned()))
    }
}

fn expiry(fields: &Fields, rules: &KeyRules) -> Result<Option<ExpiresIn>, Refusal> {
    let text = fields.filled("expires_in_seconds")?;
    Ok(text.map(|text| ExpiresIn::parse(text, rules.max_user_api_key_expiry_days)).transpose()?)
}

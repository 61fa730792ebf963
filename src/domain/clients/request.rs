//! A wish to be registered, taken apart in the protocol's order (`C-262`…`C-264`).

use super::register::{RegisterError, Registrar};
use crate::crypto::PublicKey;
use crate::domain::authorize::Refusal;
use crate::model::{
    ApplicationName, ClientId, Fields, Fingerprint, KeyRules, RedirectUri, Registration, Scopes, Timestamp,
};

/// The parameters, in the order in which a missing one is told.
const REQUIRED: [&str; 5] = ["client_id", "application_name", "public_key", "auth_redirect", "scopes"];

/// A wish with nothing wrong in it.
#[derive(Clone, Debug)]
pub struct RegistrationRequest {
    /// What it will be found by.
    pub client_id: ClientId,
    /// Its name from then on.
    pub application_name: ApplicationName,
    public_key: String,
    fingerprint: Fingerprint,
    auth_redirect: RedirectUri,
    scopes: Scopes,
}

impl RegistrationRequest {
    /// Parses and judges a wish. The redirect is not looked for on the operator's list: that happens whenever it is
    /// used (`C-266`).
    ///
    /// # Errors
    /// The first fault: missing, scopes, key, then what the protocol leaves open.
    pub fn parse(fields: &Fields, registrar: Registrar, rules: &KeyRules) -> Result<Self, RegisterError> {
        let required = |name| fields.filled(name).map_err(Refusal::from)?.ok_or(Refusal::Missing(name));
        for name in REQUIRED {
            required(name)?;
        }
        let scopes = offered(required("scopes")?, registrar, rules)?;
        let pem = required("public_key")?;
        let key = PublicKey::parse(pem, rules.min_user_api_rsa_bits).map_err(Refusal::from)?;
        let request = Self {
            client_id: ClientId::parse(required("client_id")?).map_err(Refusal::from)?,
            application_name: ApplicationName::parse(required("application_name")?).map_err(Refusal::from)?,
            auth_redirect: RedirectUri::parse(required("auth_redirect")?).map_err(Refusal::from)?,
            public_key: pem.to_owned(),
            fingerprint: key.fingerprint(),
            scopes,
        };
        request.judge(registrar, rules)
    }

    /// Anybody may call the endpoint, so a registration proves nothing about who made an application: the site's own
    /// name stays out of reach (`security.md C4`). The operator may give it.
    fn judge(self, registrar: Registrar, rules: &KeyRules) -> Result<Self, RegisterError> {
        if registrar != Registrar::Operator && self.application_name.imitates(&rules.site_title) {
            return Err(Refusal::ReservedName(self.application_name.as_str().to_owned()).into());
        }
        Ok(self)
    }

    /// What is stored of it at this instant.
    #[must_use]
    pub fn registration(&self, now: Timestamp) -> Registration {
        Registration {
            public_key: self.public_key.clone(),
            fingerprint: self.fingerprint,
            auth_redirect: self.auth_redirect.clone(),
            scopes: self.scopes.clone(),
            since: now,
        }
    }
}

/// An application registers scopes of `allow_user_api_key_client_scopes` (`C-263`), the operator any that may be asked
/// for here. A list without a name would be a registration for nothing.
fn offered(list: &str, registrar: Registrar, rules: &KeyRules) -> Result<Scopes, RegisterError> {
    let offered = match registrar {
        Registrar::Operator => &rules.allow_user_api_key_scopes,
        Registrar::Address(_) => &rules.allow_user_api_key_client_scopes,
    };
    if offered.iter().next().is_none() {
        return Err(RegisterError::Off);
    }
    let scopes = Scopes::parse(list).map_err(Refusal::from)?;
    if let Some(scope) = scopes.iter().find(|scope| !offered.contains(scope)) {
        return Err(RegisterError::Scope { scope: scope.to_string(), offered: offered.to_string() });
    }
    if scopes.iter().next().is_none() { Err(Refusal::Missing("scopes").into()) } else { Ok(scopes) }
}

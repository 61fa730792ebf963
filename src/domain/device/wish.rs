//! An application's wish, taken apart in the order the protocol fixes for the device flow (section 6.1).

use super::DeviceError;
use crate::crypto::PublicKey;
use crate::domain::authorize::{AuthorizationRequest, Refusal};
use crate::model::{
    Client, ClientId, Fields, KeyRules, Padding, Registration, Scope, ScopeCatalog, ScopeError, Scopes, TooLong,
};
use crate::store::StoreError;

/// What is read of a request, and kept; `auth_redirect` means nothing here (`C-128`).
const FIELDS: [&str; 8] =
    ["client_id", "application_name", "nonce", "public_key", "push_url", "scopes", "padding", "expires_in_seconds"];

/// The longest values, bytes, in the order in which they are checked (`C-114`).
const LONGEST: [(&str, usize); 5] =
    [("client_id", 200), ("application_name", 200), ("nonce", 256), ("public_key", 4096), ("push_url", 2000)];

/// The smallest RSA key, bits, whatever the operator allows the redirect flow (`C-123`).
const LEAST_BITS: u16 = 2048;

/// How large a kept request may be, bytes (`C-126`).
const MOST_BYTES: usize = 10_000;

/// The application's `client_id`, which decides what else is needed.
pub(super) fn client_id(fields: &Fields) -> Result<ClientId, DeviceError> {
    for name in ["nonce", "scopes", "client_id"] {
        filled(fields, name)?.ok_or(DeviceError::Missing(name))?;
    }
    for (name, most) in LONGEST {
        let bytes = filled(fields, name)?.map_or(0, str::len);
        if bytes > most {
            return Err(Refusal::from(TooLong { name, bytes, most }).into());
        }
    }
    let text = filled(fields, "client_id")?.unwrap_or_default();
    Ok(ClientId::parse(text).map_err(Refusal::from)?)
}

/// The wish, with what is kept of its client: a registered one has its own name and key (`C-138`, `C-139`), of any other
/// the kept name stands in for a missing one.
pub(super) fn parse(
    fields: &Fields,
    client: Option<&Client>,
    rules: &KeyRules,
    catalog: &ScopeCatalog,
) -> Result<AuthorizationRequest, DeviceError> {
    client_id(fields)?;
    let fields = read_here(fields);
    let list = filled(&fields, "scopes")?.unwrap_or_default();
    if list.chars().count() > 500 || list.split(',').count() > 20 {
        return Err(Refusal::Scopes(ScopeError::TooMany).into());
    }
    if client.is_none() {
        filled(&fields, "application_name")?.ok_or(Refusal::Missing("application_name"))?;
    }
    let registration = client.and_then(|client| client.registration.as_ref());
    check_scopes(list, registration, rules)?;
    Padding::parse(fields.get("padding").map_err(Refusal::from)?).map_err(Refusal::from)?;
    let sent = filled(&fields, "public_key")?;
    let key = registration.map(|known| known.public_key.as_str()).or(sent).ok_or(Refusal::Missing("public_key"))?;
    PublicKey::parse(key, LEAST_BITS.max(rules.min_user_api_rsa_bits)).map_err(Refusal::from)?;
    Ok(AuthorizationRequest::parse(&fields, client, rules, catalog)?)
}

fn filled<'f>(fields: &'f Fields, name: &str) -> Result<Option<&'f str>, Refusal> {
    Ok(fields.filled(name)?)
}

/// Only what this flow reads.
fn read_here(fields: &Fields) -> Fields {
    Fields::new(fields.pairs().filter(|(name, _)| FIELDS.contains(&name.as_str())).cloned().collect())
}

/// Nothing is trimmed and case counts, as in the redirect flow; here an empty item is a fault of the list (`C-117`), and
/// any other name that is not offered one of the wish (`C-119`).
fn check_scopes(list: &str, registration: Option<&Registration>, rules: &KeyRules) -> Result<(), DeviceError> {
    let items = || list.trim_end_matches(',').split(',');
    if let Some(blank) = items().find(|item| item.trim().is_empty()) {
        return Err(Refusal::Scopes(ScopeError::Name(blank.to_owned())).into());
    }
    if items().any(|item| item == "one_time_password") {
        return Err(DeviceError::ScopeNotHere);
    }
    let among = |scopes: &Scopes, item: &str| Scope::parse(item).is_ok_and(|scope| scopes.contains(&scope));
    let offered = &rules.allow_user_api_key_scopes;
    if let Some(scope) = items().find(|item| !among(offered, item)).map(str::to_owned) {
        return Err(Refusal::UnknownScope { scope, offered: offered.to_string() }.into());
    }
    let Some(registered) = registration.map(|known| &known.scopes) else { return Ok(()) };
    match items().find(|item| !among(registered, item)).map(str::to_owned) {
        Some(scope) => Err(Refusal::ScopeNotRegistered { scope, registered: registered.to_string() }.into()),
        None => Ok(()),
    }
}

/// What is kept of a request until it is answered.
pub(super) fn write(fields: &Fields) -> Result<String, DeviceError> {
    let kept: Vec<_> = fields.pairs().filter(|(name, _)| FIELDS.contains(&name.as_str())).collect();
    // Pairs of strings always serialise.
    let text = serde_json::to_string(&kept).unwrap_or_default();
    match text.len() {
        bytes if bytes > MOST_BYTES => Err(DeviceError::TooLarge { bytes, most: MOST_BYTES }),
        _ => Ok(text),
    }
}

/// The fields that [`write`] kept.
pub(super) fn read(text: &str) -> Result<Fields, StoreError> {
    let broken = |error: serde_json::Error| StoreError::Corrupt {
        table: "device_grants",
        column: "request",
        reason: error.to_string(),
    };
    serde_json::from_str(text).map(Fields::new).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_and_nothing_else_is_kept_c128() {
        let sent = [("nonce", "a\n\"b\""), ("auth_redirect", "https://evil.example/"), ("scopes", "read")];
        let pairs = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let kept = read(&write(&Fields::new(pairs)).unwrap()).unwrap();
        assert_eq!(kept.get("nonce").unwrap(), Some("a\n\"b\""));
        assert_eq!(kept.pairs().count(), 2);
        assert!(read("no list").is_err());
    }
}

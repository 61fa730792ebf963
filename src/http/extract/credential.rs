//! The key that a request presents.

use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderName};

use crate::http::error::Problem;
use crate::model::PresentedKey;

static USER_API_KEY: HeaderName = HeaderName::from_static("user-api-key");
static USER_API_CLIENT_ID: HeaderName = HeaderName::from_static("user-api-client-id");

/// The key in `User-Api-Key`, or in `Authorization: Bearer` where the value there has the shape of a key; one of another
/// shape is the site's own business. Never from the query (`security.md K4`).
///
/// # Errors
/// When there are two, and they differ: whoever put the second one there may mean another user (`security.md K5`).
pub(in crate::http) fn presented_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut keys = headers.get_all(&USER_API_KEY);
    let named = keys.next().map(|key| key.to_str().map_err(|_not_text| Problem::KeyRefused)).transpose()?;
    let mut others = headers.get_all(AUTHORIZATION).filter_map(|value| bearer(value.as_bytes()));
    let key = named.or_else(|| others.next());
    let differs = |other: &str| key != Some(other);
    if keys.any(|other| other.to_str().map_or(true, differs)) || others.any(differs) {
        return Err(Problem::two_credentials());
    }
    Ok(key)
}

/// The client id that the key is presented under, if any.
///
/// # Errors
/// When it is not text.
pub(in crate::http) fn presented_client_id(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let id = headers.get(&USER_API_CLIENT_ID).map(|id| std::str::from_utf8(id.as_bytes()));
    id.transpose().map_err(|_not_text| Problem::bad_encoding())
}

fn bearer(value: &[u8]) -> Option<&str> {
    let (scheme, key) = std::str::from_utf8(value).ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && PresentedKey::parse(key).is_ok()).then_some(key)
}

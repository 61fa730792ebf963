//! The key that a request presents.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::http::error::Problem;
use crate::model::PresentedKey;

static USER_API_CLIENT_ID: HeaderName = HeaderName::from_static("user-api-client-id");

/// What a request presents, header by header: a key in `User-Api-Key` or `XF-Api-Key`, or in `Authorization: Bearer` where the
/// value there has the shape of a key; one of another shape is the site's own business. Never from the query (`security.md K4`).
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::http) enum Credential<'a> {
    #[default]
    None,
    One(&'a str),
    /// No text.
    Unreadable,
    /// Two that differ: whoever put the second one there may mean another user (`security.md K5`).
    Two,
}

impl<'a> Credential<'a> {
    /// Takes in one header.
    pub(in crate::http) fn see(&mut self, name: &str, value: &'a [u8]) {
        let text = std::str::from_utf8(value).ok();
        let seen = if name.eq_ignore_ascii_case("user-api-key") || name.eq_ignore_ascii_case("xf-api-key") {
            text.map_or(Self::Unreadable, Self::One)
        } else if name.eq_ignore_ascii_case("authorization") {
            text.and_then(bearer).map_or(Self::None, Self::One)
        } else {
            return;
        };
        *self = match (*self, seen) {
            (one, Self::None) | (Self::None, one) => one,
            (Self::One(key), Self::One(other)) if key == other => seen,
            _ => Self::Two,
        };
    }

    /// The key, when all headers have been seen.
    ///
    /// # Errors
    /// When there are two that differ, or what is there is no text.
    pub(in crate::http) fn key(self) -> Result<Option<&'a str>, Problem> {
        match self {
            Self::None => Ok(None),
            Self::One(key) => Ok(Some(key)),
            Self::Unreadable => Err(Problem::KeyRefused),
            Self::Two => Err(Problem::two_credentials()),
        }
    }
}

/// The key among these headers.
///
/// # Errors
/// As [`Credential::key`].
pub(in crate::http) fn presented_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut credential = Credential::default();
    headers.iter().for_each(|(name, value)| credential.see(name.as_str(), value.as_bytes()));
    credential.key()
}

/// The client id that the key is presented under, if any.
///
/// # Errors
/// As [`client_id`].
pub(in crate::http) fn presented_client_id(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    client_id(headers.get(&USER_API_CLIENT_ID).map(HeaderValue::as_bytes))
}

/// A client id in a header.
///
/// # Errors
/// When it is not text.
pub(in crate::http) fn client_id(value: Option<&[u8]>) -> Result<Option<&str>, Problem> {
    value.map(std::str::from_utf8).transpose().map_err(|_not_text| Problem::bad_encoding())
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    // ASCII only: what proxies recognise as a key and strip is no more than that (`security.md K6`).
    let key = key.trim_matches([' ', '\t']);
    (scheme.eq_ignore_ascii_case("bearer") && PresentedKey::parse(key).is_ok()).then_some(key)
}

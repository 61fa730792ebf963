//! A browser that an application opened on an ordinary page, with its key and its address: it is sent back there, so that
//! the application can ask for a one-time password (`C-240`).

use super::request::SCOPE;
use crate::crypto::{PublicKey, PublicKeyError};
use crate::domain::Context;
use crate::model::{Fields, RedirectUri};

/// What to do with such a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delegation {
    /// The page goes on: nothing was asked, or one-time passwords are not offered.
    None,
    /// The application's key is not one.
    BadKey(PublicKeyError),
    /// Its address is not on the operator's list.
    BadRedirect,
    /// Send the browser there.
    Send(String),
}

/// Judges the query of an ordinary page. Nothing is stored and nothing secret is sent.
#[must_use]
pub fn delegate(cx: &Context, fields: &Fields) -> Delegation {
    let filled = |name| fields.filled(name).ok().flatten();
    let (Some(key), Some(redirect)) = (filled("user_api_public_key"), filled("auth_redirect")) else {
        return Delegation::None;
    };
    if let Err(error) = PublicKey::parse(key, cx.rules.min_user_api_rsa_bits) {
        return Delegation::BadKey(error);
    }
    let allowed = RedirectUri::parse(redirect).ok().filter(|redirect| cx.rules.redirects.allows(redirect));
    let Some(to) = allowed.and_then(|redirect| redirect.handover(&[("otp", "true")]).ok()) else {
        return Delegation::BadRedirect;
    };
    if cx.rules.allow_user_api_key_scopes.has(SCOPE) { Delegation::Send(to) } else { Delegation::None }
}

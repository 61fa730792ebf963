//! That a change was asked for on one of our own pages (`security.md W3`).
//!
//! A token is a MAC over what the browser holds: the session, or, before sign-in, a signed cookie. Nothing is stored.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use url::Url;

use super::Caller;
use crate::app::App;
use crate::http::error::Problem;
use crate::model::Fields;

const PURPOSE: &str = "csrf";
const COOKIE_PURPOSE: &str = "csrf cookie";

/// The token for a page, and the cookie it hangs on where the browser has none yet.
pub(in crate::http) struct Csrf {
    /// For `authenticity_token` or `X-CSRF-Token`.
    pub(in crate::http) token: String,
    /// To be set with the page.
    pub(in crate::http) cookie: Option<Cookie<'static>>,
}

impl Csrf {
    /// The token that goes with this caller.
    pub(in crate::http) fn of(app: &App, request: &HttpRequest, caller: &Caller) -> Self {
        if let Some(binding) = binding(app, request, caller) {
            return Self { token: app.sealer.mac(PURPOSE, &[binding.as_bytes()]), cookie: None };
        }
        let visitor = app.cx.random.hex::<16>();
        let cookie = Cookie::build(app.cookies.visitor.clone(), app.sealer.seal(COOKIE_PURPOSE, &visitor))
            .path(app.cookies.path.clone())
            .http_only(true)
            .secure(app.cookies.secure)
            .same_site(SameSite::Lax)
            .finish();
        let binding = format!("visitor {visitor}");
        Self { token: app.sealer.mac(PURPOSE, &[binding.as_bytes()]), cookie: Some(cookie) }
    }
}

fn binding(app: &App, request: &HttpRequest, caller: &Caller) -> Option<String> {
    if let Some(signed_in) = caller.signed_in() {
        return Some(format!("session {}", signed_in.session));
    }
    let cookie = request.cookie(&app.cookies.visitor)?;
    app.sealer.open(COOKIE_PURPOSE, cookie.value()).map(|visitor| format!("visitor {visitor}"))
}

/// Where a valid token stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum TokenFrom {
    /// In the header `X-CSRF-Token`, or none was needed: the request carries its own fields.
    Header,
    /// In the form field `authenticity_token`.
    Form,
}

/// Checks the token of a request that changes something. Programs with a key need none (`C-026`).
///
/// # Errors
/// `BAD CSRF` (`C-025`).
pub(in crate::http) fn check_csrf(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    fields: &Fields,
) -> Result<TokenFrom, Problem> {
    if matches!(caller, Caller::Key(_)) {
        return Ok(TokenFrom::Header);
    }
    if !is_own_site(app, request.headers()) {
        return Err(Problem::BadCsrf);
    }
    let binding = binding(app, request, caller).ok_or(Problem::BadCsrf)?;
    let good = |token: &str| app.sealer.verify(PURPOSE, &[binding.as_bytes()], token);
    if let Some(header) = request.headers().get("x-csrf-token") {
        let good = header.to_str().is_ok_and(good);
        return if good { Ok(TokenFrom::Header) } else { Err(Problem::BadCsrf) };
    }
    let field = fields.get("authenticity_token").map_err(|_repeated| Problem::BadCsrf)?;
    // The consent form appends the MAC of the request it shows: `token~mac`.
    let token = field.and_then(|field| field.split('~').next());
    if token.is_some_and(good) { Ok(TokenFrom::Form) } else { Err(Problem::BadCsrf) }
}

/// Whether the browser says that one of our own pages asked, or says nothing. `Origin` may name the public address, or
/// whatever host the browser itself speaks to.
fn is_own_site(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = Url::parse(origin).ok().and_then(|url| authority(&url));
    origin == app.public_url.origin() || (host.is_some() && host.as_deref() == text(HOST.as_str()))
}

fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

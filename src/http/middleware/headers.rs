//! The headers that every answer of one kind has.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, EXPIRES, HeaderMap, HeaderName, HeaderValue, PRAGMA, REFERRER_POLICY};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::http::error::put_lines;
use crate::http::extract::Caller;

/// Put into a request's extensions by the handlers of the handshake: the answer must not be kept anywhere (`C-019`).
/// What fails before such a handler has the plain default (`C-020`).
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct NoStore;

const COMMON: [(&str, &str); 2] =
    [("x-content-type-options", "nosniff"), ("permissions-policy", "clipboard-write=(self)")];

pub(in crate::http) async fn add_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let request = response.request().clone();
    let headers = response.headers_mut();
    let no_store = request.extensions().get::<NoStore>().copied();
    match no_store {
        Some(NoStore) => put_no_store(headers),
        None if !headers.contains_key(CACHE_CONTROL) => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
        }
        None => {}
    }
    for (name, value) in COMMON {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if request.app_data::<Data<App>>().is_some_and(|app| app.public_url.is_https()) {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(HeaderName::from_static("strict-transport-security"), year);
    }
    if let Some(Ok(route)) = request.match_name().map(HeaderValue::from_str) {
        headers.insert(HeaderName::from_static("x-discourse-route"), route);
    }
    // What a shared cache may keep must not say who asked.
    let public = headers.get(CACHE_CONTROL).is_some_and(|value| value.as_bytes().starts_with(b"public"));
    if let Some(caller) = request.extensions().get::<Caller>().filter(|_| !public) {
        put_caller(headers, caller);
    }
    Ok(response)
}

fn put_no_store(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, HeaderValue::from_static("0"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

fn put_caller(headers: &mut HeaderMap, caller: &Caller) {
    if let Some(Ok(name)) = caller.user().map(|user| HeaderValue::from_str(user.username.as_str())) {
        headers.insert(HeaderName::from_static("x-discourse-username"), name);
    }
    if let Caller::Key(verified) = caller {
        let mut lines = Vec::new();
        verified.standing.write_lines(&mut lines);
        put_lines(&lines, headers);
    }
}

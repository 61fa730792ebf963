//! Lets scripts of listed origins call the API (`C-294` to `C-298`, `security.md W7`).
//!
//! Decided by a list of routes, so that a page for people is closed by not being there. No credentials: keys travel in
//! a header, and a script that could use the visitor's cookies could approve itself.

use actix_web::HttpResponse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::model::Method;

/// Methods and paths that are open to listed origins; `*` is one part of a path. What else the service has is not.
const OPEN: [(Method, &str); 17] = [
    (Method::Get, "/session/current"),
    (Method::Get, "/session/csrf"),
    (Method::Delete, "/session/*"),
    (Method::Get, "/u/*"),
    (Method::Get, "/notifications"),
    (Method::Get, "/notifications/totals"),
    (Method::Put, "/notifications/mark-read"),
    (Method::Put, "/notifications/read"),
    (Method::Get, "/site"),
    (Method::Get, "/site/basic-info"),
    (Method::Get, "/about"),
    (Method::Get, "/api/"),
    (Method::Post, "/user-api-key/revoke"),
    (Method::Post, "/user-api-key/undo-revoke"),
    (Method::Post, "/user-api-key/device"),
    (Method::Post, "/user-api-key/device/poll"),
    (Method::Post, "/message-bus/*/poll"),
];

/// Asked with HEAD this says only what the service speaks; asked with GET it is the consent page, which is closed.
const CONSENT: &str = "/user-api-key/new";

const PREFLIGHT: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "Content-Type, Cache-Control, X-Requested-With, X-CSRF-Token, Discourse-Present, User-Api-Key, \
         User-Api-Client-Id, XF-Api-Key, Authorization, X-SILENCE-LOGGER, Dont-Chunk",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "7200"),
];

const EXPOSED: &str = "RateLimit, RateLimit-Policy, Retry-After, Auth-Api-Version, Auth-Api-Device-Code, X-Request-Id";

pub(in crate::http) async fn allow_origins<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let app = request.app_data::<Data<App>>().filter(|app| !app.cors_origins.is_empty()).cloned();
    let asked = asked(&request);
    let Some(app) = app.filter(|app| is_open(app, &request, asked.as_deref())) else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let origin = listed(&app, request.headers());
    let mut response = match (&asked, &origin) {
        // Answered before anything else looks at it: a browser asks this without the key (`C-296`).
        (Some(_), Some(_)) => request.into_response(preflight()).map_into_right_body(),
        _ => next.call(request).await?.map_into_left_body(),
    };
    put(response.headers_mut(), origin);
    Ok(response)
}

/// The method that a browser asks about beforehand.
fn asked(request: &ServiceRequest) -> Option<String> {
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD);
    let wanted = wanted.filter(|_| request.method().as_str() == "OPTIONS")?;
    wanted.to_str().ok().map(str::to_owned)
}

fn is_open(app: &App, request: &ServiceRequest, asked: Option<&str>) -> bool {
    let method = asked.unwrap_or(request.method().as_str());
    let Some(path) = request.path().strip_prefix(app.public_url.base_path()) else { return false };
    let path = path.strip_suffix(".json").unwrap_or(path);
    if path == CONSENT {
        return method == "HEAD";
    }
    let method = method.parse().unwrap_or(Method::Other);
    OPEN.iter().any(|(open, pattern)| *open == method && matches(pattern, path))
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, behind)) => path
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(behind))
            .is_some_and(|name| !name.is_empty() && !name.contains('/')),
        None => pattern == path,
    }
}

/// The request's origin, where it is one of the operator's (deviation from `C-297`: never another in its place).
fn listed(app: &App, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    app.cors_origins.iter().any(|listed| listed.as_str().as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

fn preflight() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for (name, value) in PREFLIGHT {
        response.insert_header((name, value));
    }
    response.finish()
}

fn put(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    // For unlisted origins too: what a cache keeps of one answer must not serve another origin.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

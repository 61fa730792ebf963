//! The verdict as status, headers and body.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;

use crate::app::App;
use crate::domain::verify::Verified;
use crate::http::error::Problem;
use crate::http::middleware::{RATELIMIT, RATELIMIT_POLICY, json_refusal};
use crate::model::Identity;

/// Who it is, in the words that applications behind proxies read already, and in ours.
static IDENTITY: [HeaderName; 8] = [
    HeaderName::from_static("remote-user"),
    HeaderName::from_static("remote-groups"),
    HeaderName::from_static("remote-name"),
    HeaderName::from_static("remote-email"),
    HeaderName::from_static("hallpass-user-id"),
    HeaderName::from_static("hallpass-scopes"),
    HeaderName::from_static("hallpass-client-id"),
    HeaderName::from_static("hallpass-key-id"),
];

static NOBODY: Identity = Identity::NOBODY;

/// The answer. A 200 has an empty body: with any other nginx cannot keep the connection.
///
/// The query may say `deny_as=403`, for proxies that pass on no other refusal than 401 and 403.
pub(super) fn shape(verdict: Result<Option<Verified>, Problem>, app: &App, query: &str) -> HttpResponse {
    match verdict {
        Ok(verified) => allowed(verified.as_ref(), app),
        Err(problem) => refused(&problem, query.split('&').any(|pair| pair == "deny_as=403")),
    }
}

fn allowed(verified: Option<&Verified>, app: &App) -> HttpResponse {
    let mut response = HttpResponse::Ok().finish();
    let headers = response.headers_mut();
    // All of them, always: what is missing here, some proxies take from the client (`security.md W9`).
    let identity = verified.map_or(&NOBODY, |verified| &verified.known.identity);
    // `append` and not `insert`: what an insertion could have replaced is handed back each time, which costs.
    for (name, value) in IDENTITY.iter().zip(identity.values()) {
        headers.append(name.clone(), value.clone());
    }
    if let Some(verified) = verified {
        headers.append(RATELIMIT_POLICY.clone(), app.rate_limit_policy.clone());
        headers.append(RATELIMIT.clone(), verified.standing.limit_header());
    }
    response
}

fn refused(problem: &Problem, deny_as_403: bool) -> HttpResponse {
    let status = problem.answer().status;
    let plain = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let shown = if deny_as_403 && !plain { StatusCode::FORBIDDEN } else { status };
    json_refusal(problem, shown)
}

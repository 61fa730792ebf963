//! A problem as programs read it: body and headers.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::Problem;
use super::table::time_left;
use crate::http::rate_limit::add_standing;

/// Section 12 of the protocol.
#[derive(Serialize)]
struct Body<'a> {
    errors: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extras: Option<Extras>,
}

#[derive(Serialize)]
struct Extras {
    wait_seconds: u64,
    time_left: String,
}

impl Problem {
    /// The JSON body.
    pub(super) fn body(&self) -> String {
        let answer = self.answer();
        let wait = |seconds: u64| Extras { wait_seconds: seconds, time_left: time_left(seconds) };
        let extras = if let Self::Limited { seconds, .. } = self { Some(wait(*seconds)) } else { None };
        let body = Body { errors: [&answer.sentence], error_type: answer.error_type, reason: self.reason(), extras };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

// On the public listener the middleware `errors` replaces this answer by one in the form the client reads; it alone knows
// the request. The internal listener speaks JSON.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.answer().status
    }

    fn error_response(&self) -> HttpResponse {
        json_refusal(self, self.status_code())
    }
}

/// The refusal as programs read it, with the headers that belong to it.
pub(in crate::http) fn json_refusal(problem: &Problem, status: StatusCode) -> HttpResponse {
    let body = problem.body();
    let mut response = HttpResponse::build(status).content_type("application/json; charset=utf-8").body(body);
    put_headers(problem, response.headers_mut());
    response
}

/// The headers that belong to a problem, in whatever form it is told.
pub(in crate::http) fn put_headers(problem: &Problem, headers: &mut HeaderMap) {
    let realm = match problem {
        Problem::KeyNeeded => Some("Bearer realm=\"user API key\""),
        Problem::NotACaller => Some("Bearer realm=\"hallpass\""),
        _ => None,
    };
    if let Some(realm) = realm {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(realm));
    }
    let Problem::Limited { seconds, code, standing } = problem else { return };
    headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
    if let Some(code) = code {
        let name = HeaderName::from_static("discourse-rate-limit-error-code");
        headers.insert(name, HeaderValue::from_static(code));
    }
    if let Some(standing) = standing {
        add_standing(headers, standing);
    }
}

//! The verdict as status, headers and body.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::Admitted;
use crate::app::App;
use crate::http::error::{Problem, json_refusal, put_lines};
use crate::model::{Identity, Seldom, TraceId};

/// The lines that a good answer has in its head: who it is, all of them, always, because what is missing here some proxies
/// take from the client (`security.md W9`); and how the key's limits stand.
pub(in crate::http) fn write_admitted(admitted: &Admitted, app: &App, bytes: &mut Vec<u8>) {
    let verified = match admitted {
        Admitted::Key(verified) => verified,
        Admitted::User(identity) => return bytes.extend_from_slice(identity.as_str().as_bytes()),
        Admitted::Nobody => return bytes.extend_from_slice(Identity::nobody().as_str().as_bytes()),
    };
    bytes.extend_from_slice(verified.known.identity.as_str().as_bytes());
    bytes.extend_from_slice(b"ratelimit-policy: ");
    bytes.extend_from_slice(&app.rate_limit_policy);
    bytes.extend_from_slice(b"\r\nratelimit: ");
    verified.standing.write_limits(bytes);
    bytes.extend_from_slice(b"\r\n");
}

/// A good answer as the framework sends it. It has an empty body: with any other nginx cannot keep the connection.
pub(super) fn allowed(admitted: &Admitted, app: &App) -> HttpResponse {
    let (mut response, mut lines) = (HttpResponse::Ok().finish(), Vec::new());
    write_admitted(admitted, app, &mut lines);
    put_lines(&lines, response.headers_mut());
    response
}

/// A refusal as the proxy reads it: it may have asked for another status.
#[derive(Debug)]
pub(in crate::http) struct Denial {
    pub(in crate::http) problem: Problem,
    pub(in crate::http) status: StatusCode,
}

impl Denial {
    /// The query may say `deny_as=403`, for proxies that pass on no other than 401 and 403.
    pub(super) fn of(problem: Problem, query: &str, traceparent: Option<&[u8]>, outage: &Seldom) -> Self {
        if let Some(cause) = problem.failure(outage) {
            let trace = traceparent.and_then(|text| TraceId::of_traceparent(std::str::from_utf8(text).ok()?));
            tracing::error!(
                trace_id = trace.as_ref().map(TraceId::as_str),
                cause,
                "a question of a proxy could not be answered"
            );
        }
        let status = problem.answer().status;
        let plain = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        let deny_as_403 = !plain && query.split('&').any(|pair| pair == "deny_as=403");
        Self { problem, status: if deny_as_403 { StatusCode::FORBIDDEN } else { status } }
    }

    /// As the framework sends it.
    pub(super) fn response(&self) -> HttpResponse {
        json_refusal(&self.problem, self.status)
    }
}

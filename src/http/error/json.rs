//! A problem as programs read it: the lines of the head that belong to it, and the JSON body.
//!
//! Both are written as text, because a proxy is refused as often as somebody cares to guess, and that is to cost no more
//! than an acceptance. The framework gets its headers from the same lines.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::Problem;
use super::table::time_left;

pub(in crate::http) const JSON: &str = "application/json; charset=utf-8";

/// Seconds after which to ask again when the database, or Redis, did not answer; they are looked for all the time.
const AGAIN_AFTER: &str = "1";

/// The same when the disk is full: somebody has to make room.
const AGAIN_WITH_ROOM: &str = "60";

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

/// The JSON body.
pub(super) fn body(problem: &Problem) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    write_body(problem, &mut bytes);
    bytes
}

/// Appends the JSON body.
pub(in crate::http) fn write_body(problem: &Problem, bytes: &mut Vec<u8>) {
    let answer = problem.answer();
    let wait = |seconds: u64| Extras { wait_seconds: seconds, time_left: time_left(seconds) };
    let extras = if let Problem::Limited { seconds, .. } = problem { Some(wait(*seconds)) } else { None };
    let body = Body { errors: [&answer.sentence], error_type: answer.error_type, reason: problem.reason(), extras };
    // Into memory, and of plain texts: it cannot fail.
    let _ = serde_json::to_writer(bytes, &body);
}

/// Appends the lines of the head that belong to the problem, whatever form its body has.
pub(in crate::http) fn write_lines(problem: &Problem, bytes: &mut Vec<u8>) {
    let realm = match problem {
        Problem::KeyNeeded => Some("Bearer realm=\"user API key\""),
        // No registered scheme: the key stands in a header of its own.
        Problem::AdminKeyNeeded => Some("ApiKey realm=\"admin API\""),
        Problem::NotACaller => Some("Bearer realm=\"hallpass\""),
        _ => None,
    };
    if let Some(realm) = realm {
        put(bytes, ["www-authenticate", realm]);
    }
    if let Problem::WrongMethod(others) = problem {
        put(bytes, ["allow", others]);
    }
    let again = match problem {
        Problem::Unavailable(_) | Problem::Uncounted => Some(AGAIN_AFTER),
        Problem::Full(_) => Some(AGAIN_WITH_ROOM),
        _ => None,
    };
    if let Some(seconds) = again {
        put(bytes, ["retry-after", seconds]);
    }
    let Problem::Limited { seconds, code, standing } = problem else { return };
    put(bytes, ["retry-after", itoa::Buffer::new().format(*seconds)]);
    if let Some(code) = code {
        put(bytes, ["discourse-rate-limit-error-code", code]);
    }
    if let Some(standing) = standing {
        standing.write_lines(bytes);
    }
}

fn put(bytes: &mut Vec<u8>, [name, value]: [&str; 2]) {
    for part in [name, ": ", value, "\r\n"] {
        bytes.extend_from_slice(part.as_bytes());
    }
}

/// The refusal as programs read it, with the headers that belong to it.
pub(in crate::http) fn json_refusal(problem: &Problem, status: StatusCode) -> HttpResponse {
    let mut response = HttpResponse::build(status).content_type(JSON).body(body(problem));
    put_headers(problem, response.headers_mut());
    response
}

/// The headers that belong to the problem, whatever form its body has.
pub(in crate::http) fn put_headers(problem: &Problem, headers: &mut HeaderMap) {
    let mut lines = Vec::new();
    write_lines(problem, &mut lines);
    put_lines(&lines, headers);
}

/// Puts lines of a head into the framework's map.
pub(in crate::http) fn put_lines(lines: &[u8], headers: &mut HeaderMap) {
    for (name, value) in String::from_utf8_lossy(lines).lines().filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_bytes(value.as_bytes())) {
            headers.insert(name, value);
        }
    }
}

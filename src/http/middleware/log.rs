//! The request's id, which each of its lines in the log has, and its own line. Never the query: it may carry a payload on its way (`security.md K7`).

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use percent_encoding::percent_decode_str;
use tracing::{Instrument as _, Span};

use crate::app::App;
use crate::http::extract::{RequestId, client_address};
use crate::model::TraceId;

pub(in crate::http) async fn log_request(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let begun = Instant::now();
    let app = request.app_data::<Data<App>>().cloned();
    let id = app.as_ref().map(|app| app.cx.random.hex::<8>()).unwrap_or_default();
    let address = app.as_ref().map(|app| client_address(request.request(), app));
    let trace = trace(request.headers()).or_else(|| app.map(|app| TraceId::new(app.cx.random.bytes())));
    // Of the level of errors, so that it is there whatever is logged.
    let span = tracing::error_span!("request", request_id = id, trace_id = trace.as_ref().map(TraceId::as_str));
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), without_secret(request.path()));
    let mut response = next.call(request).instrument(span.clone()).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    // Of 64 bits, which JSON has as a number; of 128 it would be a text.
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    // The path is a text, so that line breaks and control characters come out escaped, in either format.
    span.in_scope(|| tracing::info!(%method, path, status, micros, address = address.map(display), "request"));
    Ok(response)
}

/// What tells a failure's line on the internal listener from others: requests have no id there, and no line of their own.
pub(super) fn span_of_failure(request: &HttpRequest) -> Span {
    let (trace, path) = (trace(request.headers()), without_secret(request.path()));
    tracing::error_span!("request", trace_id = trace.as_ref().map(TraceId::as_str), path)
}

/// The trace that the request comes with. Two of them are none (W3C Trace Context, 3.2).
fn trace(headers: &HeaderMap) -> Option<TraceId> {
    let mut sent = headers.get_all("traceparent");
    let first = TraceId::of_traceparent(sent.next()?.to_str().ok()?);
    first.filter(|_| sent.next().is_none())
}

/// The path, but for what lets its bearer in: the tokens of the set-up link and of a one-time password stand in the path
/// itself (`security.md K7`). Looked for as the router reads it, decoded, and in any case.
fn without_secret(path: &str) -> String {
    let read = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    let bearers = ["/setup/", "/session/otp/"];
    match bearers.into_iter().find_map(|before| Some((read.split_once(before)?.0.to_owned(), before))) {
        Some((base, before)) => format!("{base}{before}…"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

    use super::without_secret;

    #[test]
    fn of_two_traces_neither_is_taken() {
        let (name, mut headers) = (HeaderName::from_static("traceparent"), HeaderMap::new());
        let mut add = |trace: &'static str| {
            headers.append(name.clone(), HeaderValue::from_static(trace));
            super::trace(&headers).map(|trace| trace.to_string())
        };
        let one = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(add("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").as_deref(), Some(one));
        assert_eq!(add("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), None);
    }

    #[test]
    fn what_lets_its_bearer_in_is_left_out_however_it_is_written_k7() {
        for path in ["/setup/0123abcd", "/%73etup/0123abcd", "/SETUP/0123abcd", "/setup%2f0123abcd"] {
            assert_eq!(without_secret(path), "/setup/…");
        }
        assert_eq!(without_secret("/hall/session/otp/0123abcd"), "/hall/session/otp/…");
        assert_eq!(without_secret("/u/ada/preferences/apps"), "/u/ada/preferences/apps");
    }
}

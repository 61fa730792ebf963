//! JSON or a page? By suffix or by `Accept` (section 1.2 of the protocol).

use std::future::{Ready, ready};
use std::path::Path;

use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::{FromRequest, HttpRequest, dev::Payload};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Format {
    /// For programs.
    Json,
    /// For people.
    Html,
}

fn accept(headers: &HeaderMap) -> &str {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl Format {
    /// JSON with the suffix `.json`, or where `application/json` is accepted and not after `text/html`; anything else,
    /// `*/*` too, is for people (`C-012`, `C-013`).
    pub(in crate::http) fn of(path: &str, headers: &HeaderMap) -> Self {
        let accept = accept(headers);
        let json = accept.find("application/json");
        let html = accept.find("text/html").unwrap_or(usize::MAX);
        let suffix = Path::new(path).extension().is_some_and(|suffix| suffix == "json");
        if suffix || json.is_some_and(|at| at < html) { Self::Json } else { Self::Html }
    }
}

/// Whether errors go out as JSON: also for scripts that say `XMLHttpRequest` (`C-014`).
pub(in crate::http) fn wants_error_json(path: &str, headers: &HeaderMap) -> bool {
    is_script(headers) || Format::of(path, headers) == Format::Json
}

pub(super) fn is_script(headers: &HeaderMap) -> bool {
    headers.get("x-requested-with").is_some_and(|value| value == "XMLHttpRequest")
}

/// Whether the client names `text/html`: a browser, in front of a person (deviation from `C-033`).
pub(in crate::http) fn wants_html(headers: &HeaderMap) -> bool {
    accept(headers).contains("text/html")
}

impl FromRequest for Format {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.path(), request.headers())))
    }
}

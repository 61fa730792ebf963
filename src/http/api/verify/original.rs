//! What the client asked the site for, as the proxy tells it.

use actix_web::http::header::{HeaderMap, HeaderName};

use crate::http::error::Problem;
use crate::model::Method;

static ORIGINAL: [HeaderName; 2] =
    [HeaderName::from_static("x-original-method"), HeaderName::from_static("x-original-uri")];
static FORWARDED: [HeaderName; 2] =
    [HeaderName::from_static("x-forwarded-method"), HeaderName::from_static("x-forwarded-uri")];

/// A request to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Original<'a> {
    pub(super) method: Method,
    /// Path and query, as they came.
    pub(super) uri: &'a str,
}

impl<'a> Original<'a> {
    /// From `X-Original-…` (nginx) or `X-Forwarded-…` (Traefik, Caddy).
    ///
    /// A proxy sets one of the pairs and hands the other on as the client wrote it. Where both are there and differ,
    /// nobody can tell which is the proxy's word, so they are refused (`security.md W8`, `W10`).
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, Problem> {
        let texts = [pair(headers, &ORIGINAL)?, pair(headers, &FORWARDED)?];
        let [method, uri] = match texts {
            [Some(one), Some(other)] if one != other => return Err(Problem::two_requests()),
            [Some(pair), _] | [None, Some(pair)] => pair,
            [None, None] => return Err(Problem::no_request()),
        };
        Ok(Self { method: method.parse().unwrap_or(Method::Other), uri })
    }
}

fn pair<'a>(headers: &'a HeaderMap, [method, uri]: &[HeaderName; 2]) -> Result<Option<[&'a str; 2]>, Problem> {
    match (only(headers, method)?, only(headers, uri)?) {
        (Some(method), Some(uri)) => Ok(Some([method, uri])),
        (None, None) => Ok(None),
        // Half of a pair is half a proxy's word, or a client's.
        _ => Err(Problem::no_request()),
    }
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name);
    let first = values.next().map(|value| value.to_str().map_err(|_not_ascii| Problem::two_requests()));
    if values.next().is_some() { Err(Problem::two_requests()) } else { first.transpose() }
}

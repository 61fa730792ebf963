//! What the client asked the site for, as the proxy tells it.

use crate::http::error::Problem;
use crate::model::Method;

/// A request to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Original<'a> {
    pub(super) method: Method,
    /// Path and query, as they came.
    pub(super) uri: &'a str,
}

/// Method and URI as two kinds of proxies tell them: in `X-Original-…` (nginx), in `X-Forwarded-…` (Traefik, Caddy).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Originals<'a> {
    original: [Option<&'a str>; 2],
    forwarded: [Option<&'a str>; 2],
    /// One of them is there twice, or is no plain text.
    is_unclear: bool,
}

impl<'a> Originals<'a> {
    /// Takes in one header.
    pub(super) fn see(&mut self, name: &str, value: &'a [u8]) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let Self { original: [method, uri], forwarded: [forwarded_method, forwarded_uri], .. } = self;
        let place = if is("x-original-method") {
            method
        } else if is("x-original-uri") {
            uri
        } else if is("x-forwarded-method") {
            forwarded_method
        } else if is("x-forwarded-uri") {
            forwarded_uri
        } else {
            return;
        };
        let text = std::str::from_utf8(value).ok().filter(|text| text.is_ascii());
        let is_second = place.replace(text.unwrap_or_default()).is_some();
        self.is_unclear |= is_second || text.is_none();
    }

    /// The one that all of them tell.
    ///
    /// A proxy sets one of the pairs and hands the other on as the client wrote it. Where both are there and differ,
    /// nobody can tell which is the proxy's word, so they are refused (`security.md W8`, `W10`).
    pub(super) fn agreed(self) -> Result<Original<'a>, Problem> {
        if self.is_unclear {
            return Err(Problem::two_requests());
        }
        let [method, uri] = match [pair(self.original)?, pair(self.forwarded)?] {
            [Some(one), Some(other)] if one != other => return Err(Problem::two_requests()),
            [Some(pair), _] | [None, Some(pair)] => pair,
            [None, None] => return Err(Problem::no_request()),
        };
        Ok(Original { method: method.parse().unwrap_or(Method::Other), uri })
    }
}

// Half of a pair is half a proxy's word, or a client's.
fn pair([method, uri]: [Option<&str>; 2]) -> Result<Option<[&str; 2]>, Problem> {
    match (method, uri) {
        (Some(method), Some(uri)) => Ok(Some([method, uri])),
        (None, None) => Ok(None),
        _ => Err(Problem::no_request()),
    }
}

//! The head of a request that is whole, plain and without a body.

use std::mem::{self, MaybeUninit};
use std::net::IpAddr;

use httparse::{Header, Request, Status};

use crate::http::api::{ProxyRequest, Told};

/// Headers that are taken here: as many as the framework takes.
const MOST: usize = 96;

/// Where the headers are noted; it is three thousand bytes, which nobody clears for the ten headers of a request.
pub(super) const fn room<'a>() -> [MaybeUninit<Header<'a>>; MOST] {
    [const { MaybeUninit::uninit() }; MOST]
}

/// A request without a body, whose connection stays as it is.
pub(super) struct Head<'a, 'r> {
    method: &'a str,
    target: &'a str,
    headers: &'r [Header<'a>],
}

/// What some bytes begin with.
pub(super) enum Begins<'a, 'r> {
    /// A request to be answered here, and how many of the bytes it is.
    Plain(Head<'a, 'r>, usize),
    /// The first part of a head.
    Part,
    /// A request whose target has a fragment. No client may send it (RFC 9112 3.2), and the framework would read the target
    /// without it, while a site may not.
    Fragment,
    /// Whatever takes more thought: it is the framework's to read it, and to refuse it.
    Other,
}

impl<'a, 'r> Head<'a, 'r> {
    pub(super) fn parse(bytes: &'a [u8], room: &'r mut [MaybeUninit<Header<'a>>]) -> Begins<'a, 'r> {
        let mut request = Request::new(&mut []);
        let length = match request.parse_with_uninit_headers(bytes, room) {
            Ok(Status::Complete(length)) => length,
            Ok(Status::Partial) => return Begins::Part,
            Err(_) => return Begins::Other,
        };
        let (Some(method), Some(target)) = (request.method, request.path) else { return Begins::Other };
        let head = Self { method, target, headers: request.headers };
        match request.version {
            _ if target.contains('#') => Begins::Fragment,
            Some(1) if head.is_plain() => Begins::Plain(head, length),
            _ => Begins::Other,
        }
    }

    fn is_plain(&self) -> bool {
        let mut has_length = false;
        self.target.starts_with('/') && self.headers.iter().all(|header| is_plain(header, &mut has_length))
    }

    /// The path as it came, without the query.
    pub(super) fn path(&self) -> &'a str {
        self.target.split_once('?').map_or(self.target, |(path, _query)| path)
    }

    /// Whether the answer goes out without its body (RFC 9110 9.3.2).
    pub(super) fn is_without_body(&self) -> bool {
        self.method == "HEAD"
    }

    /// The request, for those who answer it.
    pub(super) fn request(&self, peer: IpAddr) -> ProxyRequest<'a> {
        let told = Told::read(self.headers.iter().map(|header| (header.name, header.value)));
        ProxyRequest { method: self.method, target: self.target, told, peer }
    }
}

/// Nothing that announces a body, or another way to go on after the answer.
fn is_plain(header: &Header<'_>, has_length: &mut bool) -> bool {
    let is = |name: &str| header.name.eq_ignore_ascii_case(name);
    if is("content-length") {
        return !mem::replace(has_length, true) && header.value == b"0";
    }
    if is("connection") {
        return header.value.eq_ignore_ascii_case(b"keep-alive");
    }
    !["transfer-encoding", "expect", "upgrade"].iter().any(|name| is(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Option<(String, usize)> {
        let mut room = room();
        match Head::parse(text.as_bytes(), &mut room) {
            Begins::Plain(head, length) => Some((head.path().to_owned(), length)),
            _ => None,
        }
    }

    #[test]
    fn a_whole_request_without_a_body_is_taken_and_what_follows_it_is_left() {
        let one = "GET /verify?deny_as=403 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n";
        assert_eq!(taken(&format!("{one}GET")), Some(("/verify".to_owned(), one.len())));
    }

    #[test]
    fn whatever_takes_more_thought_is_not_taken() {
        let lines = [
            "Content-Length: 5",
            "content-length: 00",
            "Content-Length: 0, 0",
            "Content-Length: 0\r\nContent-Length: 0",
            "Transfer-Encoding: chunked",
            "TRANSFER-ENCODING: identity",
            "Expect: 100-continue",
            "Upgrade: h2c",
            "Connection: close",
            "Connection: keep-alive, x-original-uri",
            "Content-Length : 0",
            "folded: a\r\n b",
            "no colon",
        ];
        for line in lines {
            assert_eq!(taken(&format!("GET /verify HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n")), None, "{line}");
        }
        for begun in
            ["", "GET /verify HTTP/1.1\r\n", "GET /verify HTTP/1.1\r\nHost: a\r\n", "\0", "PRI * HTTP/2.0\r\n\r\n"]
        {
            assert_eq!(taken(begun), None, "{begun}");
        }
        for line in [
            "GET /verify#/a HTTP/1.1",
            "GET /verify HTTP/1.0",
            "GET http://a/verify HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "CONNECT a:1 HTTP/1.1",
        ] {
            assert_eq!(taken(&format!("{line}\r\nHost: a\r\n\r\n")), None, "{line}");
        }
        let many = "a: b\r\n".repeat(MOST + 1);
        assert_eq!(taken(&format!("GET /verify HTTP/1.1\r\n{many}\r\n")), None);
    }
}

//! The head of a request that is whole, plain and without a body.

use std::net::IpAddr;

use httparse::{EMPTY_HEADER, Header, Request, Status};

use crate::http::api::{Asked, Told};

/// Headers that are taken here; more go to the framework.
const MOST: usize = 64;

/// Where the headers are noted.
pub(super) const fn room<'a>() -> [Header<'a>; MOST] {
    [EMPTY_HEADER; MOST]
}

/// A request without a body, whose connection stays as it is.
pub(super) struct Head<'a, 'r> {
    method: &'a str,
    target: &'a str,
    headers: &'r [Header<'a>],
}

impl<'a, 'r> Head<'a, 'r> {
    /// The request at the beginning of these bytes, and how many of them it is. `None` for whatever takes more thought:
    /// it is the framework's to read it, and to refuse it.
    pub(super) fn parse(bytes: &'a [u8], room: &'r mut [Header<'a>]) -> Option<(Self, usize)> {
        let mut request = Request::new(room);
        let Ok(Status::Complete(length)) = request.parse(bytes) else { return None };
        let head = Self { method: request.method?, target: request.path?, headers: request.headers };
        let plain = request.version? == 1 && head.target.starts_with('/') && head.headers.iter().all(is_plain);
        plain.then_some((head, length))
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
    pub(super) fn asked(&self, peer: IpAddr) -> Asked<'a> {
        let told = Told::read(self.headers.iter().map(|header| (header.name, header.value)));
        Asked { method: self.method, target: self.target, told, peer }
    }
}

/// Nothing that announces a body, or another way to go on after the answer.
fn is_plain(header: &Header<'_>) -> bool {
    let is = |name: &str| header.name.eq_ignore_ascii_case(name);
    if is("content-length") {
        return header.value == b"0";
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
        Head::parse(text.as_bytes(), &mut room).map(|(head, length)| (head.path().to_owned(), length))
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
        for line in
            ["GET /verify HTTP/1.0", "GET http://a/verify HTTP/1.1", "OPTIONS * HTTP/1.1", "CONNECT a:1 HTTP/1.1"]
        {
            assert_eq!(taken(&format!("{line}\r\nHost: a\r\n\r\n")), None, "{line}");
        }
        let many = "a: b\r\n".repeat(MOST + 1);
        assert_eq!(taken(&format!("GET /verify HTTP/1.1\r\n{many}\r\n")), None);
    }
}

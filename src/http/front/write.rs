//! Answers as bytes.

use actix_web::HttpResponse;
use actix_web::body::MessageBody as _;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::model::Timestamp;

/// Bytes that stay reserved for the next answer.
const KEPT: usize = 4096;

/// Collects answers until they are sent together.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    date: Date,
}

/// The header `Date` of a second: written once for all answers in it.
#[derive(Debug, Default)]
struct Date {
    second: Option<i64>,
    text: String,
}

impl Writer {
    /// Appends a 200 without a body; `lines` writes what else is in its head.
    pub(super) fn allow(&mut self, lines: impl FnOnce(&mut Vec<u8>), now: Timestamp) {
        put(&mut self.bytes, [b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n"]);
        lines(&mut self.bytes);
        put(&mut self.bytes, [b"date: ", self.date.of(now), b"\r\n\r\n"]);
    }

    /// Appends an answer as of `now`; of one that goes without its body only the head (RFC 9110 9.3.2).
    pub(super) fn write(&mut self, response: HttpResponse, now: Timestamp, without_body: bool) {
        let (status, mut number) = (response.status(), itoa::Buffer::new());
        let (head, body) = response.into_parts();
        // Ours are never streams, and those could not be counted.
        let body = body.try_into_bytes().unwrap_or_default();
        let reason = status.canonical_reason().unwrap_or_default().as_bytes();
        put(&mut self.bytes, [b"HTTP/1.1 ", status.as_str().as_bytes(), b" ", reason]);
        put(&mut self.bytes, [b"\r\ncontent-length: ", number.format(body.len()).as_bytes()]);
        for (name, value) in head.headers() {
            put(&mut self.bytes, [b"\r\n", name.as_str().as_bytes(), b": ", value.as_bytes()]);
        }
        put(&mut self.bytes, [b"\r\ndate: ", self.date.of(now), b"\r\n\r\n"]);
        if !without_body {
            put(&mut self.bytes, [&body]);
        }
    }

    /// What was collected.
    pub(super) fn written(&self) -> &[u8] {
        &self.bytes
    }

    /// Begins anew. Of what one burst took no more is kept than an ordinary answer takes (`security.md L6`).
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
    }
}

fn put<const N: usize>(bytes: &mut Vec<u8>, parts: [&[u8]; N]) {
    for part in parts {
        bytes.extend_from_slice(part);
    }
}

impl Date {
    fn of(&mut self, now: Timestamp) -> &[u8] {
        let second = now.as_seconds();
        if self.second != Some(second) {
            let instant = jiff::Timestamp::from_second(second).unwrap_or_default();
            self.text = DateTimePrinter::new().timestamp_to_rfc9110_string(&instant).unwrap_or_default();
            self.second = Some(second);
        }
        self.text.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(response: HttpResponse, without_body: bool) -> String {
        let mut writer = Writer::default();
        writer.write(response, Timestamp::from_micros(1_794_000_000_900_000), without_body);
        String::from_utf8(writer.written().to_vec()).unwrap()
    }

    #[test]
    fn an_answer_has_its_length_headers_date_and_body() {
        let response = HttpResponse::Forbidden().insert_header(("retry-after", "7")).body("no");
        let head = "HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nretry-after: 7\r\n\
                    date: Fri, 06 Nov 2026 21:20:00 GMT\r\n\r\n";
        assert_eq!(written(response, false), format!("{head}no"));
    }

    #[test]
    fn an_answer_to_head_has_the_length_and_no_body() {
        let text = written(HttpResponse::Forbidden().body("no"), true);
        assert!(text.contains("content-length: 2\r\n") && text.ends_with("\r\n\r\n"), "{text}");
    }
}

//! Answers as bytes.

use jiff::fmt::rfc2822::DateTimePrinter;

use crate::http::api::Denial;
use crate::http::error::{JSON, write_body, write_lines};
use crate::model::Timestamp;

/// Bytes that stay reserved for the next answer.
const KEPT: usize = 4096;

/// Collects answers until they are sent together.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// The body of the refusal that is being written: its length goes before it.
    body: Vec<u8>,
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

    /// Appends a refusal as of `now`; of one that goes without its body only the head (RFC 9110 9.3.2).
    pub(super) fn refuse(&mut self, Denial { problem, status }: &Denial, now: Timestamp, without_body: bool) {
        self.body.clear();
        write_body(problem, &mut self.body);
        let (reason, mut length) = (status.canonical_reason().unwrap_or_default(), itoa::Buffer::new());
        put(&mut self.bytes, [b"HTTP/1.1 ", status.as_str().as_bytes(), b" ", reason.as_bytes()]);
        put(&mut self.bytes, [b"\r\ncontent-length: ", length.format(self.body.len()).as_bytes()]);
        put(&mut self.bytes, [b"\r\ncontent-type: ", JSON.as_bytes(), b"\r\n"]);
        write_lines(problem, &mut self.bytes);
        put(&mut self.bytes, [b"date: ", self.date.of(now), b"\r\n\r\n"]);
        if !without_body {
            self.bytes.extend_from_slice(&self.body);
        }
    }

    /// Appends a refusal to go on.
    pub(super) fn break_off(&mut self) {
        put(&mut self.bytes, [b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"]);
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
    use actix_web::http::StatusCode;

    use super::*;
    use crate::http::error::Problem;

    fn written(without_body: bool) -> String {
        let mut writer = Writer::default();
        let problem = Problem::Limited { seconds: 7, code: None, standing: None };
        let refusal = Denial { problem, status: StatusCode::FORBIDDEN };
        writer.refuse(&refusal, Timestamp::from_micros(1_794_000_000_900_000), without_body);
        String::from_utf8(writer.written().to_vec()).unwrap()
    }

    #[test]
    fn a_refusal_has_its_length_headers_date_and_body() {
        let text = written(false);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let expected = format!(
            "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\ncontent-type: application/json; charset=utf-8\r\n\
             retry-after: 7\r\ndate: Fri, 06 Nov 2026 21:20:00 GMT",
            body.len()
        );
        assert_eq!(head, expected);
        assert!(body.contains("7 seconds"), "{body}");
    }

    #[test]
    fn an_answer_to_head_has_the_length_and_no_body() {
        let (whole, head) = (written(false), written(true));
        assert!(whole.starts_with(&head) && head.ends_with("\r\n\r\n"), "{head}");
    }
}

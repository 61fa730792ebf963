//! A client that sends exactly the bytes it is given.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    /// The status; 0 when the connection was closed without a word.
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// The body, chunks put together.
    pub(crate) body: String,
}

impl Response {
    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let same = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        same.map(|(_, value)| value.as_str()).collect()
    }

    /// A header that is there at most once; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let all = self.all(name);
        assert!(all.len() < 2, "{name} is there more than once: {self:?}");
        all.first().copied().unwrap_or_default()
    }

    /// The body as JSON, which it has to be.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }
}

/// A request line's method and target, and headers, to this port; waits for the whole answer.
pub(crate) fn send(port: u16, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    send_with(port, method, target, headers, "")
}

/// The same, with a body, for which the headers have to announce its length.
pub(crate) fn send_with(port: u16, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("connection")) {
        head += "Connection: close\r\n";
    }
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    // A proxy may answer and hang up before it has read all.
    drop(stream.write_all(format!("{head}\r\n{body}").as_bytes()));
    read(&mut stream, method == "HEAD")
}

fn read(stream: &mut TcpStream, head_only: bool) -> Response {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 8192]);
    loop {
        if let Some(response) = whole(&bytes, head_only) {
            return response;
        }
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => bytes.extend_from_slice(&buffer[..count]),
            _ => return ended(&bytes),
        }
    }
}

/// The answer, once all of it is there.
fn whole(bytes: &[u8], head_only: bool) -> Option<Response> {
    let at = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let mut response = head(&String::from_utf8_lossy(&bytes[..at]));
    let body = &bytes[at + 4..];
    if head_only {
        return Some(response);
    }
    if response.header("transfer-encoding") == "chunked" {
        let text = String::from_utf8_lossy(body);
        response.body = chunks(&text)?;
    } else {
        let length = response.header("content-length").parse().ok()?;
        response.body = String::from_utf8_lossy(body.get(..length)?).into_owned();
    }
    Some(response)
}

/// An answer that ends with its connection.
fn ended(bytes: &[u8]) -> Response {
    let text = String::from_utf8_lossy(bytes);
    let Some((start, body)) = text.split_once("\r\n\r\n") else {
        return Response { status: 0, headers: Vec::new(), body: text.into_owned() };
    };
    Response { body: body.to_owned(), ..head(start) }
}

fn head(text: &str) -> Response {
    let mut lines = text.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    Response { status, headers: lines.filter_map(header).collect(), body: String::new() }
}

fn chunks(mut text: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n")?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        whole += rest.get(..size)?;
        text = rest.get(size + 2..)?;
    }
}

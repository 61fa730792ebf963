//! The site behind the proxies: it answers 200 to everything and notes down what it got.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What it answers.
pub(crate) const BODY: &str = "a book";

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The method.
    pub(crate) method: String,
    /// The target of the request line.
    pub(crate) target: String,
    /// Names in small letters, and values, in order.
    pub(crate) headers: Vec<(String, String)>,
    /// The body's length.
    pub(crate) length: usize,
}

impl Seen {
    /// The headers that say who asks, in whatever spelling a site could read; without the empty ones, sorted.
    pub(crate) fn identity(&self) -> Vec<(&str, &str)> {
        let names_somebody = |name: &str| name.starts_with("remote") || name.starts_with("hallpass");
        let named = self.headers.iter().filter(|(name, value)| names_somebody(name) && !value.is_empty());
        let mut named: Vec<_> = named.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        named.sort_unstable();
        named
    }

    /// Whether these words are anywhere in it, in whatever case.
    pub(crate) fn mentions(&self, words: &str) -> bool {
        format!("{self:?}").to_lowercase().contains(&words.to_lowercase())
    }
}

/// A small site, until the test ends.
#[derive(Clone, Debug)]
pub(crate) struct Shop {
    /// Where it listens.
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Shop {
    /// Opens it.
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self { port: listener.local_addr().unwrap().port(), seen: Arc::default() };
        let seen = Arc::clone(&this.seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                stream.set_nodelay(true).ok();
                thread::spawn(move || while serve(&stream, &seen).is_some() {});
            }
        });
        this
    }

    /// What came since the last time.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// What came since the last time, which is one request.
    pub(crate) fn take_one(&self) -> Seen {
        let mut seen = self.take();
        assert_eq!(seen.len(), 1, "{seen:#?}");
        seen.remove(0)
    }
}

/// Answers one request; nothing when there was none.
fn serve(mut stream: &TcpStream, seen: &Mutex<Vec<Seen>>) -> Option<()> {
    // A proxy sends no second request before the answer to the first, so nothing is lost with this reader.
    let mut reader = BufReader::new(stream);
    let first = line(&mut reader)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    while let Some((name, value)) = line(&mut reader)?.split_once(':') {
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    reader.read_exact(&mut vec![0; length]).ok()?;
    let body = if method == "HEAD" { "" } else { BODY };
    seen.lock().unwrap().push(Seen { method, target, headers, length });
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}", BODY.len());
    stream.write_all(answer.as_bytes()).ok()
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    reader.read_until(b'\n', &mut bytes).ok().filter(|count| *count > 0)?;
    Some(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

//! Asks without pause: one connection, one thread, no client between the socket and the clock.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// No answer takes as long.
pub(super) const FOREVER: Duration = Duration::from_secs(30);

/// How many keys were answered from memory.
const HITS: &str = "hallpass_key_cache_hits_total";

/// What came back, and when.
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) at: Instant,
}

impl Said {
    /// A 503 that says when to ask again.
    pub(super) fn is_unavailable(&self) -> bool {
        self.status == 503 && self.text.to_ascii_lowercase().contains("\r\nretry-after: 1\r\n")
    }
}

/// A connection to a listener.
pub(super) struct Asker(TcpStream);

impl Asker {
    /// To `http://host:port`.
    pub(super) fn to(base: &str) -> Self {
        let stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(FOREVER)).unwrap();
        Self(stream)
    }

    /// What a proxy asks.
    pub(super) fn verify(&mut self, key: &str) -> Said {
        self.send(&format!(
            "GET /verify HTTP/1.1\r\nHost: x\r\nUser-Api-Key: {key}\r\nX-Original-Method: GET\r\n\
             X-Original-URI: /books\r\n\r\n"
        ))
    }

    /// Whatever else, with a key.
    pub(super) fn get(&mut self, path: &str, key: &str) -> Said {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nUser-Api-Key: {key}\r\n\r\n"))
    }

    /// A form, sent with a key.
    pub(super) fn post(&mut self, path: &str, key: &str, form: &str) -> Said {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nUser-Api-Key: {key}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
            form.len()
        ))
    }

    /// Asks about this key until it is answered from memory: only then has the node heard of the others at least once, and
    /// promises to go on without them for a while.
    pub(super) fn until_remembered(&mut self, key: &str) {
        let begun = Instant::now();
        let before = self.figure(HITS);
        while self.verify(key).status != 200 || self.figure(HITS) <= before {
            assert!(begun.elapsed() < FOREVER, "the key is never answered from memory");
        }
    }

    /// A figure among those that Prometheus fetches.
    pub(super) fn figure(&mut self, name: &str) -> f64 {
        let said = self.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        let value = said.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
    }

    fn send(&mut self, request: &str) -> Said {
        self.0.write_all(request.as_bytes()).unwrap();
        let (mut text, mut buffer) = (String::new(), [0; 4096]);
        while !is_whole(&text) {
            let count = match self.0.read(&mut buffer) {
                // So it ends, with a time-out set, where this process stood still meanwhile.
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                read => read.unwrap(),
            };
            assert!(count > 0, "the connection ended: {text}");
            text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
        Said { status: text[9..12].parse().unwrap(), text, at: Instant::now() }
    }

    /// Asks about this key until the answer is as wished; gives it, and the one before it.
    pub(super) fn until(&mut self, key: &str, wished: impl Fn(&Said) -> bool) -> (Option<Said>, Said) {
        let (begun, mut before) = (Instant::now(), None);
        loop {
            let said = self.verify(key);
            if wished(&said) {
                return (before, said);
            }
            assert!(begun.elapsed() < FOREVER, "still {}: {}", said.status, said.text);
            before = Some(said);
        }
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.to_ascii_lowercase();
    let length = length.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().to_owned();
    body.len() >= length.parse::<usize>().unwrap()
}

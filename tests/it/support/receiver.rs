//! Where pushes arrive: a server that checks who sent them, and does not take them when it is told so.

use std::sync::{Arc, Mutex};

use hallpass::crypto::sign_push;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The secret of the tests.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// 200.
    Takes,
    /// This status.
    Says(u16),
    /// 302 to itself.
    Redirects,
    /// A body without an end.
    Floods,
}

/// A receiver on a port of its own.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    /// Its address.
    pub(crate) url: String,
    manner: Arc<Mutex<Manner>>,
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl Receiver {
    /// One that takes what it gets.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/publish", listener.local_addr().unwrap());
        let receiver = Self { url, manner: Arc::new(Mutex::new(Manner::Takes)), bodies: Arc::default() };
        let to_all = receiver.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let one = to_all.clone();
                actix_web::rt::spawn(async move { one.answer(stream).await });
            }
        });
        receiver
    }

    /// From now on it does this.
    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// What arrived since the last time, each with a good signature.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.bodies.lock().unwrap())
    }

    async fn answer(&self, mut stream: TcpStream) {
        let mut text = String::new();
        while !is_whole(&text) {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer).await.unwrap();
            if count == 0 {
                return;
            }
            text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
        }
        self.bodies.lock().unwrap().push(checked(&text));
        let manner = *self.manner.lock().unwrap();
        let head = match manner {
            Manner::Takes | Manner::Floods => "HTTP/1.1 200 OK\r\n".to_owned(),
            Manner::Says(status) => format!("HTTP/1.1 {status} No\r\n"),
            Manner::Redirects => format!("HTTP/1.1 302 Found\r\nLocation: {}\r\n", self.url),
        };
        drop(stream.write_all(head.as_bytes()).await);
        if manner == Manner::Floods {
            drop(stream.write_all(b"Content-Length: 1000000000000\r\n\r\n").await);
            while stream.write_all(&[b'x'; 16_384]).await.is_ok() {}
        }
        drop(stream.write_all(b"Content-Length: 0\r\n\r\n").await);
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    header(head, "content-length").is_some_and(|length| body.len() >= length.parse::<usize>().unwrap())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The body, when what signed it knew the secret.
fn checked(text: &str) -> Value {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /publish HTTP/1.1\r\n"), "{head}");
    assert_eq!(header(head, "content-type"), Some("application/json"));
    let (at, mark) = header(head, "hallpass-signature").unwrap().split_once(',').unwrap();
    let at = at.strip_prefix("t=").unwrap().parse().unwrap();
    assert_eq!(mark.strip_prefix("v1=").unwrap(), sign_push(SECRET, at, body));
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["secret_key"], SECRET);
    body
}

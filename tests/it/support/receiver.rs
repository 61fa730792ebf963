//! Where pushes arrive: a server that checks who sent them, and does not take them when it is told so.

use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hallpass::crypto::sign_push;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// The secret of the tests.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// How long a push is waited for.
const PATIENCE: Duration = Duration::from_secs(40);

/// Between two bytes of who drips.
const DRIP: Duration = Duration::from_millis(20);

/// What it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// 200.
    Takes,
    /// This status.
    Says(u16),
    /// This status when a notification with this id is among what it gets.
    Refuses(u16, i64),
    /// 302 to itself.
    Redirects,
    /// A body without an end.
    Floods,
    /// Nothing, until it is told something else; then 200.
    Hangs,
    /// 200, a byte now and then, until it is told something else.
    Drips,
}

/// A receiver on a port of its own.
#[derive(Clone, Debug)]
pub(crate) struct Receiver {
    /// Its address.
    pub(crate) url: String,
    secret: String,
    manner: watch::Sender<Manner>,
    bodies: Arc<Mutex<VecDeque<Value>>>,
    arrived: Arc<Notify>,
}

impl Receiver {
    /// One that takes what it gets.
    pub(crate) async fn start() -> Self {
        Self::knowing(SECRET).await
    }

    /// The same, with another secret.
    pub(crate) async fn knowing(secret: &str) -> Self {
        Self::listening("http", secret, async |stream, receiver| receiver.answer(stream).await).await
    }

    /// One that is reached by TLS.
    pub(crate) async fn behind(tls: TlsAcceptor) -> Self {
        let answer = async move |stream: TcpStream, receiver: Self| {
            // Whoever does not trust it hangs up.
            if let Ok(stream) = tls.accept(stream).await {
                receiver.answer(stream).await;
            }
        };
        Self::listening("https", SECRET, answer).await
    }

    async fn listening(scheme: &str, secret: &str, answer: impl AsyncFn(TcpStream, Self) + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("{scheme}://{}/publish", listener.local_addr().unwrap()),
            secret: secret.to_owned(),
            manner: watch::Sender::new(Manner::Takes),
            bodies: Arc::default(),
            arrived: Arc::default(),
        };
        let (to_all, answer) = (receiver.clone(), Rc::new(answer));
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, one) = (Rc::clone(&answer), to_all.clone());
                actix_web::rt::spawn(async move { answer(stream, one).await });
            }
        });
        receiver
    }

    /// From now on it does this; those who wait for an answer get theirs.
    pub(crate) fn behave(&self, manner: Manner) {
        self.manner.send_replace(manner);
    }

    /// What arrived since the last time, each with a good signature.
    pub(crate) fn take(&self) -> Vec<Value> {
        self.bodies.lock().unwrap().drain(..).collect()
    }

    /// What arrives next, if it has not arrived already.
    pub(crate) async fn next(&self) -> Value {
        let arrives = async {
            loop {
                let arrived = self.bodies.lock().unwrap().pop_front();
                match arrived {
                    Some(body) => return body,
                    None => self.arrived.notified().await,
                }
            }
        };
        timeout(PATIENCE, arrives).await.expect("a push arrives")
    }

    async fn answer(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let Some(text) = whole(&mut stream).await else { return };
        let (body, manner) = (checked(&text, &self.secret), *self.manner.borrow());
        self.bodies.lock().unwrap().push_back(body.clone());
        self.arrived.notify_one();
        // Whoever has read enough hangs up.
        drop(self.reply(&mut stream, manner, &body).await);
        drop(stream.shutdown().await);
    }

    async fn reply(&self, stream: &mut (impl AsyncWrite + Unpin), manner: Manner, body: &Value) -> io::Result<()> {
        let status = match manner {
            Manner::Says(status) => status,
            Manner::Refuses(status, id) if ids(body).contains(&id) => status,
            Manner::Redirects => 302,
            Manner::Takes | Manner::Refuses(..) | Manner::Floods | Manner::Hangs | Manner::Drips => 200,
        };
        if manner == Manner::Hangs {
            drop(self.manner.subscribe().wait_for(|manner| *manner != Manner::Hangs).await);
        }
        stream.write_all(format!("HTTP/1.1 {status} So\r\nLocation: {}\r\nX-Drips: ", self.url).as_bytes()).await?;
        while manner == Manner::Drips && *self.manner.borrow() == Manner::Drips {
            stream.write_all(b"x").await?;
            stream.flush().await?;
            sleep(DRIP).await;
        }
        let length = if manner == Manner::Floods { 1_000_000_000_000_u64 } else { 0 };
        stream.write_all(format!("\r\nContent-Length: {length}\r\n\r\n").as_bytes()).await?;
        if manner != Manner::Floods {
            return Ok(());
        }
        loop {
            stream.write_all(&[b'x'; 16_384]).await?;
        }
    }
}

/// A whole request, unless there is none.
async fn whole(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut text = String::new();
    while !is_whole(&text) {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
        text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    Some(text)
}

/// The ids of the notifications of a push.
pub(crate) fn ids(body: &Value) -> Vec<i64> {
    body["notifications"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
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
fn checked(text: &str, secret: &str) -> Value {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    // Behind the path there may be what tells one application's address from another's.
    assert!(head.starts_with("POST /publish"), "{head}");
    assert_eq!(header(head, "content-type"), Some("application/json"));
    let (at, mark) = header(head, "hallpass-signature").unwrap().split_once(',').unwrap();
    let at = at.strip_prefix("t=").unwrap().parse().unwrap();
    assert_eq!(mark.strip_prefix("v1=").unwrap(), sign_push(secret, at, body));
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["secret_key"], secret);
    body
}

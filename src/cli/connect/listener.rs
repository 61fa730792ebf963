//! A port on this computer that the browser comes back to (RFC 8252 7.3).
//!
//! Each connection has a thread, because browsers open some in advance and say nothing on them; few at a time, each
//! for a short while and a small request. The threads end with the program.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::callback::{Handover, Visit};
use crate::crypto::Random;

const MOST_CONNECTIONS: usize = 32;
/// Cookies go to every port of a computer, so that a developer's browser may send many.
const MOST_BYTES: usize = 65_536;
const PATIENCE: Duration = Duration::from_secs(10);

/// The port, and a path on it that nobody can guess.
#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    path: String,
}

impl Listener {
    /// A port that was free.
    pub(super) fn open(random: &Random) -> io::Result<Self> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Self { socket, path: format!("/{}", random.hex::<16>()) })
    }

    /// The redirect to give to the site.
    pub(super) fn redirect(&self) -> io::Result<String> {
        Ok(format!("http://{}{}", self.socket.local_addr()?, self.path))
    }

    /// Answers from now on; the browser's return comes out of the receiver.
    pub(super) fn start(self) -> io::Result<Receiver<anyhow::Result<Handover>>> {
        let (sender, receiver) = channel();
        thread::Builder::new().spawn(move || self.accept(&sender))?;
        Ok(receiver)
    }

    fn accept(&self, sender: &Sender<anyhow::Result<Handover>>) {
        let path = Arc::new(self.path.clone());
        for stream in self.socket.incoming() {
            let Ok(stream) = stream else {
                thread::sleep(Duration::from_millis(50));
                continue;
            };
            // Each thread holds the path, so its holders are the connections. One too many is closed at once.
            if Arc::strong_count(&path) <= MOST_CONNECTIONS {
                let (path, sender) = (Arc::clone(&path), sender.clone());
                drop(thread::Builder::new().spawn(move || answer(&stream, &path, &sender)));
            }
        }
    }
}

/// The page goes out before the news, because the program ends soon after the news.
fn answer(mut stream: &TcpStream, path: &str, sender: &Sender<anyhow::Result<Handover>>) {
    let Ok(line) = first_line(stream) else { return };
    let visit = Visit::parse(&line, path);
    drop(stream.write_all(page(&visit).as_bytes()));
    if let Visit::Back(outcome) = visit {
        // Nobody listens any more once the first return was taken.
        drop(sender.send(outcome.map_err(Into::into)));
    }
}

/// Reads the whole head, because closing on unread bytes would take the answer away from the browser.
fn first_line(mut stream: &TcpStream) -> io::Result<String> {
    let deadline = Instant::now() + PATIENCE;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (mut head, mut part) = (Vec::new(), [0; 4096]);
    while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        // Past the deadline this is zero, which the call refuses.
        stream.set_read_timeout(Some(deadline.saturating_duration_since(Instant::now())))?;
        let read = stream.read(&mut part)?;
        head.extend_from_slice(part.get(..read).unwrap_or_default());
        if read == 0 || head.len() > MOST_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    Ok(String::from_utf8_lossy(&head).lines().next().unwrap_or_default().to_owned())
}

fn page(visit: &Visit) -> String {
    let (status, text) = match visit {
        Visit::Back(Ok(_)) => ("200 OK", "Done, go back to the terminal."),
        Visit::Back(Err(_)) => ("400 Bad Request", "No key came along. The terminal says more."),
        Visit::Stray => ("404 Not Found", "There is nothing here."),
    };
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>hallpass connect</title>\n<p>{text}</p>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(redirect: &str, path: &str) -> String {
        let address = redirect.strip_prefix("http://").unwrap().split_once('/').unwrap().0;
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn the_return_is_taken_beside_stray_and_silent_connections() {
        let listener = Listener::open(&Random::seeded(1)).unwrap();
        let (redirect, path) = (listener.redirect().unwrap(), listener.path.clone());
        let address = listener.socket.local_addr().unwrap();
        let news = listener.start().unwrap();
        let _silent = TcpStream::connect(address).unwrap();
        assert!(ask(&redirect, "/favicon.ico").starts_with("HTTP/1.1 404"));
        assert!(news.try_recv().is_err());
        assert!(ask(&redirect, &format!("{path}?payload=a")).ends_with("<p>Done, go back to the terminal.</p>\n"));
        assert_eq!(news.recv_timeout(PATIENCE).unwrap().unwrap().payload, "a");
    }

    #[test]
    fn a_huge_request_is_cut_off() {
        let listener = Listener::open(&Random::seeded(1)).unwrap();
        let address = listener.socket.local_addr().unwrap();
        let _news = listener.start().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let refused = std::iter::repeat_n([b'a'; 4096], 1000).find_map(|part| stream.write_all(&part).err());
        assert!(refused.is_some());
    }
}

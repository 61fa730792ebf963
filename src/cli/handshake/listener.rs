//! A port on this computer that the browser comes back to (RFC 8252 7.3).

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::callback::{Handover, Visit};
use crate::cli::listen::{serve, write};
use crate::crypto::Random;

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
        let path = self.path;
        serve(self.socket, move |stream, head| answer(stream, head, &path, &sender))?;
        Ok(receiver)
    }
}

/// The page goes out before the news, because the program ends soon after the news.
fn answer(stream: &TcpStream, head: &str, path: &str, sender: &Sender<anyhow::Result<Handover>>) {
    let visit = Visit::parse(head.lines().next().unwrap_or_default(), path);
    show(stream, &visit);
    if let Visit::Back(outcome) = visit {
        // Nobody listens any more once the first return was taken.
        drop(sender.send(outcome.map_err(Into::into)));
    }
}

const HEADERS: &str = "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\
                       Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n";

fn show(stream: &TcpStream, visit: &Visit) {
    let (status, text) = match visit {
        Visit::Back(Ok(_)) => ("200 OK", "Done, go back to the terminal."),
        Visit::Back(Err(_)) => ("400 Bad Request", "No key came along. The terminal says more."),
        Visit::Stray => ("404 Not Found", "There is nothing here."),
    };
    let body = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Hallpass</title>\n<p>{text}</p>\n"
    );
    write(stream, status, HEADERS, &body);
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::time::Duration;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

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
}

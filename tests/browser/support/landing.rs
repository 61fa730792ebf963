//! The application's side of a redirect: a port on this computer where the browser arrives.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);
/// A page that tells the page which opened it that it is there.
const PAGE: &str = "<!doctype html><html lang=en><title>Deskbell</title><link rel=icon href='data:,'>\
                    <script>if (opener) opener.received = location.href</script><h1>Deskbell</h1>";
/// The first byte of a TLS connection: a handshake.
const TLS: u8 = 22;

/// A listener that answers every request with one page, until the test process ends.
#[derive(Debug)]
pub(crate) struct Landing {
    /// Its port.
    pub(crate) port: u16,
    arrivals: Receiver<String>,
}

impl Landing {
    /// On a port that was free.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("the listener has a port").port();
        let (tell, arrivals) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tell = tell.clone();
                // A browser opens connections in advance and says nothing on them.
                thread::spawn(move || answer(&stream, &tell));
            }
        });
        Self { port, arrivals }
    }

    /// Its address with this path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next request: its address, or `TLS` when somebody wants to speak that.
    pub(crate) fn arrival(&self) -> String {
        let target = self.arrivals.recv_timeout(PATIENCE).expect("the browser arrives");
        if target == "TLS" { target } else { self.url(&target) }
    }
}

fn answer(mut stream: &TcpStream, tell: &Sender<String>) {
    let mut first = [0];
    if stream.peek(&mut first).unwrap_or_default() == 1 && first == [TLS] {
        drop(stream.read(&mut first));
        // The test may be over; then nobody wants to know.
        tell.send("TLS".to_owned()).ok();
        return;
    }
    let lines: Vec<_> =
        BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let Some(target) = lines.first().and_then(|line| line.split(' ').nth(1)) else { return };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}", PAGE.len());
    drop(write!(stream, "{head}\r\nConnection: close\r\n\r\n{PAGE}"));
    tell.send(target.to_owned()).ok();
}

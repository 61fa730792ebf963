//! A port of our own for a while: a browser comes back to it, or a proxy finds it in the place of the site.
//!
//! Each connection has a thread, because browsers open some in advance and say nothing on them; few at a time, each
//! for one request with a small head. The threads end with the program.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

const MOST_CONNECTIONS: usize = 32;
/// Cookies go to every port of a computer, so that a developer's browser may send many.
const MOST_BYTES: usize = 65_536;
const PATIENCE: Duration = Duration::from_secs(10);

/// Hands each request's head to `answer`, with the stream to write to, from now on.
pub(super) fn serve(socket: TcpListener, answer: impl Fn(&TcpStream, &str) + Send + Sync + 'static) -> io::Result<()> {
    thread::Builder::new().spawn(move || accept(&socket, &Arc::new(answer)))?;
    Ok(())
}

fn accept(socket: &TcpListener, answer: &Arc<impl Fn(&TcpStream, &str) + Send + Sync + 'static>) {
    for stream in socket.incoming() {
        let Ok(stream) = stream else {
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        // Each thread holds the closure, so its holders are the connections. One too many is closed at once.
        if Arc::strong_count(answer) <= MOST_CONNECTIONS {
            let answer = Arc::clone(answer);
            drop(thread::Builder::new().spawn(move || head(&stream).map(|head| answer(&stream, &head))));
        }
    }
}

/// Reads the whole head, because closing on unread bytes would take the answer away from the other side.
fn head(mut stream: &TcpStream) -> io::Result<String> {
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
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Writes a whole answer, after which the connection ends. Where nobody waits for it any more, nothing is lost.
pub(super) fn write(mut stream: &TcpStream, status: &str, headers: &str, body: &str) {
    let length = body.len();
    let whole = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    drop(stream.write_all(whole.as_bytes()));
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_huge_request_is_cut_off() {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = socket.local_addr().unwrap();
        serve(socket, |_, _| {}).unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let refused = std::iter::repeat_n([b'a'; 4096], 1000).find_map(|part| stream.write_all(&part).err());
        assert!(refused.is_some());
    }
}

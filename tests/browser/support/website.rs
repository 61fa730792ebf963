//! Somebody else's website: a folder of files, on a port of its own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

/// A listener that answers with files, until the test process ends.
#[derive(Debug)]
pub(crate) struct Website {
    /// Its origin, as a browser names it.
    pub(crate) origin: String,
}

impl Website {
    /// Of a folder of this repository.
    pub(crate) fn of(folder: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("the listener has a port").port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = folder.clone();
                // A browser opens connections in advance and says nothing on them.
                thread::spawn(move || answer(&stream, &folder));
            }
        });
        Self { origin: format!("http://127.0.0.1:{port}") }
    }
}

fn answer(mut stream: &TcpStream, folder: &Path) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let Some(first) = lines.next() else { return };
    // The rest has to be read as well: a connection closed over it may lose the answer.
    lines.for_each(drop);
    let target = first.split(' ').nth(1).unwrap_or("/");
    let file = file(folder, target.split('?').next().unwrap_or(target));
    let kind = if file.extension().is_some_and(|kind| kind == "js") { "text/javascript" } else { "text/html" };
    let (status, body) = fs::read(&file).map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}", body.len());
    // The browser may have gone; then nobody wants to know.
    write!(stream, "{head}\r\nConnection: close\r\n\r\n").and_then(|()| stream.write_all(&body)).ok();
}

fn file(folder: &Path, path: &str) -> PathBuf {
    folder.join(if path == "/" { "index.html" } else { path.trim_start_matches('/') })
}

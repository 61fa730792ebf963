//! The chromedriver process.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use thirtyfour::SessionId;

const PATIENCE: Duration = Duration::from_secs(20);
const GREETING: &str = "started successfully on port ";

/// A chromedriver of our own on a free port; ends when dropped.
#[derive(Debug)]
pub(super) struct Chromedriver {
    child: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts it and waits until it tells its port.
    pub(super) fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts: tests/run packages installs it");
        let told = port_told_by(child.stdout.take().expect("its output is a pipe"));
        // Owned before the wait, so that a driver which never answers is ended as well.
        let mut this = Self { child, port: 0 };
        this.port = told.recv_timeout(PATIENCE).expect("chromedriver tells its port");
        this
    }

    /// Where commands for the browser go.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Closes a session and with it Chromium, which would outlive a chromedriver that was only killed.
    pub(super) fn close(&self, session: &SessionId, chromium: Option<u64>) {
        if let (Err(_), Some(id)) = (self.delete(session), chromium) {
            // It may have crashed; then there is nothing left to end.
            Command::new("kill").args(["-KILL", &id.to_string()]).stderr(Stdio::null()).status().ok();
        }
    }

    fn delete(&self, session: &SessionId) -> io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        // chromedriver answers when Chromium has gone.
        BufReader::new(stream).read_line(&mut String::new()).map(drop)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // It may have ended already, and a test that is over has nobody to tell.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

// Reads to the end: a full pipe would stop the driver.
fn port_told_by(output: ChildStdout) -> Receiver<u16> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, port)) = line.split_once(GREETING)
                && let Ok(port) = port.trim_end_matches('.').parse()
            {
                tell.send(port).ok();
            }
        }
    });
    told
}

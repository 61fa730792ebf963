//! A program that is talked to while it runs.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(40);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A running program; ends with us.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    output: Receiver<String>,
    said: Vec<String>,
}

impl Program {
    /// Starts it.
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program is there: tests/run tools installs it");
        let (tell, output) = channel();
        read(child.stdout.take().expect("its output is a pipe"), tell.clone());
        read(child.stderr.take().expect("its errors are a pipe"), tell);
        Self { child, output, said: Vec::new() }
    }

    /// Writes one line to it.
    pub(crate) fn write(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().expect("its input is a pipe"), "{line}").expect("it still reads");
    }

    /// Waits for the next line, on either way out, that has this in it; what follows it there.
    pub(crate) fn says(&mut self, what: &str) -> String {
        loop {
            let Ok(line) = self.output.recv_timeout(PATIENCE) else { panic!("no “{what}”: {:#?}", self.said) };
            self.said.push(line.clone());
            if let Some((_, rest)) = line.split_once(what) {
                return rest.to_owned();
            }
        }
    }

    /// Writes nothing more, and waits until it has ended by itself; its status and everything it said.
    pub(crate) fn ends(mut self) -> (ExitStatus, String) {
        drop(self.child.stdin.take());
        let latest = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                break status;
            }
            assert!(Instant::now() < latest, "it is still running: {:#?}", self.said);
            thread::sleep(LOOK_AGAIN);
        };
        // Ends when both ways out are closed.
        self.said.extend(self.output.iter());
        (status, self.said.join("\n"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn read(from: impl Read + Send + 'static, tell: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            // The test may be over; then nobody wants to know.
            tell.send(line).ok();
        }
    });
}

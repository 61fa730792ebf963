//! A PostgreSQL server of a test's own, in a folder that goes with it: for what happens to a server.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;

use super::server::free_port;

/// Whose the server is where root runs the tests: it refuses to be root's.
const NOBODY: u32 = 65_534;

/// A running server.
pub(crate) struct Postgres {
    folder: TempDir,
    port: u16,
    running: Option<Child>,
}

impl Postgres {
    /// With one empty database.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        if folder.path().metadata().unwrap().uid() == 0 {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let mut server = Self { folder, port: free_port(), running: None };
        let flags = ["--username=hallpass", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        let made = server.program("initdb").args(flags).arg("--pgdata=data").output().unwrap();
        assert!(made.status.success(), "{made:?}");
        server.again();
        server
    }

    /// What it is called in the configuration.
    pub(crate) fn url(&self) -> String {
        format!("postgres://hallpass@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it once more, and waits until it answers.
    pub(crate) fn again(&mut self) {
        let mut command = self.program("postgres");
        command.args([
            "-D",
            "data",
            "-p",
            &self.port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]);
        command.arg("-c").arg(format!("unix_socket_directories={}", self.folder.path().display()));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut log = String::new();
        while !log.contains("ready to accept connections") {
            assert!(lines.read_line(&mut log).unwrap() > 0, "PostgreSQL ended: {log}");
        }
        // Else it would wait, one day, for somebody to read its log.
        thread::spawn(move || io::copy(&mut lines, &mut io::sink()));
        self.running = Some(child);
    }

    /// Ends it as an operator in a hurry does: whoever is connected is cut off.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.running.take() {
            signal("INT", &child.id().to_string());
            drop(child.wait());
        }
    }

    /// Has it stand still with all its processes (`STOP`), or go on (`CONT`).
    pub(crate) fn signal(&self, name: &str) {
        let Some(child) = &self.running else { return };
        let id = child.id();
        // Itself first, so that it makes no more.
        signal(name, &id.to_string());
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        children.split_whitespace().for_each(|child| signal(name, child));
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(programs().join(name));
        command.current_dir(self.folder.path());
        if self.folder.path().metadata().unwrap().uid() == NOBODY {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.signal("CONT");
        self.stop();
    }
}

/// Debian has them in a folder for each version.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is missing: tests/run packages");
    let folders =
        versions.map(|version| version.unwrap().path().join("bin")).filter(|folder| folder.join("postgres").exists());
    folders.max().expect("PostgreSQL is missing: tests/run packages")
}

fn signal(name: &str, id: &str) {
    drop(Command::new("kill").args([&format!("-{name}"), id]).status());
}

//! A Redis server of a test's own, in a folder that goes with it.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

/// Of whom nothing is anybody's: nobody runs the server where root runs the tests.
const NOBODY: u32 = 65_534;

/// A running server. It listens on a socket in its folder, and remembers what it is told to.
pub(crate) struct Redis {
    folder: TempDir,
    flags: Vec<String>,
    running: Option<(Child, BufReader<ChildStdout>)>,
}

impl Redis {
    /// That forgets everything when it ends.
    pub(crate) fn start() -> Self {
        Self::with(&["--appendonly", "no"])
    }

    /// That has everything in a file before it answers, so a new process knows it. The file is not synced, which only a
    /// machine that fails would need, and which takes longer than a node waits where many write to one disk.
    pub(crate) fn on_disk() -> Self {
        Self::with(&["--appendonly", "yes", "--appendfsync", "no"])
    }

    /// With these flags.
    pub(crate) fn with(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let mut redis = Self { folder, flags, running: None };
        redis.again();
        redis
    }

    /// What it is called in the configuration.
    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// Starts it once more, and waits until it answers.
    pub(crate) fn again(&mut self) {
        let folder = self.folder.path();
        let mut command = Command::new("redis-server");
        command.args(["--save", "", "--port", "0", "--dir"]).arg(folder);
        command.arg("--unixsocket").arg(self.socket()).args(&self.flags);
        if folder.metadata().unwrap().uid() == 0 {
            chown(folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        if folder.metadata().unwrap().uid() == NOBODY {
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is missing: tests/run packages");
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut log = String::new();
        while !log.contains("ready to accept connections") {
            assert!(lines.read_line(&mut log).unwrap() > 0, "redis-server ended: {log}");
        }
        self.running = Some((child, lines));
    }

    /// Takes everything out of it.
    pub(crate) fn empty(&self) {
        self.run(&["FLUSHALL"]);
    }

    /// How many scripts it has run.
    pub(crate) fn scripts_run(&self) -> u64 {
        let said = self.run(&["INFO", "commandstats"]);
        let calls = said.lines().find_map(|line| line.strip_prefix("cmdstat_evalsha:calls="));
        calls.and_then(|rest| rest.split(',').next()).map_or(0, |calls| calls.parse().unwrap())
    }

    /// What it goes by.
    pub(crate) fn setting(&self, name: &str) -> String {
        self.run(&["CONFIG", "GET", name]).lines().nth(1).unwrap_or_default().to_owned()
    }

    fn run(&self, command: &[&str]) -> String {
        let done = Command::new("redis-cli").arg("-s").arg(self.socket()).args(command).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// Ends it, in order.
    pub(crate) fn stop(&mut self) {
        self.signal("TERM");
        self.wait();
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.signal("KILL");
        self.wait();
    }

    /// Has it stand still: it takes connections and answers nothing. `CONT` has it go on.
    pub(crate) fn signal(&self, signal: &str) {
        if let Some((child, _)) = &self.running {
            drop(Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status());
        }
    }

    fn wait(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            drop(child.wait());
        }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

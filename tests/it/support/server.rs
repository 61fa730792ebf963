//! The program itself, as a process: for what only a process shows, and for tests in other binaries.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use tempfile::TempDir;

use super::database::TestDatabase;

/// Names with values.
type Pairs = Vec<(String, String)>;

/// A running `hallpass serve` with a folder of its own.
pub(crate) struct Server {
    /// Its address, without a slash at the end.
    pub(crate) base: String,
    /// The address of its internal listener.
    pub(crate) internal: String,
    folder: Arc<TempDir>,
    database: Arc<TestDatabase>,
    settings: Pairs,
    environment: Pairs,
    filter: String,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
    child: Child,
}

impl Server {
    /// With these settings beside a new database.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        Self::logging("hallpass=trace,info", settings)
    }

    /// With these settings beside a new database, and this `RUST_LOG`.
    pub(crate) fn logging(filter: &str, settings: &[(&str, &str)]) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), filter, settings)
    }

    /// In a folder that may hold a `hallpass.toml`.
    pub(crate) fn in_folder(folder: TempDir, filter: &str, settings: &[(&str, &str)]) -> Self {
        let database = TestDatabase::new(folder.path());
        let mut all = database.settings(folder.path());
        all.extend(pairs(settings));
        Self::run((Arc::new(folder), Arc::new(database)), (all, Vec::new()), filter, free_port())
    }

    /// Starts again where this one was: same folder, same settings, same port.
    pub(crate) fn again(mut self) -> Self {
        self.kill();
        let port = self.base.rsplit(':').next().unwrap().parse().unwrap();
        let home = (Arc::clone(&self.folder), Arc::clone(&self.database));
        Self::run(home, (self.settings.clone(), self.environment.clone()), &self.filter, port)
    }

    /// Another node of the same site, with other settings.
    pub(crate) fn beside(&self, settings: &[(&str, &str)]) -> Self {
        self.node([self.settings.clone(), pairs(settings)].concat(), self.environment.clone())
    }

    /// Another node of the same site, with these variables in its environment.
    pub(crate) fn beside_with(&self, environment: &[(&str, &str)]) -> Self {
        self.node(self.settings.clone(), pairs(environment))
    }

    fn node(&self, settings: Pairs, environment: Pairs) -> Self {
        let home = (Arc::clone(&self.folder), Arc::clone(&self.database));
        Self::run(home, (settings, environment), &self.filter, free_port())
    }

    /// Ends it as an operator does, and starts it again.
    pub(crate) fn restart(self) -> Self {
        self.restart_after(|_folder| {})
    }

    /// The same, and something happens in its folder before it starts.
    pub(crate) fn restart_after(mut self, happens: impl FnOnce(&Path)) -> Self {
        self.end(false);
        happens(self.folder());
        self.again()
    }

    /// Ends it at once, as a loss of power would.
    pub(crate) fn kill(&mut self) {
        self.end(true);
    }

    fn run(
        (folder, database): (Arc<TempDir>, Arc<TestDatabase>),
        (settings, environment): (Pairs, Pairs),
        filter: &str,
        port: u16,
    ) -> Self {
        let base = format!("http://127.0.0.1:{port}");
        let mut command = program(folder.path(), &settings);
        command.args(["--set", &format!("server.listen=127.0.0.1:{port}")]);
        command.args(["--set", "server.internal_listen=127.0.0.1:0"]);
        if !settings.iter().any(|(key, _)| key == "server.public_url") {
            command.args(["--set", &format!("server.public_url={base}")]);
        }
        command.envs(environment.iter().cloned()).env("RUST_LOG", filter).arg("serve");
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let internal = until_ready(&mut lines, &log);
        let kept = Arc::clone(&log);
        let reader = Some(thread::spawn(move || keep(&mut lines, &kept)));
        Self { base, internal, folder, database, settings, environment, filter: filter.to_owned(), log, reader, child }
    }

    /// Runs a command beside the server, on the same database; `input` is its standard input.
    pub(crate) fn cli(&self, arguments: &[&str], input: &str) -> Output {
        cli(self.folder.path(), &self.settings, arguments, input)
    }

    /// What it was told, as variables of an environment.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (String, String)> {
        let variable = |key: &str| format!("HALLPASS_{}", key.to_uppercase().replace('.', "__"));
        self.settings.iter().map(move |(key, value)| (variable(key), value.clone()))
    }

    /// Makes an account.
    pub(crate) fn account(&self, name: &str, password: &str, flags: &[&str]) {
        let arguments = [&["user", "create", name, "--password-stdin"], flags].concat();
        let made = self.cli(&arguments, &format!("{password}\n"));
        assert!(made.status.success(), "{made:?}");
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its database.
    pub(crate) fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// Its folder: a SQLite file `hallpass.db` is in there.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn end(&mut self, hard: bool) {
        if hard {
            drop(self.child.kill());
        } else {
            self.tell_to_end();
        }
        drop(self.child.wait());
        // What the process wrote last is read to its end.
        drop(self.reader.take().map(JoinHandle::join));
    }

    /// Tells it to end, and does not wait for it.
    pub(crate) fn tell_to_end(&self) {
        let id = self.child.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
    }

    /// Waits until it has ended by itself, and gives its whole log.
    pub(crate) fn ended(mut self) -> String {
        assert!(self.child.wait().unwrap().success());
        drop(self.reader.take().map(JoinHandle::join));
        self.log()
    }

    /// Ends it as an operator does, requests in flight first, and gives its whole log.
    pub(crate) fn stop(mut self) -> String {
        self.end(false);
        self.log()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(true);
    }
}

/// Runs a command in a folder, with these settings.
pub(crate) fn cli(folder: &Path, settings: &[(String, String)], arguments: &[&str], input: &str) -> Output {
    let mut command = program(folder, settings);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that wants no input may have ended before it is written.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

/// The program in a folder, with these settings, to be given its command.
pub(crate) fn program(folder: &Path, settings: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.current_dir(folder);
    for (key, value) in settings {
        command.args(["--set", &format!("{key}={value}")]);
    }
    command
}

/// A port that nobody listens on, each time another. Below those that the system gives away by itself, because it may give
/// one to somebody else before it is listened on; each test is a process, and has some to itself.
pub(crate) fn free_port() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 1000).unwrap() * 20;
    let next = || first + TAKEN.fetch_add(1, Ordering::Relaxed) % 20;
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (0..20).map(|_| next()).find(is_free).unwrap()
}

/// Reads up to the line that says where the listeners are; gives the internal one.
fn until_ready(lines: &mut impl BufRead, log: &Mutex<String>) -> String {
    loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended: {}", log.lock().unwrap());
        log.lock().unwrap().push_str(&line);
        let plain: String = without_colors(&line);
        let place = plain.split_once("internal=").or_else(|| plain.split_once("\"internal\":\""));
        if let Some((_, rest)) = place {
            return format!("http://{}", rest.split([' ', '"']).next().unwrap());
        }
    }
}

fn without_colors(line: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in line.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            _ if !inside => plain.push(c),
            _ => {}
        }
    }
    plain
}

fn keep(lines: &mut impl Read, log: &Mutex<String>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = lines.read(&mut buffer) {
        log.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

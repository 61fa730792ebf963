//! `a-a`, the command line of a forum: PKCS#1 v1.5, a redirect to 127.0.0.1 at a port of its own, then `/session/current.json`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::site::{PASSWORD, Server};

const PATIENCE: Duration = Duration::from_mins(1);
// Seconds that `a-a` itself waits for the redirect.
const WAIT_FOR_REDIRECT: &str = "40";
const LOOK_AGAIN: Duration = Duration::from_millis(20);

#[test]
fn a_a_signs_in_and_asks_who_it_is_c044_c086_c087_c293() {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    let application = AA::new(&server.base);
    let signed_in = application.log_in("ada", PASSWORD);
    assert!(signed_in.status.success(), "{}", signed_in.said);
    let config = application.config().unwrap();
    assert_eq!((&config["username"], &config["base_url"]), (&"ada".into(), &server.base.clone().into()));
    let asked = application.who_am_i();
    assert!(asked.status.success() && asked.said.contains("username: ada"), "{}", asked.said);
}

/// An `a-a` with a home folder of its own, at one site.
#[derive(Debug)]
pub(crate) struct AA {
    home: TempDir,
    base: String,
}

/// How one run ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status.
    pub(crate) status: ExitStatus,
    /// What it said, and below that where its user went.
    pub(crate) said: String,
}

impl AA {
    /// One that was never used, for the site at `base` (no slash at the end).
    pub(crate) fn new(base: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), base: base.to_owned() }
    }

    /// `a-a auth login`; a user with this name and password signs in and approves.
    pub(crate) fn log_in(&self, login: &str, password: &str) -> Run {
        let mut command = self.command(&["auth", "login", "--timeout", WAIT_FOR_REDIRECT]);
        command.env("HALLPASS_VISITOR_LOGIN", login).env("HALLPASS_VISITOR_PASSWORD", password);
        self.run(command)
    }

    /// `a-a whoami`, which asks the site with the key.
    pub(crate) fn who_am_i(&self) -> Run {
        self.run(self.command(&["whoami"]))
    }

    /// What it has noted after signing in: `base_url`, `api_key`, `client_id`, `username`.
    pub(crate) fn config(&self) -> Option<Value> {
        let text = fs::read_to_string(self.home.path().join(".a-a/config.json")).ok()?;
        serde_json::from_str(&text).ok()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let visitor = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/visitor.py");
        let mut command = Command::new(tools().join("a-a"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("PYTHONUTF8", "1")
            .env("A_A_BASE", &self.base)
            // With the final `&` Python does not wait for the browser, which would be waiting for the application.
            .env("BROWSER", format!("'{}' '{}' %s &", tools().join("python").display(), visitor.display()))
            .env("HALLPASS_VISITOR_DIARY", self.home.path().join("diary"))
            .stdin(Stdio::null());
        command
    }

    fn run(&self, mut command: Command) -> Run {
        let output = self.home.path().join("output");
        let file = File::create(&output).unwrap();
        command.stdout(file.try_clone().unwrap()).stderr(file);
        let status = Running(command.spawn().unwrap()).wait();
        let diary = fs::read_to_string(self.home.path().join("diary")).unwrap_or_default();
        Run { status, said: format!("{}\n{diary}", fs::read_to_string(output).unwrap()) }
    }
}

/// The programs that `tests/run tools` installs.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools/clients/bin")
}

/// A process that ends with us.
#[derive(Debug)]
struct Running(Child);

impl Running {
    fn wait(mut self) -> ExitStatus {
        let latest = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < latest, "a-a is still running after {PATIENCE:?}");
            thread::sleep(LOOK_AGAIN);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

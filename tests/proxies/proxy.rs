//! The proxies: each a real one, in a folder of its own.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

// What surrounds the printed file in an operator's nginx; all that nginx would write stays in the folder.
const NGINX: &str = "daemon off; master_process off; pid nginx.pid; error_log stderr notice;
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include hallpass.conf;
}
";

// One process cannot have the port for administration that another has.
const CADDY: &str = "{\n\tadmin off\n}\nimport hallpass.caddy\n";

/// The proxies that are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proxy {
    Nginx,
    Caddy,
    Envoy,
}

impl Proxy {
    pub(crate) const ALL: [Self; 3] = [Self::Nginx, Self::Caddy, Self::Envoy];

    /// As `proxy-config` has it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Envoy => "envoy",
        }
    }

    /// The file for what was printed.
    const fn file(self) -> &'static str {
        match self {
            Self::Nginx => "hallpass.conf",
            Self::Caddy => "hallpass.caddy",
            Self::Envoy => "hallpass.yaml",
        }
    }

    fn command(self, folder: &Path) -> Command {
        let whole = |text: &str| fs::write(folder.join("whole"), text).unwrap();
        let mut command = match self {
            Self::Nginx => {
                whole(NGINX);
                Command::new(installed("nginx", "/usr/sbin/nginx"))
            }
            Self::Caddy => {
                whole(CADDY);
                Command::new(installed("caddy", "/usr/bin/caddy"))
            }
            Self::Envoy => Command::new(envoy()),
        };
        match self {
            Self::Nginx => command.arg("-p").arg(folder).arg("-c").arg(folder.join("whole")),
            Self::Caddy => command.args(["run", "--adapter", "caddyfile", "--config", "whole"]),
            Self::Envoy => {
                command.args(["--disable-hot-restart", "--concurrency", "1", "--log-level", "warn"]);
                command.args(["--config-path", "hallpass.yaml"])
            }
        };
        command.current_dir(folder).env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
        command
    }
}

/// A running proxy; ends with us.
#[derive(Debug)]
pub(crate) struct Running {
    /// Which.
    pub(crate) proxy: Proxy,
    /// Where it listens.
    pub(crate) port: u16,
    folder: TempDir,
    child: Child,
}

impl Running {
    /// Starts a proxy with what was printed for this port, and waits until it listens.
    pub(crate) fn start(proxy: Proxy, port: u16, printed: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(proxy.file()), printed).unwrap();
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = proxy.command(folder.path());
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("{proxy:?}: {error}; tests/run installs it"));
        let mut this = Self { proxy, port, folder, child };
        this.wait();
        this
    }

    fn wait(&mut self) {
        let latest = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < latest, "{:?} does not listen: {}", self.proxy, self.log());
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// What it has said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Debian keeps servers out of the path of everybody but root.
fn installed(name: &str, otherwise: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.exists());
    found.unwrap_or_else(|| otherwise.into())
}

/// The one that `tests/run tools` installs.
fn envoy() -> PathBuf {
    let tools = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("tools/proxies/lib");
    let python = fs::read_dir(&tools).ok().and_then(|mut entries| entries.next()).and_then(Result::ok);
    python.map_or(tools, |python| python.path()).join("site-packages/envoy/_bin/envoy")
}

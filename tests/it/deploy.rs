//! What the guide gives to systemd and to containers is true: units that systemd reads, settings that exist, commands that
//! the program has.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::cli::refused;
use crate::generated::root;
use crate::support::server::{Server, program};

fn example(path: &str) -> String {
    fs::read_to_string(root().join("docs/guide/examples").join(path)).unwrap()
}

fn hallpass(folder: &Path) -> Command {
    program(folder, &[])
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn systemd_reads_the_unit_and_finds_little_that_the_service_could_do() {
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("hallpass.service");
    let installed = "/usr/local/bin/hallpass";
    fs::write(&unit, example("systemd/hallpass.service").replace(installed, env!("CARGO_BIN_EXE_hallpass"))).unwrap();
    let analyze = |arguments: &[&str]| Command::new("systemd-analyze").args(arguments).arg(&unit).output().unwrap();
    let verified = analyze(&["verify"]);
    assert!(verified.status.success() && text(&verified).is_empty(), "{}", text(&verified));
    // Of ten points of exposure, where 9.6 is a unit that says nothing.
    let exposed = analyze(&["security", "--offline=true", "--no-pager", "--threshold=15"]);
    assert!(exposed.status.success(), "{}", text(&exposed));
}

/// The names of system calls in these groups of systemd's, with those of the groups in them.
fn system_calls(groups: &str) -> BTreeSet<String> {
    let listed = |group: &str| {
        let output = Command::new("systemd-analyze").args(["--no-pager", "syscall-filter", group]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        let lines = text(&output).lines().skip(1).map(|line| line.trim().to_owned()).collect::<Vec<_>>();
        lines.into_iter().filter(|line| !line.is_empty() && !line.starts_with('#'))
    };
    let one = |name: &str| if name.starts_with('@') { system_calls(name) } else { BTreeSet::from([name.to_owned()]) };
    groups.split_whitespace().flat_map(listed).flat_map(|name| one(&name)).collect()
}

#[test]
fn the_unit_lets_the_service_ask_for_its_open_files_and_refuses_what_it_never_calls() {
    let unit = example("systemd/hallpass.service");
    let filters: Vec<&str> = unit.lines().filter_map(|line| line.strip_prefix("SystemCallFilter=")).collect();
    let (taken, left): (Vec<&str>, Vec<&str>) = filters.iter().partition(|filter| filter.starts_with('~'));
    let named = |groups: Vec<&str>| system_calls(&groups.join(" ").replace('~', ""));
    let (refused, allowed) = (named(taken), named([left, vec!["@default"]].concat()));
    // What a call that is refused does is end the service. `getrlimit` and `setrlimit` of the library are this one call.
    for called in ["prlimit64", "sched_getaffinity", "accept4", "fsync", "linkat", "getrandom"] {
        assert!(allowed.contains(called) && !refused.contains(called), "{called}");
    }
    for never in ["ptrace", "mount", "setpriority", "chown", "setuid"] {
        assert!(!allowed.contains(never) || refused.contains(never), "{never}");
    }
}

#[test]
fn the_configuration_beside_the_unit_is_good_and_meant_for_its_folders() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hallpass.toml"), example("systemd/hallpass.toml")).unwrap();
    let checked = hallpass(folder.path()).args(["config", "check"]).output().unwrap();
    assert_eq!(text(&checked), "The configuration is good.\n");
    let unit = example("systemd/hallpass.service");
    assert!(
        unit.contains("StateDirectory=hallpass\n") && example("systemd/hallpass.toml").contains("/var/lib/hallpass/")
    );
    let arguments = unit.split("ExecStart=/usr/local/bin/hallpass ").nth(1).unwrap().lines().next().unwrap();
    let help = hallpass(folder.path()).args(arguments.split(' ')).arg("--help").output().unwrap();
    assert!(help.status.success(), "{}", text(&help));
}

#[test]
fn systemd_is_told_when_the_service_is_ready_and_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let told = || {
        let mut buffer = [0; 256];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..length]).trim().to_owned()
    };
    let anywhere = ["server.listen", "server.internal_listen"].map(|key| (key.to_owned(), "127.0.0.1:0".to_owned()));
    let mut command = program(folder.path(), &anywhere);
    let mut child = command.env("NOTIFY_SOCKET", &path).stderr(Stdio::null()).spawn().unwrap();
    assert_eq!(told(), "READY=1");
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(told(), "STOPPING=1");
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_container_builds_with_the_toolchain_of_the_project_and_sets_what_can_be_set() {
    let file = example("container/Dockerfile");
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = manifest.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(file.contains(&format!("FROM rust:{version}-bookworm")), "{version}");
    // The same Debian builds and runs: the C library is not in the program.
    assert!(file.contains("FROM debian:bookworm-slim") && file.contains("\nUSER 65532:65532\n"));

    let folder = tempfile::tempdir().unwrap();
    let mut show = hallpass(folder.path());
    let set: Vec<_> = file.lines().filter_map(|line| line.strip_prefix("ENV ")?.split_once('=')).collect();
    show.envs(set.iter().copied());
    let shown = show.args(["config", "show"]).output().unwrap();
    assert!(shown.status.success(), "{}", text(&shown));
    for (_, value) in &set {
        assert!(text(&shown).contains(&format!("\"{value}\"")), "{value} is not in {}", text(&shown));
    }
    for command in ["serve", "health"] {
        assert!(file.contains(&format!("\"{command}\"]")));
        assert!(hallpass(folder.path()).args([command, "--help"]).output().unwrap().status.success());
    }
}

#[test]
fn the_health_command_says_by_its_code_whether_the_service_is_ready() {
    let server = Server::start(&[("server.drain_seconds", "300")]);
    let internal = server.internal.strip_prefix("http://").unwrap().to_owned();
    let ask = || server.cli(&["--set", &format!("server.internal_listen={internal}"), "health"], "");
    let ready = ask();
    assert!(ready.status.success() && text(&ready).contains("\"status\":\"ready\""), "{ready:?}");
    server.tell_to_end();
    // The signal was taken when the internal listener says so.
    let mut told = ask();
    for _ in 0..1000 {
        if !told.status.success() {
            break;
        }
        told = ask();
    }
    refused(&told, &["the service is not ready", "ending"]);
    server.tell_to_end();
    server.ended();
}

#[test]
fn the_health_command_asks_whether_the_service_runs_where_nobody_answers() {
    let folder = tempfile::tempdir().unwrap();
    // A port that no program is given by chance, as the one of a service that has ended can be.
    let alone = hallpass(folder.path()).args(["--set", "server.internal_listen=127.0.0.1:1", "health"]).output();
    refused(&alone.unwrap(), &["nobody answers", "is the service running?"]);
}

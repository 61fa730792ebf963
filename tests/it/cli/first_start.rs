//! The first start in an empty folder, and those after it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use super::{refused, run, text};
use crate::support::PASSWORD;
use crate::support::server::{free_port, program};

/// Starts the program without a command, reads what it says until it lives, ends it; gives the link it printed.
fn start(folder: &Path, finished_by: &str) -> Option<String> {
    let port = free_port();
    let settings = [
        ("server.listen".to_owned(), format!("127.0.0.1:{port}")),
        ("server.internal_listen".to_owned(), "127.0.0.1:0".to_owned()),
    ];
    let mut child = program(folder, &settings).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(|line| line.unwrap());
    let mut said = Vec::new();
    for line in lines {
        let finished = line.contains(finished_by);
        said.push(line);
        if finished {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.last().is_some_and(|line| line.contains(finished_by)), "{said:?}");
    said.iter().find(|line| line.contains("/setup/")).map(|line| line.trim().to_owned())
}

#[test]
fn settings_on_both_sides_of_a_command_are_refused_rather_than_half_taken() {
    let folder = tempfile::tempdir().unwrap();
    let before = ["--set", "site.title=One", "config", "show", "--set", "server.listen=127.0.0.1:1"];
    refused(&run(folder.path(), &before, ""), &["--set stands before the command and after it"]);
    for whole in [
        ["--set", "site.title=One", "--set=server.listen=127.0.0.1:1", "config", "show"],
        ["config", "show", "--set", "site.title=One", "--set=server.listen=127.0.0.1:1"],
    ] {
        let shown = run(folder.path(), &whole, "");
        assert!(text(&shown.stdout).contains("127.0.0.1:1\"") && text(&shown.stdout).contains("One"), "{shown:?}");
    }
}

#[test]
fn an_empty_folder_is_enough_and_each_start_prints_a_link_until_there_is_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path(), "hallpass is ready").unwrap();
    for name in ["hallpass.db", "hallpass.db.secret_key"] {
        let mode = folder.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let secret = fs::read(folder.path().join("hallpass.db.secret_key")).unwrap();
    let second = start(folder.path(), "hallpass is ready").unwrap();
    assert_ne!(first, second);
    assert_eq!(fs::read(folder.path().join("hallpass.db.secret_key")).unwrap(), secret);
    let made = run(folder.path(), &["user", "create", "root", "--admin", "--password-stdin"], PASSWORD);
    assert!(made.status.success(), "{made:?}");
    assert_eq!(start(folder.path(), "hallpass is ready"), None);
}

#[test]
fn all_faults_of_the_configuration_are_told_at_once_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["server.nonsense=1", "server.listen=x", "limits.sign_in_per_address_per_minute=0"];
    let arguments: Vec<&str> = flags.iter().flat_map(|flag| ["--set", flag]).collect();
    let output = run(folder.path(), &arguments, "");
    refused(
        &output,
        &["3 faults", "server.nonsense", "server.listen", "limits.sign_in_per_address_per_minute", "write:"],
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

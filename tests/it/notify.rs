//! `hallpass notify`: before sites that say what a test wants, and with real ones in a terminal.

mod bar;
mod keys;
mod odd_sites;
mod terminal;

use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::cli::text;
use crate::support::stand_in::StandIn;

/// What the tests' sites gave out.
const KEY: &str = "00112233445566778899aabbccddeeff";

/// The members of a line, in their order.
const MEMBERS: [&str; 7] = ["site", "title", "username", "new", "unread_high_priority", "changed", "error"];

/// The program, with a folder for its keys.
fn notify(folder: &Path, sites: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.arg("notify").args(sites).args(arguments).args(["--keys", "keys.json"]);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn once(folder: &Path, sites: &[&str]) -> Output {
    notify(folder, sites, &["--once", "--json"]).output().unwrap()
}

/// A folder with a key for each of these addresses.
fn with_keys(sites: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let entry = |site: &&str| ((*site).to_owned(), json!({ "key": KEY, "client_id": "notify-1" }));
    let all: serde_json::Map<String, Value> = sites.iter().map(entry).collect();
    let mut file = std::fs::OpenOptions::new();
    let file = file.write(true).create_new(true).mode(0o600).open(keys(&folder)).unwrap();
    serde_json::to_writer(file, &all).unwrap();
    folder
}

fn keys(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("keys.json")
}

/// The names of the sites whose keys are kept.
fn kept(folder: &tempfile::TempDir) -> Vec<String> {
    let file = keys(folder);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let all: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    all.as_object().unwrap().keys().cloned().collect()
}

/// The lines of standard output, each an object with all members.
fn lines(output: &Output) -> Vec<Value> {
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        assert_eq!(line.as_object().unwrap().keys().collect::<Vec<_>>(), MEMBERS, "{line}");
    }
    assert!(!text(&output.stdout).contains(KEY) && !text(&output.stderr).contains(KEY), "a key is shown: {output:?}");
    lines
}

fn line_of<'a>(lines: &'a [Value], site: &StandIn) -> &'a Value {
    lines.iter().find(|line| line["site"] == site.base).unwrap_or_else(|| panic!("none of {}: {lines:?}", site.base))
}

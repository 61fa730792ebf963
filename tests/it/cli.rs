//! The command line: data alone on standard output, faults on standard error with what to do, and a running server
//! that follows.

mod accounts;
mod backup;
mod copy;
mod doctor;
mod first_start;
mod proxy_config;
mod reference;
mod running;

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::server::cli;

/// Runs a command in a folder, without settings.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    cli(folder, &[], arguments, input)
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// What a command that went well has printed, as JSON.
pub(crate) fn data(output: &Output) -> Value {
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A command that was refused: nothing on standard output, and these words on standard error.
pub(crate) fn refused(output: &Output, words: &[&str]) {
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    for word in words {
        assert!(text(&output.stderr).contains(word), "{word:?} is not in {}", text(&output.stderr));
    }
}

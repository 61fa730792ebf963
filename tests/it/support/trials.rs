//! What the suite does a few times, and `tests/trials`, `tests/nodes` and `tests/kills` often: those write what they
//! measured to `docs/trials.md`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// The folder of the lines that are measured.
fn folder() -> Option<OsString> {
    env::var_os("HALLPASS_TRIALS")
}

/// How often something is done: seldom in the suite, and as often as is promised when it is measured.
pub(crate) fn times(seldom: u32, often: u32) -> u32 {
    if folder().is_some() { often } else { seldom }
}

/// A line of the page, where that is being written; lines come in the order of their names.
pub(crate) fn note(name: &str, line: &str) {
    if let Some(folder) = folder() {
        fs::write(Path::new(&folder).join(name), format!("{line}\n")).unwrap();
    }
}

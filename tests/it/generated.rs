//! Files that are made of other files, and committed: `tests/generate` writes them, every other run compares them.

use std::path::Path;
use std::{env, fs};

/// Set to `1` to rewrite generated files instead of comparing them.
const UPDATE: &str = "HALLPASS_TEST_UPDATE";

/// The folder of the crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Panics unless the committed file has this text.
pub(crate) fn hold(path: &str, text: &str) {
    let file = root().join(path);
    if env::var_os(UPDATE).is_some_and(|value| value == "1") {
        fs::write(file, text).unwrap();
        return;
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(committed == text, "{path} is not up to date: run tests/generate");
}

/// A committed list: each line that is not empty or a comment, with the `[section]` above it.
pub(crate) fn list(text: &str) -> Vec<(&str, &str)> {
    let (mut lines, mut section) = (Vec::new(), "");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => section = name,
            None => lines.push((section, line)),
        }
    }
    lines
}

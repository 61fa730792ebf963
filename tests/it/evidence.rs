//! Which tests show which requirement: read from the names of the test functions.
//!
//! `fn a_good_nonce_c077_h4()` shows the protocol's row `C-077` and the security requirement `H4`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::generated::root;

/// The tests that carry an id, as Markdown links, by id.
#[derive(Debug, Default)]
pub(crate) struct Evidence(BTreeMap<String, Vec<String>>);

impl Evidence {
    /// Reads every test of the crate, those beside the code too, and keeps the ids that `wanted` makes of the words of a name.
    pub(crate) fn of(wanted: fn(&str) -> Option<String>) -> Self {
        let mut this = Self::default();
        for folder in ["src", "tests"] {
            this.read_folder(&root().join(folder), wanted);
        }
        this
    }

    /// The tests that carry this id, for one cell of a table; `open` when there are none.
    pub(crate) fn cell(&self, id: &str) -> String {
        self.0.get(id).map_or_else(|| "open".to_owned(), |tests| tests.join("<br>"))
    }

    /// Panics when a test carries an id that is not among the known ones.
    pub(crate) fn only(self, known: &[&str]) -> Self {
        let unknown: Vec<_> = self.0.iter().filter(|(id, _)| !known.contains(&id.as_str())).collect();
        assert!(unknown.is_empty(), "these tests name a requirement that is not listed: {unknown:#?}");
        self
    }

    fn read_folder(&mut self, folder: &Path, wanted: fn(&str) -> Option<String>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                self.read_folder(&path, wanted);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.read_file(&path, wanted);
            }
        }
    }

    fn read_file(&mut self, path: &Path, wanted: fn(&str) -> Option<String>) {
        let file = path.strip_prefix(root()).unwrap().display().to_string();
        for name in test_names(&fs::read_to_string(path).unwrap()) {
            for id in name.split('_').filter_map(wanted) {
                self.0.entry(id).or_default().push(format!("[{}](../../{file})", name.replace('_', " ")));
            }
        }
    }
}

/// The functions below an attribute such as `#[test]` or `#[actix_web::test]`.
fn test_names(source: &str) -> Vec<&str> {
    let (mut names, mut is_test) = (Vec::new(), false);
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line.ends_with("test]");
        } else if let Some(name) = function(line) {
            names.extend(is_test.then_some(name));
            is_test = false;
        }
    }
    names
}

fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?.split('(').next()
}

#[test]
fn only_test_functions_are_evidence() {
    let source =
        "fn helper_a() {}\n#[test]\n// why\nfn one_b() {}\nfn helper_c() {}\n#[actix_web::test]\nasync fn two_d() {}\n";
    assert_eq!(test_names(source), ["one_b", "two_d"]);
}

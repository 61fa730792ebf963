//! A disk that can be full, for the program as a process: `tests/fixtures/disk/full.c` stands between it and the system.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A disk of a test's own.
pub(crate) struct Disk {
    folder: TempDir,
}

impl Disk {
    /// With room.
    pub(crate) fn new() -> Self {
        let disk = Self { folder: tempfile::tempdir().unwrap() };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/disk/full.c");
        let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o", &disk.at("full.so")]).arg(source).status();
        assert!(compiled.unwrap().success());
        disk
    }

    /// What a process that is to use it has in its environment.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        [("LD_PRELOAD", self.at("full.so")), ("HALLPASS_TEST_FULL", self.at("full"))]
    }

    /// Nothing fits any more.
    pub(crate) fn fill(&self) {
        fs::write(self.at("full"), []).unwrap();
    }

    /// Everything fits again.
    pub(crate) fn make_room(&self) {
        fs::remove_file(self.at("full")).unwrap();
    }

    fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

//! The documentation is true: its links lead somewhere, its commands run, every dependency has its line.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use enum_map::EnumMap;
use hallpass::model::Verdict;

use crate::support::redis::Redis;
use crate::support::server::Server;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let folders = [
        "docs",
        "docs/guide",
        "docs/guide/examples/web-application",
        "docs/guide/examples/extension",
        "docs/concepts",
        "docs/reference",
        "docs/design",
        "migrations",
    ];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let pages =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    pages.chain([root().join("README.md")]).collect()
}

/// The blocks of commands on a page of the guide that are run by a test.
pub(crate) fn commands(page: &str) -> Vec<String> {
    blocks(page, "sh")
}

/// The blocks of this kind on a page of the guide.
pub(crate) fn blocks(page: &str, kind: &str) -> Vec<String> {
    let guide = fs::read_to_string(root().join("docs/guide").join(page)).unwrap();
    guide.split(&format!("```{kind}\n")).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn every_link_between_pages_leads_somewhere() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            let outside = link.contains("://") || file.is_empty();
            assert!(outside || page.parent().unwrap().join(file).exists(), "{} links to {link}", page.display());
        }
    }
}

#[test]
fn the_commands_of_the_first_guide_run_as_they_stand() {
    let blocks = commands("get-started.md");
    assert!(!blocks.is_empty());
    let server = Server::start(&[]);
    let program = Path::new(env!("CARGO_BIN_EXE_hallpass")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let done = Command::new("sh")
        .args(["-e", "-c", &blocks.join("\n")])
        .current_dir(server.folder())
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("ada@example.org"));
}

#[test]
fn redis_starts_with_the_lines_of_the_guide_and_heeds_them() {
    let lines = blocks("redis.md", "conf").concat();
    // The server runs as nobody where root runs the tests, and reads it too.
    let file = tempfile::Builder::new().permissions(Permissions::from_mode(0o644)).tempfile().unwrap();
    fs::write(file.path(), &lines).unwrap();
    let redis = Redis::with(&["--include", file.path().to_str().unwrap()]);
    for line in lines.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.split_once(' ').unwrap();
        assert_eq!(redis.setting(name), value);
    }
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let reasons = fs::read_to_string(root().join("docs/design/dependencies.md")).unwrap();
    let section = |name: &str| manifest.split(name).nth(1).unwrap().split("\n[").next().unwrap().to_owned();
    for line in [section("[dependencies]\n"), section("[dev-dependencies]\n")].join("\n").lines() {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        assert!(reasons.contains(&format!("`{name}`")), "{name} has no line in dependencies.md");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let sign = if path.extension().is_some_and(|kind| kind == "lua") { "-- " } else { "//! " };
                assert!(fs::read_to_string(&path).unwrap().starts_with(sign), "{} has no module doc", path.display());
            }
        }
    }
}

#[test]
fn the_reference_has_every_verdict_on_a_key_and_no_other() {
    // These two have a status of their own.
    let has_code = |verdict: &Verdict| !matches!(verdict, Verdict::ClientId | Verdict::Unavailable);
    let verdicts = EnumMap::<Verdict, ()>::default().into_iter().map(|(verdict, ())| verdict);
    let mut said: Vec<&str> = verdicts.filter(has_code).map(Verdict::word).collect();
    let page = fs::read_to_string(root().join("docs/reference/api.md")).unwrap();
    let table = page.split("| `code` |").nth(1).unwrap().split("\n\n").next().unwrap();
    let first = table.lines().skip(2).map(|row| row.split('|').nth(1).unwrap());
    let mut told: Vec<&str> = first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    said.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, said);
}

//! `hallpass doctor` on its own; before proxies it stands in `tests/proxies`.

use std::fs;

use serde_json::Value;

use super::{refused, run, text};
use crate::generated::root;
use crate::support::server::{Server, free_port};
use crate::support::{ClientApp, PASSWORD, Visitor};

fn server() -> Server {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    server
}

fn outcome(report: &Value, check: &str) -> String {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|finding| finding["check"] == check);
    found.unwrap_or_else(|| panic!("no {check}: {report}"))["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn a_line_tells_of_each_check_and_the_guide_of_each_name() {
    let server = server();
    let output = server.cli(&["doctor", &server.base], "");
    let guide = fs::read_to_string(root().join("docs/guide/doctor.md")).unwrap();
    let guide = guide.split("## The checks").nth(1).unwrap();
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    for line in &lines {
        let (outcome, rest) = line.split_at(11);
        assert!(["ok", "warning", "failed", "not checked"].contains(&outcome.trim_end()), "{line}");
        let check = rest.split_whitespace().next().unwrap();
        assert!(guide.contains(&format!("| `{check}` |")), "{check} is not in the guide");
    }
    assert_eq!(guide.matches("\n| `").count(), lines.len(), "the guide has a row for each check, and no other");
    let said = text(&output.stderr);
    assert!(said.contains(" not checked\n") && said.contains("of 18 checks failed"), "{said}");
}

#[test]
fn without_a_proxy_that_asks_nothing_is_verified_and_the_code_says_so() {
    let server = server();
    let public_url = format!("server.public_url={}", server.base);
    let output = server.cli(&["--set", &public_url, "doctor", &server.base, "--user", "ada", "--json"], "");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!output.status.success(), "{report}");
    for well in ["reach", "public_url", "links", "cookies", "clock", "page_headers", "internal", "good_key", "429"] {
        assert_eq!(outcome(&report, well), "ok", "{well}: {report:#}");
    }
    assert_eq!((outcome(&report, "401"), outcome(&report, "identity")), ("failed".into(), "not_checked".into()));
    let keys: Value = serde_json::from_slice(&server.cli(&["key", "list", "--json"], "").stdout).unwrap();
    let states: Vec<_> = keys.as_array().unwrap().iter().map(|key| key["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["revoked", "revoked"], "{keys}");
}

#[actix_web::test]
async fn a_key_that_is_handed_over_is_tried_and_never_shown() {
    let server = server();
    let ada = Visitor::new(&server.base);
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 200);
    let key = ClientApp::new(&server.base).approved_by(&ada).await.key;
    let output = server.cli(&["doctor", &server.base, "--key-stdin", "--json"], &format!("{key}\n"));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((outcome(&report, "good_key"), outcome(&report, "429")), ("ok".into(), "ok".into()), "{report:#}");
    assert_eq!(outcome(&report, "scope"), "not_checked", "one key cannot do both");
    assert!(!format!("{output:?}").contains(&key));
    refused(&server.cli(&["doctor", &server.base, "--key-stdin"], "no key\n"), &["standard input holds no key"]);
}

#[test]
fn where_nobody_answers_that_is_all_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["doctor", &format!("http://127.0.0.1:{}", free_port())], "");
    let said = text(&output.stdout);
    assert!(!output.status.success() && said.starts_with("failed       reach"), "{output:?}");
    assert!(said.lines().count() == 1 && said.contains("does the proxy run?"), "{said}");
}

#[test]
fn a_key_goes_by_http_to_another_machine_only_where_that_is_said_k7() {
    let server = server();
    let ask = |arguments: &[&str]| server.cli(&[&["doctor", "http://192.0.2.1:9"], arguments].concat(), "");
    for asked in [&["--user", "ada"][..], &["--key-stdin"], &["--key-stdin", "--elsewhere"]] {
        refused(&ask(asked), &["http://192.0.2.1:9 can read the key", "https://", "--in-clear"]);
    }
    let keys = server.cli(&["key", "list", "--json"], "");
    assert_eq!(text(&keys.stdout).trim(), "[]", "none was made");
    // With the word for it the key is read, and only then is it found that this is none.
    refused(&ask(&["--key-stdin", "--in-clear"]), &["standard input holds no key"]);
}

#[test]
fn what_cannot_be_tried_is_refused_before_anything_is() {
    let server = server();
    let ask = |arguments: &[&str]| server.cli(&[&["doctor", &server.base], arguments].concat(), "");
    refused(&ask(&["--path", "api"]), &["--path", "/api/books"]);
    refused(&ask(&["--path", "/api/../x"]), &["--path"]);
    refused(&ask(&["--user", "ada", "--elsewhere"]), &["--elsewhere"]);
    refused(&ask(&["--user", "bob"]), &["there is no user bob"]);
    refused(&ask(&["--user", "ada", "--scopes", "nonsense"]), &["no key can be made for ada", "nonsense"]);
    refused(&ask(&["--ca-file", "nothere.pem"]), &["nothere.pem"]);
    fs::write(server.folder().join("empty.pem"), "").unwrap();
    refused(&ask(&["--ca-file", "empty.pem"]), &["empty.pem", "BEGIN CERTIFICATE"]);
    let taken = server.base.strip_prefix("http://").unwrap();
    refused(&ask(&["--stand-in", taken]), &["stop the site first"]);
    refused(&server.cli(&["doctor", "books.example"], ""), &["http://"]);
    let keys = server.cli(&["key", "list", "--json"], "");
    assert_eq!(text(&keys.stdout).trim(), "[]");
}

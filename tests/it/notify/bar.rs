//! The recipe for a status bar, as the guide has it.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What the recipe makes of a line.
fn shown(line: &Value) -> Value {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide/notify.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let exec = guide.lines().find_map(|line| line.trim().strip_prefix("\"exec\": ")).unwrap();
    let exec: String = serde_json::from_str(exec.trim_end_matches(',')).unwrap();
    let (_, filter) = exec.split_once(" | ").unwrap();
    let mut bar = Command::new("sh");
    let mut bar = bar.args(["-e", "-c", filter]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(bar.stdin.take().unwrap(), "{line}").unwrap();
    serde_json::from_slice(&bar.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn a_bar_shows_what_is_new_what_is_important_though_it_was_seen_and_what_is_wrong() {
    let line = |new, high, error| json!({ "site": "https://a.example", "title": "B & C", "new": new, "unread_high_priority": high, "error": error });
    for (line, text, class) in [
        (line(json!(0), json!(0), json!(null)), "0", "none"),
        (line(json!(2), json!(null), json!(null)), "2", "new"),
        (line(json!(0), json!(1), json!(null)), "0 !", "important"),
        (line(json!(2), json!(1), json!("it cannot be reached")), "2 !", "error"),
        (line(json!(null), json!(null), json!("it cannot be reached")), "?", "error"),
    ] {
        assert_eq!(shown(&line), json!({ "text": text, "tooltip": "B &amp; C", "class": class }), "{line}");
    }
}

//! Sites that want to be left alone, fail, or answer in another shape.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::{KEY, kept, line_of, lines, notify, once, with_keys};
use crate::cli::text;
use crate::support::stand_in::{Reply, StandIn};

/// The program while it watches; its lines come one by one.
struct Watching {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Watching {
    fn start(folder: &std::path::Path, sites: &[&str]) -> Self {
        let mut command = notify(folder, sites, &["--json", "--every", "1"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn next(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().expect("it goes on").unwrap()).unwrap()
    }

    /// Ends it; gives what it said.
    fn end(mut self) -> String {
        self.child.kill().unwrap();
        String::from_utf8(self.child.wait_with_output().unwrap().stderr).unwrap()
    }
}

#[test]
fn a_look_asks_with_the_key_and_tells_all_the_site_says() {
    let site = StandIn::start(&[Reply::new(200, &json!({ "unread_notifications": 2, "unread_personal_messages": 1 }))]);
    let folder = with_keys(&[&site.base]);
    let output = once(folder.path(), &[&site.base]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let mut lines = lines(&output);
    assert!(lines[0]["changed"].take().as_str().unwrap().ends_with('Z'));
    assert_eq!(
        lines,
        [json!({ "site": site.base, "title": "Books [2J& more", "username": "ada", "new": 3,
                 "unread_high_priority": 1, "changed": null, "error": null })]
    );
    let asked = site.asked();
    let what: Vec<&str> = asked.iter().map(|asked| asked.what.as_str()).collect();
    assert_eq!(what, ["GET /notifications/totals.json", "GET /site/basic-info.json", "GET /session/current.json"]);
    let keys = [Some(KEY), None, Some(KEY)];
    assert!(asked.iter().zip(keys).all(|(asked, key)| asked.key.as_deref() == key), "{asked:?}");
    assert_eq!(asked[0].client_id.as_deref(), Some("notify-1"));
}

#[test]
fn a_line_for_people_names_site_and_user_and_what_is_new() {
    let (site, plain) = (StandIn::start(&[Reply::unread(2)]), StandIn::with_session(&[Reply::unread(0)], json!({})));
    let below = format!("{}/hall", plain.base);
    let folder = with_keys(&[&site.base, &below]);
    let output = notify(folder.path(), &[&site.base, &below], &["--once"]).output().unwrap();
    let mut said: Vec<&str> = text(&output.stdout).lines().collect();
    said.sort_by_key(|line| line.contains("/hall"));
    let first = format!("Books [2J& more ({}), ada: 2 new; 1 unread of high priority", site.base);
    let second = format!("Books [2J& more ({below}), ada: 0 new");
    assert_eq!(said, [first, second], "{output:?}");
    assert!(plain.asked().iter().all(|asked| asked.what.starts_with("GET /hall/")), "{:?}", plain.asked());
}

#[test]
fn shapes_of_other_sites_are_taken_and_what_is_no_answer_is_told() {
    let good = [
        (json!({}), 0),
        (json!({ "unread_notifications": 4, "unread_personal_messages": null, "group_inboxes": [{}] }), 4),
        (json!({ "unread_notifications": "4", "unread_personal_messages": 1, "username": 7 }), 1),
        (json!({ "unread_notifications": -4, "chat_notifications": 2 }), 0),
    ];
    for (body, new) in good {
        let site = StandIn::with_session(&[Reply::new(200, &body)], json!(null));
        let found = once(with_keys(&[&site.base]).path(), &[&site.base]);
        assert!(found.status.success(), "{body}: {found:?}");
        let line = lines(&found).remove(0);
        assert_eq!((&line["new"], &line["username"]), (&json!(new), &json!(null)), "{body}");
        assert_eq!(line["unread_high_priority"], json!(null));
    }
    let bad = [
        (Reply::new(200, &json!([])), "JSON object"),
        (Reply::new(200, &json!({})).text("<html>"), "JSON object"),
        (Reply::new(404, &json!({})), "does the address lack a path"),
        (Reply::new(500, &json!({})), "it answers 500 to GET /notifications/totals.json"),
        (Reply::new(302, &json!({})).with("Location", "https://elsewhere.example/"), "https://elsewhere.example/"),
        (Reply::new(403, &json!({ "error_type": "not_logged_in" })), "User-Api-Key"),
        (Reply::new(403, &json!({})).text("blocked by a firewall"), "it answers 403"),
        (Reply::new(429, &json!({})).with("Retry-After", "17"), "come again in 17 s"),
        (Reply::new(429, &json!({})), "it answers 429"),
        (Reply::new(503, &json!({})).with("Retry-After", "soon"), "it answers 503"),
    ];
    for (reply, words) in bad {
        let site = StandIn::start(std::slice::from_ref(&reply));
        let folder = with_keys(&[&site.base]);
        let found = once(folder.path(), &[&site.base]);
        let line = lines(&found).remove(0);
        assert!(!found.status.success() && line["error"].as_str().unwrap().contains(words), "{reply:?}: {line}");
        assert!(text(&found.stderr).contains(words) && text(&found.stderr).contains("1 of 1 site failed"), "{found:?}");
        assert_eq!(kept(&folder), [site.base.as_str()], "{reply:?}");
    }
}

#[test]
fn a_site_that_is_down_holds_up_no_other() {
    let site = StandIn::start(&[Reply::unread(5)]);
    let folder = with_keys(&["http://127.0.0.1:1", &site.base]);
    let output = once(folder.path(), &["http://127.0.0.1:1", &site.base]);
    let lines = lines(&output);
    assert_eq!((lines.len(), &line_of(&lines, &site)["new"]), (2, &json!(5)));
    assert!(text(&output.stderr).contains("http://127.0.0.1:1: it cannot be reached"), "{output:?}");
    assert!(!output.status.success() && text(&output.stderr).contains("1 of 2 sites failed"), "{output:?}");
}

#[test]
fn a_line_comes_when_something_changes_and_a_wait_that_is_asked_for_is_kept() {
    let wait = Reply::new(429, &json!({})).with("Retry-After", "3");
    let site = StandIn::start(&[Reply::unread(1), Reply::unread(1), wait, Reply::unread(2)]);
    let folder = with_keys(&[&site.base]);
    let mut watching = Watching::start(folder.path(), &[&site.base]);
    let seen = [watching.next(), watching.next(), watching.next()];
    let new: Vec<&Value> = seen.iter().map(|line| &line["new"]).collect();
    assert_eq!(new, [&json!(1), &json!(1), &json!(2)]);
    assert!(seen[1]["error"].as_str().unwrap().contains("3 s") && seen[2]["error"].is_null(), "{seen:?}");
    let looks = site.looks();
    assert!(looks[3] - looks[2] >= Duration::from_secs(3), "{looks:?}");
    assert!(looks[1] - looks[0] >= Duration::from_secs(1), "{looks:?}");
    let said = watching.end();
    assert!(said.contains("it answers again") && said.matches("come again").count() == 1, "{said}");
}

#[test]
fn limits_that_a_site_tells_of_make_the_questions_rarer() {
    let limited =
        |reply: Reply| reply.with("RateLimit-Policy", "\"minute\";q=20;w=60").with("RateLimit", "\"minute\";r=20;t=3");
    let site = StandIn::start(&[limited(Reply::unread(1)), limited(Reply::unread(2)), limited(Reply::unread(3))]);
    let folder = with_keys(&[&site.base]);
    let mut watching = Watching::start(folder.path(), &[&site.base]);
    assert_eq!(
        [watching.next()["new"].take(), watching.next()["new"].take(), watching.next()["new"].take()],
        [1, 2, 3]
    );
    let looks = site.looks();
    assert!(looks[1] - looks[0] >= Duration::from_secs(3), "{looks:?}");
    let said = watching.end();
    assert_eq!(said.matches("asked less often, because of its limits; now after 3 s").count(), 1, "{said}");
}

#[test]
fn while_something_important_is_unread_it_is_looked_whether_it_still_is() {
    let replies = [Reply::unread(1), Reply::unread(1), Reply::unread(2)];
    for (session, asked) in [(json!({ "unread_high_priority_notifications": 1 }), 3), (json!({}), 2)] {
        let site = StandIn::with_session(&replies, session);
        let folder = with_keys(&[&site.base]);
        let mut watching = Watching::start(folder.path(), &[&site.base]);
        assert_eq!([watching.next()["new"].take(), watching.next()["new"].take()], [1, 2]);
        let current = site.asked().iter().filter(|asked| asked.what.ends_with("/session/current.json")).count();
        assert_eq!(current, asked);
        watching.end();
    }
}

#[test]
fn a_failure_is_told_once_and_its_end_too() {
    let failed = Reply::new(500, &json!({}));
    let site = StandIn::start(&[Reply::unread(1), failed.clone(), failed, Reply::unread(1)]);
    let folder = with_keys(&[&site.base]);
    let mut watching = Watching::start(folder.path(), &[&site.base]);
    let seen = [watching.next(), watching.next(), watching.next()];
    let errors: Vec<bool> = seen.iter().map(|line| line["error"].is_string()).collect();
    assert_eq!(errors, [false, true, false], "{seen:?}");
    assert!(seen.iter().all(|line| line["new"] == 1 && line["username"] == "ada"), "{seen:?}");
    let said = watching.end();
    assert_eq!((said.matches("it answers 500").count(), said.matches("it answers again").count()), (1, 1), "{said}");
}

//! The words: each one used, each one there, none of the words we do not say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hallpass::http::views::words::{REASONS, SCOPES};
use hallpass::model::Timestamp;

use super::samples::{NOW, days_ago, words};

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Every quoted text of the templates and of `http`: an id among them counts as used.
fn quoted() -> (BTreeSet<String>, BTreeSet<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut quoted, mut said) = (BTreeSet::new(), BTreeSet::new());
    for path in files(&root.join("templates")).into_iter().chain(files(&root.join("src/http"))) {
        if path.extension().is_some_and(|kind| kind == "ftl") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        quoted.extend(text.split('"').map(str::to_owned));
        said.extend(text.split("say(\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    }
    (quoted, said)
}

fn ids() -> BTreeSet<String> {
    let file = file("templates/words/en.ftl");
    let lines = file.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    lines.filter_map(|line| line.split_once(" =")).map(|(id, _)| id.to_owned()).collect()
}

#[test]
fn every_word_that_is_used_is_there() {
    let (_, said) = quoted();
    let missing: Vec<_> = said.difference(&ids()).filter(|id| !id.contains('{')).cloned().collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_word_that_is_there_is_used() {
    let (quoted, _) = quoted();
    let scopes = SCOPES.iter().chain(&["other"]).map(|scope| format!("scope-{scope}"));
    let refusals = REASONS.iter().chain(&["other"]).map(|reason| format!("refusal-{reason}"));
    let made: BTreeSet<_> = scopes.chain(refusals).collect();
    let unused: Vec<_> = ids().into_iter().filter(|id| !quoted.contains(id) && !made.contains(id)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_scope_and_every_reason_has_its_own_words() {
    let words = words();
    for scope in SCOPES {
        assert!(words.has(&format!("scope-{scope}")), "{scope}");
        assert!(!words.scope_short(scope).starts_with("scope-"), "{scope}");
    }
    for reason in REASONS {
        assert!(words.has(&format!("refusal-{reason}")), "{reason}");
        let refusal = words.refusal(reason, "Meadow Forum");
        let whole = format!("{} {}", refusal.happened, refusal.advice);
        assert!(refusal.happened.ends_with('.') && refusal.advice.ends_with('.'), "{whole}");
        assert!(!whole.contains("refusal-") && !whole.contains('{'), "{whole}");
    }
    assert_eq!(words.scope_label("meadow:pick"), "use “meadow:pick”, something this site added itself");
    assert_eq!(
        words.refusal("something_new", "Meadow Forum").happened,
        "The application’s request cannot be answered."
    );
}

#[test]
fn the_pages_say_application_key_and_end_access() {
    let text = file("templates/words/en.ftl");
    let said = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    for (id, sentence) in said {
        for jargon in ["client", "token", "revoke", "authoriz", "credential", "payload", "API", "OAuth"] {
            assert!(!sentence.contains(jargon), "{id}: {sentence}");
        }
    }
}

#[test]
fn days_have_their_year_and_numbers_their_groups() {
    let words = words();
    assert_eq!(words.date(days_ago(-91)), "21 February 2027");
    assert_eq!(words.exact(NOW), "22 November 2026, 09:30 UTC");
    assert_eq!(["0", "999", "2,880", "1,234,567"], [0, 999, 2880, 1_234_567].map(|number| words.number(number)));
}

#[test]
fn times_are_told_from_now_and_by_date_once_they_are_old() {
    let words = words();
    let ago = |seconds: i64| words.ago(NOW, Timestamp::from_micros(NOW.as_micros() - seconds * 1_000_000));
    let told = [ago(-5), ago(59), ago(60), ago(200), ago(3600), ago(86_400), ago(30 * 86_400), ago(31 * 86_400)];
    assert_eq!(
        told,
        [
            "just now",
            "just now",
            "1 minute ago",
            "3 minutes ago",
            "1 hour ago",
            "1 day ago",
            "30 days ago",
            "on 22 October 2026"
        ]
    );
    assert_eq!([words.span(1), words.span(40), words.span(150)], ["1 second", "40 seconds", "3 minutes"]);
}

#[test]
fn words_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*words());
}

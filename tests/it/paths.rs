//! A scope cannot be stretched by the spelling of a path (W9).

use hallpass::model::{AmbiguousPath, Method, OriginalPath, OwnScope, Rule, Scope, ScopeCatalog, ScopeLabel, Scopes};
use proptest::prelude::*;

use crate::support::tricks::{PIECES, TRICKS, WITHIN, is_within};

const REFUSED: &[(&str, AmbiguousPath)] = &[
    ("", AmbiguousPath::Relative),
    ("api/books", AmbiguousPath::Relative),
    ("*", AmbiguousPath::Relative),
    ("http://site/api/books", AmbiguousPath::Absolute),
    ("HTTPS://site/api/books", AmbiguousPath::Absolute),
    ("//site/api/books", AmbiguousPath::Host),
    ("/api%2fbooks", AmbiguousPath::EncodedSlash),
    ("/api/books%2F..%2Fadmin", AmbiguousPath::EncodedSlash),
    ("/api\\books", AmbiguousPath::Backslash),
    ("/api/books%5c..%5cadmin", AmbiguousPath::Backslash),
    ("/api/books%00", AmbiguousPath::Control),
    ("/api/books%0d%0aX:1", AmbiguousPath::Control),
    ("/api/books\n", AmbiguousPath::Control),
    ("/api/books%7f", AmbiguousPath::Control),
    ("/api/books%c2%85", AmbiguousPath::Control),
    ("/api/books x", AmbiguousPath::Unencoded),
    ("/api/caf\u{e9}", AmbiguousPath::Unencoded),
    ("/api/books#/x", AmbiguousPath::Fragment),
    ("/api/books%", AmbiguousPath::Percent),
    ("/api/books%4", AmbiguousPath::Percent),
    ("/api/books%zz", AmbiguousPath::Percent),
    ("/api/books/%u002e", AmbiguousPath::Percent),
    ("/api/books/%252e%252e/x", AmbiguousPath::EncodedTwice),
    ("/api/%2562ooks", AmbiguousPath::EncodedTwice),
    ("/api/books/%25%32%66x", AmbiguousPath::EncodedTwice),
    ("/api/books/%c0%ae%c0%ae/x", AmbiguousPath::NotUtf8),
    ("/api/books/%ff", AmbiguousPath::NotUtf8),
    ("/api/books/..", AmbiguousPath::Climbs),
    ("/api/books/../admin", AmbiguousPath::Climbs),
    ("/api/books/%2e%2e/admin", AmbiguousPath::Climbs),
    ("/api/books/.%2E/admin", AmbiguousPath::Climbs),
    ("/api/books/..;/admin", AmbiguousPath::Parameter),
    ("/api/books/.;x/admin", AmbiguousPath::Parameter),
    ("/api/books/%2e%2e%3b/admin", AmbiguousPath::Parameter),
    ("/api/books/;x/admin", AmbiguousPath::Parameter),
    ("/api/books/..%20;x/admin", AmbiguousPath::Parameter),
    ("/api/books/..%20/admin", AmbiguousPath::Dots),
    ("/api/books/%20../admin", AmbiguousPath::Dots),
    ("/api/books/.%20./admin", AmbiguousPath::Dots),
    ("/api/books/.../admin", AmbiguousPath::Dots),
    ("/api/books/..%c2%a0/admin", AmbiguousPath::Dots),
    ("/api/books/%20", AmbiguousPath::Dots),
];

const READ: &[(&str, &str)] = &[
    ("/", "/"),
    ("/.", "/"),
    ("/api/books?x=/../%zz", "/api/books"),
    ("/api/%62ooks", "/api/books"),
    ("/api//books", "/api/books"),
    ("/api/./books/", "/api/books/"),
    ("/api/books//", "/api/books/"),
    ("/api/books/%2e", "/api/books/"),
    ("/API/books", "/API/books"),
    ("/api/caf%C3%A9", "/api/caf\u{e9}"),
    ("/api/100%25", "/api/100%"),
    ("/api/..books/a%20b/.well-known", "/api/..books/a b/.well-known"),
];

#[test]
fn a_path_with_two_meanings_is_refused_w9() {
    for (path, reason) in REFUSED {
        assert_eq!(OriginalPath::parse(path), Err(*reason), "{path:?}");
    }
    assert_eq!(OriginalPath::parse(&format!("/{}", "a".repeat(8192))), Err(AmbiguousPath::TooLong));
}

#[test]
fn a_path_is_read_once_and_means_the_same_when_read_again_w9() {
    for (path, meaning) in READ {
        assert_eq!(OriginalPath::parse(path).unwrap().as_str(), *meaning, "{path:?}");
    }
}

#[test]
fn a_scope_permits_its_own_paths_and_no_neighbours() {
    let catalog = ScopeCatalog::protocol().unwrap();
    let scopes = Scopes::parse("session_info,bookmarks_calendar").unwrap();
    let permits = |method, path| catalog.permits(&scopes, method, path);
    for path in ["/session/current", "/session/current.json", "/u/ann/bookmarks.ics", "/session/%63urrent"] {
        assert!(permits(Method::Get, path), "{path}");
    }
    for path in ["/session/current/", "/Session/current", "/u//bookmarks.ics", "/u/a/b/bookmarks.ics", "/session"] {
        assert!(!permits(Method::Get, path), "{path}");
    }
    assert!(!permits(Method::Post, "/session/current") && !permits(Method::Other, "/session/current"));
}

#[test]
fn keys_with_the_same_scopes_share_one_matcher() {
    let catalog = ScopeCatalog::protocol().unwrap();
    let matcher = |names| catalog.matcher(&Scopes::parse(names).unwrap());
    let held = matcher("read,push");
    assert!(std::sync::Arc::ptr_eq(&held, &matcher("push,read")));
    assert!(!std::sync::Arc::ptr_eq(&held, &matcher("read")));
}

#[test]
fn a_rule_that_could_never_match_is_refused() {
    for rule in ["GET /a/../b", "GET /a//b", "GET /a?b", "GET /a%2fb", "GET /a/b*", "GET /**/a", "GET a", "/a"] {
        assert!(Rule::parse(rule).is_err(), "{rule}");
    }
    assert_eq!(Rule::parse("GET /caf\u{e9}"), Rule::parse("GET /caf%C3%A9"));
}

/// What a key for `books:read` permits.
fn books(path: &str) -> bool {
    let name = Scope::parse("books:read").unwrap();
    let allow = ["GET /api/books", "GET /api/books/**"].map(|rule| Rule::parse(rule).unwrap()).to_vec();
    let label = ScopeLabel::parse("Read your book list").unwrap();
    let own = OwnScope { name, label, allow, dangerous: false };
    ScopeCatalog::with(vec![own], Vec::new()).unwrap().permits(&Scopes::parse("books:read").unwrap(), Method::Get, path)
}

#[test]
fn none_of_seventy_tricks_stretches_a_scope_w10() {
    for path in WITHIN {
        assert!(books(path), "{path}");
    }
    for path in TRICKS {
        assert!(!books(path) || is_within(path), "{path}");
    }
}

proptest! {
    #[test]
    fn what_a_scope_permits_no_reader_takes_for_something_beyond_it_w10(
        pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..9)
    ) {
        let path = format!("/api/books/{}", pieces.concat());
        prop_assert!(!books(&path) || is_within(&path), "{path}");
    }
}

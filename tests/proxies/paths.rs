//! `GET /api/books` and what is below it cannot be stretched: whatever is written for a path, a request that reaches
//! the site is within the scope in every way a site might read it.

use crate::shop::Seen;
use crate::site::tricks::{self, TRICKS, WITHIN, readings};
use crate::stage::Stage;

/// Ways to ask for what is below `/api/` without seeming to.
const ROUNDABOUT: [&str; 38] = [
    "/shelf/../api/books",
    "/shelf/..;/api/books",
    "/shelf/..;a=b/api/books",
    "/shelf/%2e%2e/api/books",
    "/shelf/.%2e/api/books",
    "/shelf/%2e%2e;/api/books",
    "/shelf/..%2fapi/books",
    "/shelf/..%2Fapi%2Fbooks",
    "/shelf/%2e%2e%2fapi/books",
    "/shelf/..%5capi/books",
    "/shelf\\..\\api\\books",
    "/shelf/..\\api/books",
    "/shelf/%252e%252e/api/books",
    "/shelf/..%252fapi/books",
    "/shelf/%25252e%25252e/api/books",
    "//api/books",
    "///api//books",
    "/./api/books",
    "/.//api/books",
    "/;/api/books",
    "/.;/api/books",
    "/%2e/api/books",
    "/%2fapi/books",
    "/%5capi/books",
    "/\\api/books",
    "/%61pi/books",
    "/api%2fbooks",
    "/api;x/books",
    "/api\\books",
    "http://127.0.0.1/shelf/..%2fapi/books",
    "/API/books",
    "/aPi/books",
    "/api./books",
    "/api%20/books",
    "/api%2e%20/books",
    "/%2561pi/books",
    "/api%3b/books",
    "/api%3bx=1/books",
];

fn is_within(seen: &Seen) -> bool {
    seen.method == "GET" && tricks::is_within(&seen.target)
}

#[actix_web::test]
async fn no_trick_with_a_path_stretches_a_scope_w10() {
    let stage = Stage::new(&[("user_api.max_user_api_reqs_per_minute", "1000")]);
    let key = stage.key("deskbell-1", "books:read").await;
    for proxy in &stage.proxies {
        for target in WITHIN {
            let response = proxy.get(target, &[key.header()]);
            assert_eq!(response.status, 200, "{:?} {target}: {response:?}", proxy.proxy);
            assert!(is_within(&stage.shop.take_one()), "{target}");
        }
        for target in TRICKS {
            let response = proxy.get(target, &[key.header()]);
            let seen = stage.shop.take();
            assert_eq!(seen.len(), usize::from(response.status == 200), "{:?} {target}: {response:?}", proxy.proxy);
            assert!(seen.iter().all(is_within), "{:?} {target}: {seen:#?}", proxy.proxy);
        }
    }
}

#[actix_web::test]
async fn no_roundabout_path_gets_below_what_is_protected_without_a_key_w10() {
    let stage = Stage::protecting("/api/", &[]);
    // Some sites pass over capitals, and over blanks and dots at the end.
    let plain = |segment: &str| segment.trim_end_matches([' ', '.']).to_ascii_lowercase();
    let below =
        |seen: &Seen| readings(&seen.target).iter().any(|reading| reading.len() > 1 && plain(&reading[0]) == "api");
    for proxy in &stage.proxies {
        for target in ["/", "/shelf", "/shelf/a%20b?next=/../;//", "/apiary/bees"] {
            assert_eq!(proxy.get(target, &[]).status, 200, "{:?} {target}", proxy.proxy);
            assert!(!below(&stage.shop.take_one()), "{target}");
        }
        for target in ROUNDABOUT {
            let response = proxy.get(target, &[]);
            let seen = stage.shop.take();
            assert!(!seen.iter().any(below), "{:?} {target}: {response:?} {seen:#?}", proxy.proxy);
        }
    }
}

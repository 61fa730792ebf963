//! `GET /api/books` and what is below it cannot be stretched: whatever is written for a path, a request that reaches
//! the site is within the scope in every way a site might read it.

use crate::shop::Seen;
use crate::stage::Stage;

const WITHIN: [&str; 6] = [
    "/api/books",
    "/api/books/1",
    "/api/books/1/pages?from=2&to=%2f",
    "/api/books/a%20b",
    "/api/books/%C3%A9t%C3%A9",
    "/api/books?next=/api/users/../../x//y;z",
];

const TRICKS: [&str; 70] = [
    "/api/users",
    "/api/books/../users",
    "/api/books/./../users",
    "/api/books/%2e%2e/users",
    "/api/books/%2E%2E/users",
    "/api/books/.%2e/users",
    "/api/books/%2e./users",
    "/api/books/..%2fusers",
    "/api/books/..%2Fusers",
    "/api/books/%2e%2e%2fusers",
    "/api/books%2f..%2fusers",
    "/api/books%2f%2e%2e%2fusers",
    "/api/books/..%5cusers",
    "/api/books/..%5Cusers",
    "/api/books\\..\\users",
    "/api/books/..\\users",
    "/api\\books\\..\\users",
    "/api/books%5c..%5cusers",
    "/api/books/..;/users",
    "/api/books/..;a=b/users",
    "/api/books/;/../users",
    "/api/books;/../users",
    "/api/books/.;/../users",
    "/api/books/%2e%2e;/users",
    "/api/books/..%3b/users",
    "/api/books/..%00/users",
    "/api/books%00/../users",
    "/api/books/%00",
    "/api/users%00/api/books",
    "/api/books/..%0d/users",
    "/api/books/..%0a/users",
    "/api/books/..%09/users",
    "/api/books/..%20/users",
    "/api/books/%252e%252e/users",
    "/api/books/%252e%252e%252fusers",
    "/api/books/..%252fusers",
    "/api/books/%25%32%65%25%32%65/users",
    "/api/books/..%c0%afusers",
    "/api/books/%c0%ae%c0%ae/users",
    "/api/books/%e0%80%ae%e0%80%ae/users",
    "/api/books/..%ef%bc%8fusers",
    "/api/books/%ef%bc%8e%ef%bc%8e/users",
    "/api/books/%u002e%u002e/users",
    "/api/books/../../api/users",
    "/api/books/1/../../users",
    "/api/books/1/2/../../../users",
    "/api/books//../users",
    "/api/books/1//../../users",
    "/api//books//..//users",
    "//api/books/../users",
    "/./api/./books/./../users",
    "/../api/books/../users",
    "/api/books/..",
    "/api/books/../",
    "/api/books/.../../../users",
    "/api/books/..#/users",
    "/api/books#/../users",
    "/api/books/../users?/api/books",
    "/api/users?/../books",
    "/api/users;/../books",
    "/api/users#/api/books",
    "/API/BOOKS/../users",
    "/api/BOOKS",
    "/api/booksellers",
    "/api/books.json",
    "/api/books;json",
    "http://127.0.0.1/api/users",
    "http://127.0.0.1/api/books/../users",
    "http://127.0.0.1/api/books/..%2fusers",
    "http://other.example/api/books/%2e%2e/users",
];

/// Ways to ask for what is below `/api/` without seeming to.
const ROUNDABOUT: [&str; 30] = [
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
];

/// Every way a site might read a target: decoded or not, backslashes for slashes, parameters or what follows a NUL cut
/// off, a fragment taken for one or not; dot segments resolved last.
fn readings(target: &str) -> Vec<Vec<String>> {
    let path = target.strip_prefix("http://").map_or(target, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = path.split('?').next().unwrap();
    let cut = path.split('#').next().unwrap();
    let texts = [path, cut].into_iter().flat_map(|text| [text.to_owned(), decoded(text), decoded(&decoded(text))]);
    let changes: [fn(&str) -> String; 4] = [str::to_owned, |text| text.replace('\\', "/"), no_parameters, no_nul];
    texts.flat_map(|text| changes.map(|change| resolved(&change(&text)))).collect()
}

/// What a site reads that decodes once and does nothing odd.
pub(crate) fn plain_reading(target: &str) -> Vec<String> {
    resolved(&decoded(target.split('?').next().unwrap()))
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn no_parameters(path: &str) -> String {
    path.split('/').map(|segment| segment.split(';').next().unwrap()).collect::<Vec<_>>().join("/")
}

fn no_nul(path: &str) -> String {
    path.split('\0').next().unwrap().to_owned()
}

fn resolved(path: &str) -> Vec<String> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment.to_owned()),
        }
    }
    segments
}

fn is_within(seen: &Seen) -> bool {
    let within = |reading: &Vec<String>| reading.starts_with(&["api".to_owned(), "books".to_owned()]);
    seen.method == "GET" && readings(&seen.target).iter().all(within)
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
    let below = |seen: &Seen| readings(&seen.target).iter().any(|reading| reading.len() > 1 && reading[0] == "api");
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

//! Scripts of other origins: section 11.4 of the protocol, with our deviations.

use reqwest::Method;

use hallpass::config::{Config, Sources};

use crate::support::{Answer, TestApp, Visitor};

const APP: &str = "https://app.example";
const EXTENSION: &str = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";
const EXPOSED: &str = "RateLimit, RateLimit-Policy, Retry-After, Auth-Api-Version, Auth-Api-Device-Code, X-Request-Id";
const NOW: &str = "/session/current.json";

async fn site() -> TestApp {
    TestApp::with(&[("cors.origins", &format!("{APP}|{EXTENSION}"))]).await
}

fn from(visitor: &Visitor, origin: &str) -> Visitor {
    visitor.with("Origin", origin)
}

async fn preflight(visitor: &Visitor, origin: &str, method: &str, path: &str) -> Answer {
    let asking = from(visitor, origin).with("Access-Control-Request-Method", method);
    asking.with("Access-Control-Request-Headers", "user-api-key").request(Method::OPTIONS, path, None).await
}

fn is_closed(answer: &Answer) -> bool {
    answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-"))
}

fn is_open(answer: &Answer) -> bool {
    let allowed = answer.header("access-control-allow-origin") == APP && answer.header("vary") == "Origin";
    allowed && !answer.headers.contains_key("access-control-allow-credentials")
}

#[actix_web::test]
async fn without_origins_there_are_no_cors_headers_and_no_preflight_c294() {
    let site = TestApp::start().await;
    let program = from(&site.key("read").await, APP);
    let answer = program.get(NOW).await;
    assert!(answer.status == 200 && is_closed(&answer) && !answer.headers.contains_key("vary"), "{answer:?}");
    let asked = preflight(&site.anonymous(), APP, "GET", NOW).await;
    assert!(asked.status == 404 && is_closed(&asked), "{asked:?}");
}

#[actix_web::test]
async fn a_preflight_is_answered_before_anybody_looks_at_a_key_c296_c298_w7() {
    let site = site().await;
    for (origin, method, path) in [
        (APP, "GET", NOW),
        (EXTENSION, "GET", "/session/current"),
        (APP, "GET", "/session/csrf.json"),
        (APP, "DELETE", "/session/ada"),
        (APP, "GET", "/site/basic-info.json"),
        (APP, "GET", "/about.json"),
        (APP, "GET", "/u/ada.json"),
        (APP, "GET", "/notifications.json"),
        (APP, "PUT", "/notifications/mark-read.json"),
        (APP, "POST", "/user-api-key/revoke"),
        (APP, "POST", "/user-api-key/device.json"),
        (APP, "POST", "/user-api-key/device/poll.json"),
    ] {
        let asked = preflight(&site.anonymous().with("User-Api-Key", "no key at all"), origin, method, path).await;
        assert_eq!((asked.status, asked.body.as_str()), (200, ""), "{path}: {asked:?}");
        assert_eq!(asked.header("access-control-allow-origin"), origin, "{path}");
        assert_eq!(asked.header("access-control-max-age"), "7200");
        assert_eq!(asked.header("vary"), "Origin");
        assert!(!asked.headers.contains_key("access-control-allow-credentials"));
        let allowed = asked.header("access-control-allow-headers");
        for header in [
            "Content-Type",
            "Cache-Control",
            "X-Requested-With",
            "X-CSRF-Token",
            "Discourse-Present",
            "User-Api-Key",
            "User-Api-Client-Id",
            "Authorization",
        ] {
            assert!(allowed.split(", ").any(|one| one == header), "{header}: {allowed}");
        }
        let methods = asked.header("access-control-allow-methods");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            assert!(methods.split(", ").any(|one| one == method), "{method}: {methods}");
        }
    }
}

#[actix_web::test]
async fn a_listed_origin_reads_answers_and_what_they_say_of_limits_c296_c297_w7() {
    let site = site().await;
    let answer = from(&site.key("read").await, APP).get(NOW).await;
    assert!(answer.status == 200 && is_open(&answer), "{answer:?}");
    assert_eq!(answer.header("access-control-expose-headers"), EXPOSED);
    assert!(answer.headers.contains_key("ratelimit"));
}

#[actix_web::test]
async fn an_origin_that_is_not_listed_is_answered_with_no_other_in_its_place_c297_w7() {
    let site = site().await;
    let program = site.key("read").await;
    for origin in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null"] {
        let answer = from(&program, origin).get(NOW).await;
        assert!(
            answer.status == 200 && is_closed(&answer) && answer.header("vary") == "Origin",
            "{origin}: {answer:?}"
        );
        let asked = preflight(&site.anonymous(), origin, "GET", NOW).await;
        assert!(asked.status == 404 && is_closed(&asked), "{origin}: {asked:?}");
    }
    let answer = program.get(NOW).await;
    assert!(is_closed(&answer) && answer.header("vary") == "Origin", "a cache must tell this answer apart: {answer:?}");
}

#[actix_web::test]
async fn a_listed_origin_reads_errors_too_c297_w7() {
    let site = TestApp::with(&[("cors.origins", APP), ("user_api.max_user_api_reqs_per_minute", "1")]).await;
    let anonymous = from(&site.anonymous(), APP);
    let nobody = anonymous.get(NOW).await;
    assert!(nobody.status == 404 && is_open(&nobody), "{nobody:?}");
    let bad_key = anonymous.with("User-Api-Key", &"0".repeat(32)).get(NOW).await;
    assert!(bad_key.status == 403 && is_open(&bad_key), "{bad_key:?}");
    let signed_out = anonymous.post("/user-api-key/revoke").await;
    assert!(signed_out.status == 403 && is_open(&signed_out), "{signed_out:?}");

    let program = from(&site.key("read").await, APP);
    assert_eq!(program.get(NOW).await.status, 200);
    let limited = program.get(NOW).await;
    assert!(limited.status == 429 && is_open(&limited), "{limited:?}");
    assert_eq!(limited.header("access-control-expose-headers"), EXPOSED);
    assert!(limited.headers.contains_key("retry-after"));
}

#[actix_web::test]
async fn pages_for_people_are_closed_to_every_origin_w7() {
    let site = site().await;
    let ada = from(&site.user("ada").await, APP);
    let consent = site.client_app().path();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/login"),
        ("POST", "/login"),
        ("POST", "/session.json"),
        ("GET", consent.as_str()),
        ("GET", "/user-api-key/new.json"),
        ("POST", "/user-api-key"),
        ("POST", "/user-api-key.json"),
        ("GET", "/user-api-key/activate"),
        ("POST", "/user-api-key/activate"),
        ("POST", "/user-api-key/device/authorize"),
        ("POST", "/user-api-key/device/deny"),
        ("GET", "/user-api-key/otp"),
        ("POST", "/session/otp/0123"),
        ("POST", "/logout"),
        ("GET", "/setup/0123"),
        ("GET", "/u/ada/preferences/apps"),
        ("GET", "/u/ada/preferences/apps.json"),
        ("POST", "/u/ada/preferences/apps/1/end"),
    ] {
        let answer = ada.request(method.parse().unwrap(), path, None).await;
        assert!(is_closed(&answer), "{method} {path}: {answer:?}");
        let asked = preflight(&site.anonymous(), APP, method, path).await;
        assert!(asked.status == 404 && is_closed(&asked), "{method} {path}: {asked:?}");
    }
}

#[actix_web::test]
async fn what_the_service_speaks_can_be_asked_without_opening_the_consent_page_w7() {
    let site = site().await;
    let answer = from(&site.anonymous(), APP).head("/user-api-key/new").await;
    assert!(answer.status == 200 && is_open(&answer), "{answer:?}");
    assert_eq!(answer.header("auth-api-version"), "4");
    assert_eq!(preflight(&site.anonymous(), APP, "HEAD", "/user-api-key/new").await.status, 200);
}

#[actix_web::test]
async fn under_a_path_the_same_routes_are_open_c296() {
    let site = TestApp::with(&[("cors.origins", APP), ("server.public_url", "http://{public}/hall")]).await;
    let asked = preflight(&site.anonymous(), APP, "GET", NOW).await;
    assert!(asked.status == 200 && is_open(&asked), "{asked:?}");
}

#[test]
fn origins_are_kept_as_browsers_send_them() {
    let given = "HTTPS://App.Example|https://a.example:443|http://localhost:3000|http://[::1]:8080\
                 |moz-extension://0b5e4b1c-7d2f-4c6e-9f59-0d4f1f1f0a11|safari-web-extension://ABCD";
    let config = self::config(given).unwrap();
    let kept: Vec<_> = config.cors.origins.iter().map(ToString::to_string).collect();
    assert_eq!(
        kept,
        [
            "https://app.example",
            "https://a.example",
            "http://localhost:3000",
            "http://[::1]:8080",
            "moz-extension://0b5e4b1c-7d2f-4c6e-9f59-0d4f1f1f0a11",
            "safari-web-extension://abcd",
        ]
    );
}

#[test]
fn what_no_browser_sends_as_an_origin_is_a_fault_with_a_remedy_w7() {
    for (origin, told) in [
        ("*", "list each origin by itself"),
        ("https://*.example", "list each origin by itself"),
        ("null", "nobody's"),
        ("app.example", "no scheme"),
        ("https://app.example/", "no slash at its end"),
        ("https://app.example/path", "no path"),
        ("https://app.example?", "no path"),
        ("https://ada@app.example", "no user name"),
        ("ftp://app.example", "only http, https"),
        ("file:///x", "no host"),
        ("chrome-extension://abc:80", "no port"),
        ("https://bücher.example", "xn--"),
    ] {
        let faults = config(origin).unwrap_err();
        assert!(faults.contains(told) && faults.contains("cors.origins"), "{origin}: {faults}");
    }
}

fn config(origins: &str) -> Result<Config, String> {
    let flags = vec![("cors.origins".to_owned(), origins.to_owned())];
    Config::load(&Sources { flags, ..Sources::default() }).map_err(|faults| faults.to_string())
}

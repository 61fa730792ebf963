//! How a key is presented, and what is said of one that is not good.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::said;
use crate::support::{Answer, TestApp, Visitor};

const SENTENCE: &str = "You are not permitted to view the requested resource.";

#[actix_web::test]
async fn the_key_goes_before_the_session_and_a_bad_one_fails_a_good_session_c269() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    let bob = site.user("bob").await;
    let name = |answer: &Answer| answer.json()["current_user"]["username"].as_str().unwrap().to_owned();
    assert_eq!(name(&bob.get("/session/current.json").await), "bob");

    let key = key_of(&site, "bob").await;
    let both = program.with("User-Api-Key", &key).get("/session/current.json").await;
    assert_eq!(name(&both), "bob");
    let ada = site.sign_in("ada").await.with("User-Api-Key", &key).get("/session/current.json").await;
    assert_eq!((name(&ada), ada.header("x-discourse-username")), ("bob".to_owned(), "bob"));

    let bad = bob.with("User-Api-Key", &"0".repeat(32)).get("/session/current.json").await;
    assert_eq!((bad.status, bad.header("x-discourse-username")), (403, ""));
}

async fn key_of(site: &TestApp, name: &str) -> String {
    let user = site.sign_in(name).await;
    site.client_app().set("client_id", &format!("of-{name}")).approved_by(&user).await.key
}

#[actix_web::test]
async fn a_key_is_never_read_from_a_query_or_a_body_c270_k4() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().scopes("read,write").approved_by(&ada).await.key;
    let nobody = site.anonymous();
    for name in ["user_api_key", "User-Api-Key", "user-api-key", "api_key"] {
        for key in [key.as_str(), "no key at all"] {
            let answer = nobody.get(&format!("/session/current.json?{name}={}", key.replace(' ', "+"))).await;
            assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{name}");
        }
        let feed = nobody.get(&format!("/u/ada/bookmarks.ics?{name}={key}")).await;
        assert_eq!(feed.status, 404, "{name}");
        let posted = nobody.json().post_form("/user-api-key/revoke", &[(name, key.as_str())]).await;
        assert_eq!((posted.status, &posted.json()["error_type"]), (403, &json!("not_logged_in")), "{name}");
    }
    assert_eq!(ada.holder_of(&key).get("/session/current.json").await.status, 200);
}

/// Programs with keys that are not good, each in its own way, and one word about each.
async fn bad(site: &TestApp) -> Vec<(&'static str, Visitor)> {
    let ada = site.user("ada").await;
    let application = |id: &str| site.client_app().set("client_id", id);
    let good = application("good").approved_by(&ada).await.key;
    let revoked = ada.holder_of(&application("revoked").approved_by(&ada).await.key);
    assert_eq!(revoked.post("/user-api-key/revoke").await.status, 200);
    let expired = application("expired").set("expires_in_seconds", "60").approved_by(&ada).await.key;
    site.clock.advance(Duration::from_mins(1));
    vec![
        ("unknown", ada.holder_of(&"0".repeat(32))),
        ("revoked", revoked),
        ("expired", ada.holder_of(&expired)),
        ("upper case", ada.holder_of(&good.to_uppercase())),
        ("cut off", ada.holder_of(&good[1..])),
        ("empty", ada.holder_of("")),
        ("no text", ada.with("User-Api-Key", "\u{fffd}")),
    ]
}

#[actix_web::test]
async fn keys_that_are_not_good_are_refused_alike_on_every_path_c271_k3() {
    let site = TestApp::start().await;
    let bad = bad(&site).await;
    for path in ["/session/current", "/about", "/nowhere", "/user-api-key/new", "/static/icon.svg", "/"] {
        let mut answers = Vec::new();
        for (which, program) in &bad {
            let plain = program.get(path).await;
            assert_eq!((plain.status, plain.body.as_str()), (403, SENTENCE), "{which} at {path}");
            assert_eq!(plain.header("content-type"), "text/plain; charset=utf-8");
            let json = program.json().get(path).await;
            assert_eq!(json.json(), json!({ "errors": [SENTENCE], "error_type": "invalid_access" }), "{which}");
            assert_eq!(json.header("content-type"), "application/json; charset=utf-8");
            answers.push([said(&plain), said(&json)]);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}: {answers:#?}");
    }
}

#[actix_web::test]
async fn who_presents_a_key_reads_what_is_wrong_as_json_without_json_in_the_path_too_c013_c276() {
    let site = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "100")]).await;
    let key = site.key("session_info").await.sent("User-Api-Key");
    for header in ["User-Api-Key", "XF-Api-Key"] {
        let program = site.anonymous().with(header, &key);
        for (method, path) in [
            (Method::GET, "/notifications"),
            (Method::PUT, "/notifications/read"),
            (Method::POST, "/message-bus/a/poll"),
            (Method::GET, "/nowhere"),
        ] {
            let with = program.request(method.clone(), &format!("{path}.json"), None).await;
            for asking in [&program, &program.html()] {
                let without = asking.request(method.clone(), path, None).await;
                assert_eq!(without.header("content-type"), "application/json; charset=utf-8", "{path}: {without:?}");
                assert_eq!((without.status, without.json()), (with.status, with.json()), "{path}");
            }
        }
    }
}

#[actix_web::test]
async fn a_refused_key_is_not_charged_c271() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let first = program.get("/about.json").await;
    assert!(first.header("ratelimit").starts_with("\"minute\";r=19;"), "{first:?}");
    let id = site.number("SELECT id FROM user_api_keys").unwrap().to_string();
    let ada = ada.csrf().await;
    ada.post_form("/user-api-key/revoke", &[("id", &id)]).await;
    for _ in 0..5 {
        let refused = program.get("/about.json").await;
        assert_eq!((refused.status, refused.header("ratelimit")), (403, ""));
    }
    ada.post_form("/user-api-key/undo-revoke", &[("id", &id)]).await;
    let again = program.get("/about.json").await;
    assert!(again.header("ratelimit").starts_with("\"minute\";r=18;"), "{again:?}");
}

#[actix_web::test]
async fn a_key_with_another_shape_costs_no_query_k1() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    site.execute("ALTER TABLE user_api_keys RENAME TO elsewhere").await;
    let looked_up = program.get("/about.json").await;
    assert_eq!(looked_up.status, 500, "the test knows a look-up when it sees one: {looked_up:?}");
    let long = "0123456789abcdef".repeat(200);
    let g = "g".repeat(32);
    for key in ["", "0", &"0".repeat(31), &"0".repeat(33), &"A".repeat(32), &g, &long, "' OR 1 = 1 --"] {
        assert_eq!(program.with("User-Api-Key", key).get("/about.json").await.status, 403, "{key:?}");
    }
}

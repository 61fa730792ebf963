//! `/verify.json` and `/introspect`, as the site's back end asks them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::support::redis::Redis;
use crate::support::server::Server;
use crate::support::{Answer, TestApp, Visitor};

const SECRET: &str = "a secret of more than thirty-two characters";

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

async fn start(more: &[(&str, &str)]) -> (TestApp, String) {
    let site = TestApp::with(&[&[("verify.secret", SECRET)], more].concat()).await;
    site.account("ada", |ada| ada.name = "Ada".to_owned()).await;
    let ada = site.sign_in("ada").await;
    let application = site.client_app().scopes("notifications").set("client_id", "deskbell-7");
    let key = application.approved_by(&ada).await.key;
    (site, key)
}

fn back_end(site: &TestApp) -> Visitor {
    Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"))
}

async fn ask(site: &TestApp, key: &str, uri: &str) -> Value {
    let answer = back_end(site).post_json("/verify.json", &json!({ "key": key, "method": "GET", "uri": uri })).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn introspect(site: &TestApp, token: &str) -> Answer {
    back_end(site).post_form("/introspect", &[("token", token), ("token_type_hint", "access_token")]).await
}

#[actix_web::test]
async fn a_good_key_is_described_with_what_its_limits_have_left_l2() {
    let (site, key) = start(&[]).await;
    assert_eq!(
        ask(&site, &key, "/notifications").await,
        json!({
            "valid": true,
            "code": "valid",
            "key_id": 1,
            "user": { "id": 1, "username": "ada", "name": "Ada", "email": null, "groups": ["trust_level_0"] },
            "scopes": ["notifications"],
            "client_id": "deskbell-7",
            "application_name": "Deskbell",
            "expires_at": null,
            "limits": {
                "minute": { "limit": 20, "remaining": 19, "reset": 60 },
                "day": { "limit": 2880, "remaining": 2879, "reset": 86400 },
            },
        })
    );
}

#[actix_web::test]
async fn every_verdict_has_its_code_and_is_a_200_k3_k11() {
    let (site, key) = start(&[("user_api.max_user_api_reqs_per_minute", "4")]).await;
    let code = async |key: &str, uri: &str| ask(&site, key, uri).await["code"].as_str().unwrap().to_owned();
    assert_eq!(code("nonsense", "/").await, "malformed");
    assert_eq!(code(&"0".repeat(32), "/").await, "unknown");
    assert_eq!(code(&key, "/admin").await, "scope");
    assert_eq!(code(&key, "/notifications/%2e%2e").await, "ambiguous");
    site.execute("UPDATE users SET suspended_at = 1").await;
    assert_eq!(code(&key, "/notifications").await, "suspended");
    site.execute("UPDATE users SET suspended_at = NULL").await;
    assert_eq!(code(&key, "/notifications").await, "valid");
    let limited = ask(&site, &key, "/notifications").await;
    assert_eq!((&limited["code"], &limited["retry_after"]), (&json!("limited_minute"), &json!(60)));
    assert_eq!(limited["limits"]["minute"]["remaining"], 0);
    site.execute("UPDATE user_api_keys SET expires_at = 1").await;
    assert_eq!(code(&key, "/notifications").await, "expired");
    site.execute("UPDATE user_api_keys SET revoked_at = 1").await;
    assert_eq!(code(&key, "/notifications").await, "revoked");
}

#[actix_web::test]
async fn what_is_missing_or_wrong_in_the_question_is_named() {
    let (site, key) = start(&[]).await;
    for (body, named) in [
        (json!({ "method": "GET", "uri": "/" }), "key"),
        (json!({ "key": key, "uri": "/" }), "method"),
        (json!({ "key": key, "method": "GET" }), "uri"),
        (json!({ "key": key, "method": "GET", "uri": "/", "address": "home" }), "address"),
    ] {
        let answer = back_end(&site).post_json("/verify.json", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.body.contains(named), "{answer:?}");
    }
}

#[actix_web::test]
async fn a_key_in_the_address_is_not_read_k4() {
    let (site, key) = start(&[]).await;
    for (path, name) in [("/verify.json", "key"), ("/introspect", "token")] {
        let address = format!("{path}?{name}={key}");
        let answer = back_end(&site).post_form(&address, &[("method", "GET"), ("uri", "/notifications")]).await;
        assert_eq!((answer.status, answer.json()["reason"].as_str()), (400, Some("query_not_read")), "{answer:?}");
        assert!(answer.body.contains("in the body") && !answer.body.contains(&key), "{answer:?}");
    }
}

#[actix_web::test]
async fn introspection_says_whose_a_key_is_and_charges_nothing_l7() {
    let (site, key) = start(&[]).await;
    for _ in 0..30 {
        assert_eq!(introspect(&site, &key).await.json()["active"], true);
    }
    let answer = introspect(&site, &key).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = site.number("SELECT created_at / 1000000 FROM user_api_keys").unwrap();
    assert_eq!(
        answer.json(),
        json!({
            "active": true, "scope": "notifications", "client_id": "deskbell-7", "username": "ada",
            "token_type": "user_api_key", "iat": made, "sub": "1", "iss": site.base, "jti": "1",
        })
    );
    for token in ["nonsense", &"0".repeat(32)] {
        assert_eq!(introspect(&site, token).await.json(), json!({ "active": false }));
    }
    site.execute("UPDATE users SET suspended_at = 1").await;
    assert_eq!(introspect(&site, &key).await.json(), json!({ "active": false }));
    assert_eq!(back_end(&site).post_form("/introspect", &[("x", "y")]).await.status, 400);
}

#[actix_web::test]
async fn who_does_not_send_the_secret_is_told_how_l7() {
    let (site, key) = start(&[]).await;
    let nobody = Visitor::new(&site.internal);
    for path in ["/verify.json", "/introspect"] {
        for asked in
            [nobody.json(), nobody.with("Authorization", "Bearer guessed"), nobody.with("Hallpass-Secret", SECRET)]
        {
            let answer = asked.post_form(path, &[("token", key.as_str())]).await;
            assert_eq!(
                (answer.status, answer.header("www-authenticate")),
                (401, "Bearer realm=\"hallpass\""),
                "{path}"
            );
        }
    }
    let basic = BASE64_STANDARD.encode(format!("books:{SECRET}"));
    let asked = nobody.with("Authorization", &format!("Basic {basic}"));
    assert_eq!(asked.post_form("/introspect", &[("token", key.as_str())]).await.json()["active"], true);

    let shut = TestApp::start().await;
    let nobody = Visitor::new(&shut.internal);
    for value in ["Bearer ", "Basic Og==", "Bearer x"] {
        let answer = nobody.with("Authorization", value).post_form("/introspect", &[("token", "x")]).await;
        assert_eq!(answer.status, 401, "without a secret nobody has it: {value}");
    }
}

#[actix_web::test]
async fn what_kept_it_from_an_answer_is_in_the_log_and_not_in_the_answer() {
    let server = Server::start(&[("verify.secret", SECRET)]);
    server.database().execute("ALTER TABLE user_api_keys RENAME TO elsewhere");
    let back_end = Visitor::new(&server.internal).with("Authorization", &format!("Bearer {SECRET}"));
    let back_end = back_end.with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    let question = json!({ "key": "0".repeat(32), "method": "GET", "uri": "/" });
    for answer in [
        back_end.post_json("/verify.json", &question).await,
        back_end.post_form("/introspect", &[("token", "0".repeat(32).as_str())]).await,
    ] {
        assert_eq!((answer.status, answer.header("x-request-id")), (500, ""));
        assert!(!answer.body.contains("user_api_keys"), "{answer:?}");
    }
    let log = server.stop();
    for path in ["/verify.json", "/introspect"] {
        let span = format!("request{{trace_id=\"{TRACE}\" path=\"{path}\"}}");
        let told = |line: &str| ["the request failed", "user_api_keys", &span].iter().all(|part| line.contains(part));
        assert_eq!(log.lines().filter(|line| told(line)).count(), 1, "{log}");
    }
}

/// A back end must not take what is gone for a bad key.
#[actix_web::test]
async fn what_cannot_be_counted_is_a_503_and_no_verdict_l5() {
    let mut redis = Redis::on_disk();
    let (site, key) = start(&[("limits.url", &redis.url()), ("limits.on_failure", "refuse")]).await;
    assert_eq!(ask(&site, &key, "/notifications").await["valid"], true);
    redis.stop();
    let asked = json!({ "key": key, "method": "GET", "uri": "/notifications" });
    let answer = back_end(&site).post_json("/verify.json", &asked).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{answer:?}");
}

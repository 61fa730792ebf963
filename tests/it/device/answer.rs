//! `POST /user-api-key/device/authorize` and `/deny`, and the tokens they go by.

use std::time::Duration;

use serde_json::json;

use super::{Codes, allow, ask, authorize, complete, deny, enter, expired, poll, status, token};
use crate::support::{TestApp, Visitor};

const AUTHORIZE: &str = "/user-api-key/device/authorize.json";
const DENY: &str = "/user-api-key/device/deny.json";

async fn pending(site: &TestApp, codes: &Codes) {
    assert_eq!(status(&site.anonymous(), codes).await, "authorization_pending");
}

/// A new session of somebody who has one.
async fn elsewhere(site: &TestApp, name: &str) -> Visitor {
    site.sign_in(name).await
}

#[actix_web::test]
async fn a_stranger_may_not_answer_and_a_page_needs_its_token_c165_c025() {
    let site = TestApp::start().await;
    let codes = ask(&site, &site.client_app()).await;
    let ada = site.user("ada").await;
    let token = token(&ada, &codes).await;
    for path in [AUTHORIZE, DENY] {
        let answer = site.anonymous().post_form(path, &[("approval_token", &token)]).await;
        assert_eq!((answer.status, &answer.json()["error_type"]), (403, &json!("not_logged_in")));
        let answer = ada.post_form(path, &[("approval_token", &token)]).await;
        assert_eq!((answer.status, answer.body.as_str()), (403, "[\"BAD CSRF\"]"));
    }
    pending(&site, &codes).await;
}

#[actix_web::test]
async fn who_may_let_nothing_in_is_refused_before_any_token_is_looked_at_but_may_deny_c166_c182() {
    let site = TestApp::start().await;
    let id = site.account("ada", |_| {}).await;
    let ada = site.sign_in("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let token = token(&ada, &codes).await;
    // The rules are read at start: a second process, in which this group is gone.
    let strict = TestApp::with(&[("user_api.user_api_key_allowed_groups", "trust_level_4")]).await;
    let bob = strict.user("bob").await;
    for fields in [vec![], vec![("approval_token", "x")]] {
        let answer = authorize(&bob, &fields).await;
        assert_eq!((answer.status, &answer.json()["error_type"]), (403, &json!("invalid_access")), "{id}");
    }
    assert_eq!(deny(&bob, &[("approval_token", "x")]).await.json(), expired());
    assert_eq!(deny(&ada, &[("approval_token", &token)]).await.json(), complete(true));
}

#[actix_web::test]
async fn yes_makes_the_key_and_forgets_the_users_side_c167_c178_c190() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let token = token(&ada, &codes).await;
    let answer = authorize(&ada, &[("approval_token", &token)]).await;
    assert_eq!((answer.status, answer.json()), (200, complete(false)));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(enter(&ada, &codes.user).await.json(), super::invalid());
    let link = format!("/user-api-key/activate.json?request={}", codes.request);
    assert_eq!(ada.get(&link).await.json(), expired());
    assert_eq!(status(&site.anonymous(), &codes).await, "authorized");
}

#[actix_web::test]
async fn a_missing_token_is_named_and_an_unknown_one_over_c168_c169_c180_c181() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for path in [AUTHORIZE, DENY] {
        let answer = ada.csrf().await.post_form(path, &[("approval_token", " ")]).await;
        let sentence = "param is missing or the value is empty or invalid: approval_token";
        assert_eq!((answer.status, answer.json()), (400, json!({ "errors": [sentence] })));
        for wrong in ["x".to_owned(), "0".repeat(64)] {
            let answer = ada.csrf().await.post_form(path, &[("approval_token", wrong)]).await;
            assert_eq!((answer.status, answer.json()), (200, expired()));
        }
    }
}

#[actix_web::test]
async fn a_token_is_good_for_ten_minutes_and_ten_to_a_session_c162() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let mut all = Vec::new();
    for number in 0..11 {
        let codes = ask(&site, &site.client_app().set("client_id", &format!("client {number}"))).await;
        all.push((token(&ada, &codes).await, codes));
        site.clock.advance(Duration::from_secs(10));
    }
    let (first, codes) = &all[0];
    assert_eq!(authorize(&ada, &[("approval_token", first)]).await.json(), expired());
    pending(&site, codes).await;
    let (second, _) = &all[1];
    assert_eq!(authorize(&ada, &[("approval_token", second)]).await.json(), complete(false));

    site.clock.advance(Duration::from_mins(10));
    let (third, _) = &all[2];
    assert_eq!(authorize(&ada, &[("approval_token", third)]).await.json(), expired());
}

#[actix_web::test]
async fn a_token_is_of_one_user_and_one_session_c163_c9() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let codes = ask(&site, &site.client_app()).await;
    let token = token(&ada, &codes).await;
    for other in [bob, elsewhere(&site, "ada").await] {
        assert_eq!(authorize(&other, &[("approval_token", &token)]).await.json(), expired());
        assert_eq!(deny(&other, &[("approval_token", &token)]).await.json(), expired());
    }
    pending(&site, &codes).await;
    assert_eq!(authorize(&ada, &[("approval_token", &token)]).await.json(), complete(false));
}

#[actix_web::test]
async fn a_request_and_its_code_answer_in_one_step_c170() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let fields = [("request", codes.request.as_str()), ("code", &codes.user), ("approval_token", "not looked at")];
    assert_eq!(authorize(&ada, &fields).await.json(), complete(false));
    assert_eq!(status(&site.anonymous(), &codes).await, "authorized");
}

#[actix_web::test]
async fn a_request_with_another_code_stays_open_c171_c172() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (codes, other) = (ask(&site, &site.client_app()).await, ask(&site, &site.client_app()).await);
    for wrong in ["", "AAAA-AAAA", &other.user] {
        let answer = authorize(&ada, &[("request", &codes.request), ("code", wrong)]).await;
        let model = answer.json();
        assert_eq!((answer.status, &model["state"], &model["invalid_code"]), (200, &json!("authorize"), &json!(true)));
        assert_eq!((&model["request_token"], &model["approval_token"]), (&json!(codes.request), &json!(null)));
        assert_eq!(model["device_auth"]["application_name"], "Deskbell");
        assert!(!answer.body.contains(&codes.user), "{answer:?}");
    }
    for codes in [&codes, &other] {
        pending(&site, codes).await;
    }
    for bad in ["short", "abcdefgh"] {
        let answer = authorize(&ada, &[("request", bad), ("code", &codes.user)]).await;
        assert_eq!(answer.json(), expired());
    }
    // A wrong code bound nothing.
    allow(&site.user("bob").await, &codes).await;
}

#[actix_web::test]
async fn what_was_answered_or_is_over_cannot_be_allowed_c174() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let [allowed, denied, late] = [
        ask(&site, &site.client_app()).await,
        ask(&site, &site.client_app()).await,
        ask(&site, &site.client_app()).await,
    ];
    let twice = [token(&ada, &allowed).await, token(&ada, &allowed).await];
    let no = [token(&ada, &denied).await, token(&ada, &denied).await];
    let over = token(&ada, &late).await;
    assert_eq!(authorize(&ada, &[("approval_token", &twice[0])]).await.json(), complete(false));
    assert_eq!(deny(&ada, &[("approval_token", &no[0])]).await.json(), complete(true));
    for token in [&twice[0], &twice[1], &no[0], &no[1]] {
        assert_eq!(authorize(&ada, &[("approval_token", token)]).await.json(), expired());
    }
    let both = [("request", allowed.request.as_str()), ("code", &allowed.user)];
    assert_eq!(authorize(&ada, &both).await.json(), expired());
    site.clock.advance(Duration::from_mins(10));
    assert_eq!(authorize(&ada, &[("approval_token", &over)]).await.json(), expired());
}

#[actix_web::test]
async fn of_many_answers_at_once_one_makes_a_key_c174_c175() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let mut tokens = Vec::new();
    for _ in 0..8 {
        tokens.push(token(&ada, &codes).await);
    }
    let mut tries = Vec::new();
    for token in tokens {
        let ada = ada.csrf().await;
        tries.push(actix_web::rt::spawn(
            async move { ada.post_form(AUTHORIZE, &[("approval_token", token)]).await.json() },
        ));
    }
    let mut done = 0;
    for one in tries {
        let answer = one.await.unwrap();
        assert!(answer == complete(false) || answer == expired(), "{answer}");
        done += usize::from(answer == complete(false));
    }
    assert_eq!(done, 1);
    let issued = site.app.cx.store.read(hallpass::store::list_audit_lines).await.unwrap();
    assert_eq!(issued.iter().filter(|line| line.0 == "key_issued").count(), 1);
}

#[actix_web::test]
async fn a_request_is_judged_again_when_it_is_answered_and_stays_open_c176() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().scopes("read,write").set("expires_in_seconds", "864000");
    let codes = ask(&site, &application).await;
    let token = token(&ada, &codes).await;
    for (setting, value, status, error) in [
        ("user_api.allow_user_api_key_scopes", "read", 403, "invalid_access"),
        ("user_api.max_user_api_key_expiry_days", "1", 400, "invalid_parameters"),
        ("user_api.min_user_api_rsa_bits", "3072", 400, "invalid_parameters"),
    ] {
        let later = site.beside(&[(setting, value)]).await;
        let there = ada.at(&later.base);
        let answer = authorize(&there, &[("approval_token", &token)]).await;
        assert_eq!((answer.status, &answer.json()["error_type"]), (status, &json!(error)), "{setting}");
    }
    pending(&site, &codes).await;
    assert_eq!(authorize(&ada, &[("approval_token", &token)]).await.json(), complete(false));
}

#[actix_web::test]
async fn the_new_key_takes_the_place_of_the_users_last_one_for_that_application_c177() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let application = site.client_app();
    let bobs = bob.holder_of(&application.approved_by(&bob).await.key);
    application.approved_by(&ada).await;
    let push = "https://push.example/publish";
    let application = application.set("application_name", "Doorbell").scopes("read,push").set("push_url", push);
    let codes = ask(&site, &application).await;
    allow(&ada, &codes).await;
    let payload = poll(&site.anonymous(), &codes).await["payload"].as_str().unwrap().to_owned();
    let key = ada.holder_of(&application.decrypt(&payload).key);
    assert_eq!(key.get("/session/current.json").await.status, 200);
    assert_eq!(bobs.get("/session/current.json").await.status, 200);
    let id = hallpass::model::UserId::parse(1).unwrap();
    let keys = site.app.cx.store.read(move |c| hallpass::store::list_keys(c, id)).await.unwrap();
    let newest = keys.iter().max_by_key(|key| key.id).unwrap();
    assert_eq!(newest.application_name.as_str(), "Doorbell");
    assert_eq!(newest.push_url.as_ref().unwrap().as_str(), push);
    let client = hallpass::model::ClientId::parse("deskbell-1").unwrap();
    let client = site.app.cx.store.read(move |c| hallpass::store::find_client(c, &client)).await.unwrap();
    assert_eq!(client.unwrap().application_name.as_str(), "Deskbell", "the client keeps its name");
}

#[actix_web::test]
async fn no_needs_an_approval_token_and_no_link_will_do_c179() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let token = token(&ada, &codes).await;
    for request in [codes.request.as_str(), "", "x"] {
        let answer = deny(&ada, &[("request", request), ("approval_token", &token)]).await;
        assert_eq!((answer.status, answer.json()), (200, expired()), "{request:?}");
    }
    pending(&site, &codes).await;
}

#[actix_web::test]
async fn no_twice_is_no_and_each_no_costs_its_token_c164_c183() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let tokens = [token(&ada, &codes).await, token(&ada, &codes).await];
    for token in &tokens {
        assert_eq!(deny(&ada, &[("approval_token", token)]).await.json(), complete(true));
    }
    for token in &tokens {
        assert_eq!(deny(&ada, &[("approval_token", token)]).await.json(), expired());
    }
    assert_eq!(status(&site.anonymous(), &codes).await, "access_denied");
}

#[actix_web::test]
async fn an_allowed_request_cannot_be_denied_any_more_c184() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let [yes, no] = [token(&ada, &codes).await, token(&ada, &codes).await];
    assert_eq!(authorize(&ada, &[("approval_token", &yes)]).await.json(), complete(false));
    assert_eq!(deny(&ada, &[("approval_token", &no)]).await.json(), expired());
    assert_eq!(status(&site.anonymous(), &codes).await, "authorized");
}

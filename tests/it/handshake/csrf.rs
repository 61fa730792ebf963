//! Who may ask for a change (section 1.3).

use super::{keys_of, kind, works};
use crate::support::{Answer, TestApp, Visitor};

const CHANGES: [&str; 3] = ["/user-api-key", "/user-api-key/revoke", "/user-api-key/undo-revoke"];

fn bad_csrf(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (403, "[\"BAD CSRF\"]"), "{answer:?}");
    assert_eq!(answer.header("content-type").split(';').next(), Some("text/plain"));
}

/// Asks for each change in each format.
async fn everywhere(visitor: &Visitor, fields: &[(String, String)], check: impl Fn(&Answer)) {
    for path in CHANGES {
        check(&visitor.post_form(path, fields).await);
        check(&visitor.html().post_form(path, fields).await);
        check(&visitor.post_form(&format!("{path}.json"), fields).await);
    }
}

#[actix_web::test]
async fn a_session_changes_nothing_without_its_token_c025_w3() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let key = site.client_app().approved_by(&ada).await.key;
    let id = keys_of(&site, "ada").await[0].id.get().to_string();
    let mut fields = site.client_app().set("id", &id).set("nonce", "n2").fields().to_vec();
    everywhere(&ada, &fields, bad_csrf).await;
    everywhere(&ada.with("X-CSRF-Token", ""), &fields, bad_csrf).await;
    everywhere(&ada.with("X-CSRF-Token", "0123456789abcdef"), &fields, bad_csrf).await;
    let of_bob = bob.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    everywhere(&ada.with("X-CSRF-Token", &of_bob), &fields, bad_csrf).await;
    fields.push(("authenticity_token".into(), of_bob));
    everywhere(&ada, &fields, bad_csrf).await;
    assert!(works(&ada, &key).await);
    assert_eq!((keys_of(&site, "ada").await.len(), keys_of(&site, "bob").await.len()), (1, 0));
}

#[actix_web::test]
async fn a_good_token_from_another_site_counts_for_nothing_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let fields = site.client_app().fields().to_vec();
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ] {
        everywhere(&ada.with(name, value), &fields, bad_csrf).await;
    }
    assert!(keys_of(&site, "ada").await.is_empty());
    let own = ada.with("Origin", &site.base).with("Sec-Fetch-Site", "same-origin");
    assert_eq!(own.post_form("/user-api-key.json", &fields).await.status, 200);
}

#[actix_web::test]
async fn the_token_may_stand_in_the_header_or_in_the_form_c025() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().approved_by(&ada).await;
    let id = keys_of(&site, "ada").await[0].id.get().to_string();
    let token = ada.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    let in_form = [("id", id.as_str()), ("authenticity_token", token.as_str())];
    assert_eq!(ada.post_form("/user-api-key/revoke.json", &in_form).await.status, 200);
    let by_header = ada.with("X-CSRF-Token", &token);
    assert_eq!(by_header.post_form("/user-api-key/undo-revoke.json", &[("id", &id)]).await.status, 200);
}

#[actix_web::test]
async fn a_program_with_a_key_needs_no_token_c026() {
    let site = TestApp::start().await;
    let program = site.key("write").await;
    let app = site.client_app().set("client_id", "another");
    let issued = program.post_form("/user-api-key.json", app.fields()).await;
    assert_eq!(issued.status, 200, "{issued:?}");
    assert!(works(&program, &app.decrypt(issued.json()["payload"].as_str().unwrap()).key).await);
    let key = keys_of(&site, "ada").await.into_iter().find(|key| key.client_id.as_str() == "another").unwrap();
    let id = [("id", key.id.get().to_string())];
    assert_eq!(program.post_form("/user-api-key/revoke", &id).await.status, 200);
    assert_eq!(program.post_form("/user-api-key/undo-revoke", &id).await.status, 200);
}

#[actix_web::test]
async fn nobody_is_told_to_sign_in_c027_c057() {
    let site = TestApp::start().await;
    for anybody in [site.anonymous(), site.anonymous().csrf().await] {
        let script = anybody.with("X-Requested-With", "XMLHttpRequest");
        for path in CHANGES {
            let twin = anybody.post_form(&format!("{path}.json"), site.client_app().fields()).await;
            for answer in [twin, anybody.json().post(path).await, script.post(path).await] {
                assert_eq!(kind(&answer), (403, "not_logged_in".into()), "{path}");
            }
            let page = anybody.html().post(path).await;
            assert_eq!((page.status, page.header("content-type")), (403, "text/html; charset=utf-8"));
            assert_eq!(page.header("location"), "");
        }
    }
}

//! That changes are asked for on our own pages.

use super::is_signed_in;
use crate::support::{Answer, PASSWORD, TestApp, Visitor};

const SIGN_IN: [(&str, &str); 2] = [("login", "ada"), ("password", PASSWORD)];

fn refused(answer: &Answer) -> bool {
    let kind = answer.header("content-type");
    (answer.status, answer.body.as_str(), kind) == (403, "[\"BAD CSRF\"]", "text/plain; charset=utf-8")
}

async fn token(visitor: &Visitor) -> String {
    visitor.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn signing_in_needs_the_token_of_this_very_browser_w3() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let (browser, other) = (site.anonymous(), site.anonymous());
    let (own, foreign) = (token(&browser).await, token(&other).await);
    assert!(refused(&site.anonymous().post_form("/session.json", &SIGN_IN).await));
    for wrong in ["", "nonsense", &foreign, &own[1..]] {
        let asking = browser.with("X-CSRF-Token", wrong);
        assert!(refused(&asking.post_form("/session.json", &SIGN_IN).await), "{wrong}");
        let [login, password] = SIGN_IN;
        let fields = [("authenticity_token", wrong), login, password];
        assert!(refused(&browser.post_form("/session.json", &fields).await), "{wrong}");
    }
    assert!(!is_signed_in(&browser).await);
    let [login, password] = SIGN_IN;
    let fields = [("authenticity_token", own.as_str()), login, password];
    assert!(browser.post_form("/session.json", &fields).await.json()["user"].is_object());
    assert!(is_signed_in(&browser).await);
}

#[actix_web::test]
async fn a_token_ends_with_the_session_it_hangs_on_w3_w4() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let browser = site.anonymous();
    let before = token(&browser).await;
    browser.with("X-CSRF-Token", &before).post_form("/session.json", &SIGN_IN).await;
    let during = token(&browser).await;
    assert_ne!(before, during);
    assert!(refused(&browser.with("X-CSRF-Token", &before).delete("/session/ada").await));
    browser.with("X-CSRF-Token", &during).post_form("/session.json", &SIGN_IN).await;
    assert!(refused(&browser.with("X-CSRF-Token", &during).delete("/session/ada").await));
    assert!(is_signed_in(&browser).await);
}

#[actix_web::test]
async fn what_the_browser_says_of_where_it_stands_counts_as_well_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let elsewhere = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", ""),
        ("Origin", "http://127.0.0.1:1"),
    ];
    for (name, value) in elsewhere {
        assert!(refused(&ada.with(name, value).delete("/session/ada").await), "{name}: {value}");
    }
    assert!(is_signed_in(&ada).await);
    let here = [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"), ("Origin", site.base.as_str())];
    for (name, value) in here {
        let ada = site.sign_in("ada").await.csrf().await;
        assert_eq!(ada.with(name, value).delete("/session/ada").await.status, 200, "{name}: {value}");
        assert!(!is_signed_in(&ada).await);
    }
}

#[actix_web::test]
async fn every_change_needs_the_token_and_get_changes_nothing_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let changes = [
        "/logout",
        "/user-api-key",
        "/user-api-key/revoke?id=1",
        "/user-api-key/undo-revoke?id=1",
        "/u/ada/preferences/apps/1/end",
        "/u/ada/preferences/apps/1/undo",
        "/u/ada/preferences/apps/end-unused",
        "/session",
    ];
    for path in changes {
        assert!(refused(&ada.post(path).await), "{path}");
        assert_eq!(ada.html().post(path).await.status, 403, "{path}");
        let own = ada.csrf().await;
        assert_eq!(own.get(path).await.status, 404, "{path}");
        assert_eq!(own.head(path).await.status, 404, "{path}");
    }
    assert!(refused(&ada.delete("/session/ada").await));
    assert_eq!(ada.csrf().await.get("/session/ada").await.status, 404);
    assert!(is_signed_in(&ada).await);
    assert_eq!(program.get("/session/current.json").await.status, 200);
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys WHERE revoked_at IS NULL"), Some(1));
}

#[actix_web::test]
async fn the_sign_in_page_without_a_good_token_is_shown_again_and_signs_nobody_in_w3() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let browser = site.anonymous().html();
    let again = browser.post_form("/login", &SIGN_IN).await;
    assert_eq!((again.status, again.header("content-type")), (403, "text/html; charset=utf-8"));
    assert!(!again.form_fields("/login").is_empty());
    assert!(!is_signed_in(&browser).await);
}

//! `POST /session.json` and the sign-in page.

use hallpass::domain::accounts;
use hallpass::model::{Email, Origin, Username};
use serde_json::json;

use super::{is_signed_in, sessions};
use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn a_name_or_an_address_in_any_case_and_the_password_sign_in() {
    let site = TestApp::start().await;
    site.account("Ada", |user| user.email = Some(Email::parse("Ada@Example.org").unwrap())).await;
    for login in ["Ada", "ada", "ADA", " ada ", "ada@example.org", "ADA@EXAMPLE.ORG"] {
        let visitor = site.anonymous();
        let answer = visitor.sign_in(login, PASSWORD).await;
        assert_eq!((answer.status, &answer.json()["user"]["username"]), (200, &json!("Ada")), "{login}");
        assert_eq!(answer.json().as_object().unwrap().len(), 1);
        assert!(is_signed_in(&visitor).await);
    }
}

#[actix_web::test]
async fn an_unknown_account_and_a_wrong_password_are_answered_alike_w6() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let mut bodies = Vec::new();
    for (login, password) in
        [("ada", "wrong password"), ("nobody", PASSWORD), ("nobody@example.org", PASSWORD), ("ada", "")]
    {
        let visitor = site.anonymous();
        let answer = visitor.sign_in(login, password).await;
        assert_eq!((answer.status, answer.cookies()), (200, vec![]), "{login}");
        assert!(answer.json()["error"].is_string() && answer.json().get("user").is_none(), "{answer:?}");
        bodies.push(answer.body);
        assert!(!is_signed_in(&visitor).await);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(sessions(&site), 0);
}

#[actix_web::test]
async fn passwords_are_kept_as_slow_hashes_w6() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let slow = "SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'";
    assert_eq!(site.number(slow), Some(1));
}

/// Measuring time would be a guess; the code has one path only from the look-up to the answer.
#[test]
fn an_unknown_account_costs_the_same_hash_as_a_known_one_w6() {
    let source = include_str!("../../../src/domain/session.rs");
    let (_, act) = source.split_once("async fn prove").unwrap();
    let act = act.split("\n}\n").next().unwrap();
    let (_, rest) = act.split_once("look_up(cx, login.clone()).await?").unwrap();
    let (between, answers) = rest.split_once("match look_up(cx, login).await? {").unwrap();
    assert!(between.contains("cx.passwords.verify(password, hash.clone()).await?"), "{between}");
    assert!(!["if ", "match ", "return", "let Some"].iter().any(|way_out| between.contains(way_out)), "{between}");
    assert!(!answers.contains("verify"), "{answers}");
    let source = include_str!("../../../src/crypto/password.rs");
    assert!(source.contains("stored.as_deref().unwrap_or(&nobody)"));
    assert_eq!(source.matches(".verify_password(").count(), 1);
}

#[actix_web::test]
async fn a_missing_name_or_password_is_named() {
    let site = TestApp::start().await;
    let visitor = site.anonymous().csrf().await;
    for (fields, missing) in [(vec![("password", "x")], "login"), (vec![("login", "ada")], "password")] {
        let answer = visitor.post_form("/session.json", &fields).await;
        let sentence = format!("param is missing or the value is empty or invalid: {missing}");
        assert_eq!((answer.status, answer.json()), (400, json!({ "errors": [sentence] })));
    }
}

#[actix_web::test]
async fn a_suspended_account_is_told_so_only_to_who_knows_its_password() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    accounts::suspend(&site.app.cx, &Username::parse("ada").unwrap(), Origin::default()).await.unwrap();
    let right = site.anonymous().sign_in("ada", PASSWORD).await;
    assert_eq!((right.status, &right.json()["reason"]), (200, &json!("suspended")));
    assert!(right.json()["error"].is_string() && right.json().get("user").is_none(), "{right:?}");
    let wrong = site.anonymous().sign_in("ada", "wrong password").await;
    let unknown = site.anonymous().sign_in("nobody", PASSWORD).await;
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(sessions(&site), 0);
}

#[actix_web::test]
async fn the_page_signs_in_and_leads_to_the_applications_or_back_w5() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    for planted in ["", "/user-api-key/new", "https://evil.example/", "//evil.example", "bm9uc2Vuc2U.bm9uc2Vuc2U"] {
        let visitor = site.anonymous().html();
        let mut fields = visitor.get("/login").await.form_fields("/login");
        fields
            .extend([("login", "ada"), ("password", PASSWORD), ("return", planted)].map(|(n, v)| (n.into(), v.into())));
        let done = visitor.post_form("/login", &fields).await;
        assert_eq!((done.status, done.header("location")), (303, "/u/ada/preferences/apps"), "{planted}");
    }
    let visitor = site.anonymous().html();
    let sent = visitor.get("/u/ada/preferences/apps").await;
    assert_eq!(sent.status, 302);
    let mut fields = visitor.get(sent.header("location")).await.form_fields("/login");
    fields.extend([("login", "ada"), ("password", PASSWORD)].map(|(n, v)| (n.into(), v.into())));
    let done = visitor.post_form("/login", &fields).await;
    assert_eq!((done.status, done.header("location")), (303, "/u/ada/preferences/apps"));
}

#[actix_web::test]
async fn the_page_says_what_was_wrong_and_keeps_the_name() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let visitor = site.anonymous().html();
    let mut fields = visitor.get("/login").await.form_fields("/login");
    fields.extend([("login", "ada"), ("password", "wrong password")].map(|(n, v)| (n.into(), v.into())));
    let wrong = visitor.post_form("/login", &fields).await;
    assert_eq!(wrong.status, 403);
    assert!(wrong.body.contains("value=\"ada\"") && wrong.body.contains("login-problem"), "{wrong:?}");
    assert!(!wrong.body.contains("wrong password"), "a password is never sent back: {wrong:?}");
}

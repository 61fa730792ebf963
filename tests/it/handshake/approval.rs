//! The user approves what was shown, and is asked every time (`security.md` C1, C7, C11).

use super::{keys_of, traces, works};
use crate::support::{ClientApp, TestApp};

fn shown(site: &TestApp) -> ClientApp {
    site.client_app()
        .redirect("http://127.0.0.1:4711/")
        .set("push_url", "https://push.example/p")
        .set("padding", "oaep")
        .set("expires_in_seconds", "3600")
}

#[actix_web::test]
async fn the_user_is_asked_every_time_whatever_changed_or_not_c1() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = shown(&site);
    app.approved_by(&ada).await;
    let before = traces(&site).await;
    for (name, value) in [
        ("nonce", "same"),
        ("client_id", "another"),
        ("scopes", "read,session_info"),
        ("auth_redirect", "http://127.0.0.1:4712/"),
        ("application_name", "Other"),
        ("public_key", &crate::keys::pem("rsa3072")),
    ] {
        let app = app.clone().set(name, value);
        let page = ada.html().get(&app.path()).await;
        assert_eq!((page.status, page.header("location")), (200, ""), "{name}");
        assert!(page.body.contains("id=\"allow\"") && page.body.contains("id=\"dont-allow\""), "{name}");
        assert_eq!(ada.get(&app.json_path()).await.json()["state"], "ready");
    }
    assert_eq!(traces(&site).await, before);
}

#[actix_web::test]
async fn a_form_with_any_field_changed_issues_nothing_c7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let form = ada.html().get(&shown(&site).path()).await.form("/user-api-key");
    let before = traces(&site).await;
    let names: Vec<_> =
        form.fields.iter().map(|(name, _)| name.clone()).filter(|n| n != "authenticity_token").collect();
    assert_eq!(names.len(), 9, "{names:?}");
    let valid_elsewhere = [
        ("application_name", "Deskbell2"),
        ("public_key", &crate::keys::pem("rsa3072")),
        ("nonce", "other"),
        ("client_id", "deskbell-2"),
        ("scopes", "read,write"),
        ("auth_redirect", "http://127.0.0.1:4712/"),
        ("push_url", "https://push.example/q"),
        ("padding", "pkcs1"),
        ("expires_in_seconds", "3601"),
        ("redirect_uri", "http://127.0.0.1:4711/"),
    ];
    let changed = valid_elsewhere.map(|(name, value)| (name.to_owned(), form.clone().fill(name, value)));
    let without = ["auth_redirect", "push_url", "padding", "expires_in_seconds"];
    let without = without.map(|name| (name.to_owned(), form.clone().without(name)));
    for (name, form) in changed.into_iter().chain(without) {
        let answer = form.submit(&ada).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{name}: {answer:?}");
        assert!(answer.body.contains("request_changed"), "{name}: {answer:?}");
    }
    assert_eq!(traces(&site).await, before);
    assert_eq!(form.submit(&ada).await.status, 302);
}

#[actix_web::test]
async fn a_form_of_another_session_or_without_its_seal_issues_nothing_c7() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let of_bob = bob.html().get(&shown(&site).path()).await.form("/user-api-key");
    let form = ada.html().get(&shown(&site).path()).await.form("/user-api-key");
    let before = traces(&site).await;
    let (token, seal) = form.value("authenticity_token").split_once('~').unwrap();
    let (token_of_bob, seal_of_bob) = of_bob.value("authenticity_token").split_once('~').unwrap();
    for (mixed, status) in [
        (format!("{token_of_bob}~{seal_of_bob}"), 403),
        (format!("{token_of_bob}~{seal}"), 403),
        (format!("{token}~{seal_of_bob}"), 400),
        (format!("{token}~"), 400),
        (token.to_owned(), 400),
        (format!("{token}~{token}"), 400),
        (format!("{token}~{seal}0"), 400),
    ] {
        let answer = form.clone().fill("authenticity_token", &mixed).submit(&ada).await;
        assert_eq!(answer.status, status, "{mixed}: {answer:?}");
        // Asking for JSON does not get around it.
        let fields = form.clone().fill("authenticity_token", &mixed).fields;
        assert_eq!(ada.post_form("/user-api-key.json", &fields).await.status, status);
    }
    // Nor does the token of another page of the same session.
    let plain = ada.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    assert_eq!(form.clone().fill("authenticity_token", &plain).submit(&ada).await.status, 400);
    assert_eq!(traces(&site).await, before);
    assert_eq!(form.submit(&ada).await.status, 302);
}

#[actix_web::test]
async fn a_token_in_the_header_carries_its_own_fields_c7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let form = ada.html().get(&shown(&site).path()).await.form("/user-api-key");
    let changed = form.fill("nonce", "another").fill("auth_redirect", "http://127.0.0.1:9/");
    let answer = ada.csrf().await.post_form("/user-api-key.json", &changed.fields).await;
    assert!(answer.json()["redirect_url"].as_str().unwrap().starts_with("http://127.0.0.1:9/"));
}

#[actix_web::test]
async fn saying_no_changes_nothing_and_leads_nowhere_c11() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = shown(&site);
    let key = app.approved_by(&ada).await.key;
    let before = traces(&site).await;
    let consent = ada.html().get(&app.path()).await;
    let (_, rest) = consent.body.split_once("id=\"dont-allow\" href=\"").unwrap();
    let page = ada.html().get(rest.split('"').next().unwrap()).await;
    assert_eq!((page.status, page.header("location"), page.header("refresh")), (200, "", ""));
    assert!(!page.body.contains("127.0.0.1:4711") && !page.body.contains("href=\"http"), "{page:?}");
    assert_eq!(traces(&site).await, before);
    assert!(works(&ada, &key).await && keys_of(&site, "ada").await.len() == 1);
}

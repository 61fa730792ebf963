//! What GET says to a request that cannot be answered (section 3.1).

use super::{kind, members, traces};
use crate::support::{ClientApp, TestApp};

/// A faulty request, the word for its fault, and what the message must name.
fn faults(app: &ClientApp) -> Vec<(ClientApp, &'static str, &'static str)> {
    let set = |name, value: &str| app.clone().set(name, value);
    let digits = "9".repeat(1000);
    vec![
        (set("scopes", "read,fly"), "unknown_scope", "\"fly\""),
        (set("scopes", " read"), "unknown_scope", "\" read\""),
        (set("scopes", "read,,write"), "unknown_scope", "\"\""),
        (set("scopes", "Read"), "unknown_scope", "\"Read\""),
        (set("public_key", "garbage"), "bad_public_key", "public_key"),
        (app.clone().set("public_key", &crate::keys::pem("ec")), "bad_public_key", "RSA"),
        (set("public_key", &crate::keys::pem("rsa2048").replace('+', " ")), "bad_public_key", "%2B"),
        (set("public_key", &crate::keys::pem("rsa1024")), "key_too_small", "1024"),
        (set("auth_redirect", "https://evil.example/"), "redirect_not_allowed", "https://evil.example/"),
        (set("auth_redirect", ""), "bad_redirect", "auth_redirect"),
        (set("auth_redirect", "nowhere"), "bad_redirect", "auth_redirect"),
        (set("auth_redirect", "https://a b/"), "bad_redirect", "auth_redirect"),
        (set("expires_in_seconds", "0"), "bad_expiry", "expires_in_seconds"),
        (set("expires_in_seconds", "-1"), "bad_expiry", "expires_in_seconds"),
        (set("expires_in_seconds", "1.5"), "bad_expiry", "expires_in_seconds"),
        (set("expires_in_seconds", "1e3"), "bad_expiry", "expires_in_seconds"),
        (set("expires_in_seconds", "31536001"), "bad_expiry", "31536000"),
        (set("expires_in_seconds", &digits), "bad_expiry", "expires_in_seconds"),
        (set("nonce", &"n".repeat(180)), "payload_too_large", "171"),
        (set("nonce", &"n".repeat(257)), "parameter_too_long", "nonce"),
        (set("client_id", &"c".repeat(201)), "parameter_too_long", "client_id"),
        (set("application_name", &"a".repeat(201)), "parameter_too_long", "application_name"),
        (set("push_url", &"p".repeat(2001)), "parameter_too_long", "push_url"),
        (set("scopes", &"read,".repeat(101)), "parameter_too_long", "scopes"),
        (set("application_name", "Official Deskbell"), "reserved_name", "application_name"),
    ]
}

#[actix_web::test]
async fn a_refused_request_is_told_why_signed_in_or_not_c036_c038_c040_c043() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let before = traces(&site).await;
    for visitor in [site.anonymous(), ada] {
        for (app, reason, word) in faults(&site.client_app()) {
            let answer = visitor.get(&app.json_path()).await;
            let model = answer.json();
            assert_eq!((answer.status, &model["state"]), (200, &"generic_error".into()), "{reason}");
            assert_eq!(members(&model), ["message", "reason", "state"]);
            assert_eq!(model["reason"], reason, "{answer:?}");
            let message = model["message"].as_str().unwrap();
            assert!(message.contains(word) && message.len() > 20, "{message}");
        }
    }
    assert_eq!(traces(&site).await, before);
}

#[actix_web::test]
async fn a_refusal_is_a_page_that_explains_itself_and_leads_nowhere_c036_c038_c040_c043_c11() {
    let site = TestApp::start().await;
    let browser = site.user("ada").await.html();
    for (app, reason, _) in faults(&site.client_app()) {
        let app = if reason == "redirect_not_allowed" { app } else { app_with_target(app) };
        let page = browser.get(&app.path()).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{reason}");
        assert!(page.body.contains(&format!("<code id=\"refusal-reason\">{reason}</code>")), "{page:?}");
        assert!(page.body.contains("id=\"refusal-message\""));
        leads_nowhere(&page);
    }
}

/// The request with a redirect that is allowed, so that there is somewhere a careless answer could lead.
fn app_with_target(app: ClientApp) -> ClientApp {
    let has_one = app.fields().iter().any(|(name, _)| name == "auth_redirect");
    if has_one { app } else { app.redirect("http://127.0.0.1:4711/") }
}

fn leads_nowhere(page: &crate::support::Answer) {
    assert_eq!(page.header("location"), "");
    assert_eq!(page.header("refresh"), "");
    for mark in ["href=\"http", "http-equiv", "href=\"discourse"] {
        assert!(!page.body.contains(mark), "{mark}: {page:?}");
    }
}

#[actix_web::test]
async fn the_first_missing_parameter_is_named_c033_c034_c035() {
    let site = TestApp::start().await;
    let mut app = site.client_app();
    // In this order, whatever else is missing behind it.
    for name in ["application_name", "public_key", "client_id", "scopes", "nonce"] {
        for value in [None, Some(""), Some(" "), Some("\r\n\t")] {
            app = value.map_or_else(|| app.clone().without(name), |value| app.clone().set(name, value));
            for path in [app.path(), app.json_path()] {
                let answer = site.anonymous().get(&path).await;
                assert_eq!(answer.status, 400);
                let text = format!("param is missing or the value is empty or invalid: {name}");
                assert_eq!(answer.json(), serde_json::json!({ "errors": [text] }), "{value:?}");
            }
        }
    }
}

#[actix_web::test]
async fn a_browser_is_shown_what_is_missing_on_a_page_c033_c11() {
    let site = TestApp::start().await;
    let page = site.anonymous().html().get(&app_with_target(site.client_app().without("nonce")).path()).await;
    assert_eq!((page.status, page.header("content-type")), (400, "text/html; charset=utf-8"));
    assert!(page.body.contains("<code id=\"refusal-reason\">missing_parameter</code>"), "{page:?}");
    assert!(page.body.contains("invalid: nonce"));
    leads_nowhere(&page);
}

#[actix_web::test]
async fn an_unknown_padding_is_a_400_c039() {
    let site = TestApp::start().await;
    for padding in ["OAEP", "none", "pss", "oaep-sha512", "pkcs1,oaep"] {
        let app = site.client_app().set("padding", padding);
        let answer = site.anonymous().get(&app.json_path()).await;
        assert_eq!(kind(&answer), (400, "invalid_parameters".into()));
        assert_eq!(answer.json()["reason"], "bad_padding");
        assert!(answer.error().contains("padding") && answer.error().contains("oaep"), "{}", answer.error());
        let page = site.anonymous().html().get(&app.path()).await;
        assert_eq!((page.status, page.header("content-type")), (400, "text/html; charset=utf-8"));
        assert!(page.body.contains("bad_padding") && page.body.contains("pkcs1"), "{page:?}");
    }
    for padding in ["", " ", "pkcs1", "oaep", "oaep-sha256"] {
        let answer = site.anonymous().get(&site.client_app().set("padding", padding).json_path()).await;
        assert_eq!(answer.status, 302, "{padding:?}");
    }
}

#[actix_web::test]
async fn a_request_without_redirect_is_allowed_whatever_the_list_says_c042() {
    let closed = [super::listed("https://only.example/"), ("user_api.allow_loopback_redirects", "false")];
    let site = TestApp::with(&closed).await;
    let ada = site.user("ada").await;
    assert_eq!(ada.get(&site.client_app().json_path()).await.json()["state"], "ready");
    let elsewhere = site.client_app().redirect("discourse://auth_redirect");
    assert_eq!(ada.get(&elsewhere.json_path()).await.json()["reason"], "redirect_not_allowed");
}

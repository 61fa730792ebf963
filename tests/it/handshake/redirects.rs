//! The redirect list through the endpoints (section 5): the matcher itself is shown in `tests/it/redirects`.

use super::{kind, listed, traces, works};
use crate::redirects::refused::{DANGEROUS, HOSTILE};
use crate::support::TestApp;

const LIST: &str = "h/*|https://app.example/cb|https://app.example|https://app.example/b|https://www.discourse.org/|\
    https://*.example.com/|https://*.example.com/*|https://app-*.example.net/|http://over.the/rainbow/*|\
    discourse://auth_redirect";

/// A redirect, and whether the list above allows it.
const CASES: [(&str, bool); 21] = [
    ("https://h/x", false),
    ("http://app.example/cb", false),
    ("HTTPS://APP.example/cb", true),
    ("https://app.example:8080/cb", false),
    ("https://app.example:443/cb", true),
    ("https://u:p@app.example/cb", false),
    ("https://www.discourse.org/", true),
    ("https://www.www.discourse.org/", false),
    ("https://www.discourse.org.evil.com/", false),
    ("https://deep.sub.example.com/", true),
    ("https://example.com/", false),
    ("https://notexample.com/", false),
    ("https://evil.com/any.example.com/path", false),
    ("https://app-7.example.net/", true),
    ("http://over.the/rainbow/?p=1", true),
    ("http://over.the/rainbow", false),
    ("https://app.example/cb?x=1", false),
    ("https://app.example/", false),
    ("https://app.example/cb#x", false),
    ("discourse://auth_redirect", true),
    ("https://app.example/a/../b", false),
];

#[actix_web::test]
async fn the_list_decides_alike_in_the_model_and_in_the_approval_c040_c063_r2() {
    let site = TestApp::with(&[listed(LIST)]).await;
    let ada = site.user("ada").await;
    for (redirect, allowed) in CASES {
        let app = site.client_app().redirect(redirect);
        let (model, before) = (ada.get(&app.json_path()).await.json(), traces(&site).await);
        let answer = app.approve(&ada).await;
        assert_eq!(model["state"], if allowed { "ready" } else { "generic_error" }, "{redirect}");
        assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{redirect}");
        if !allowed {
            assert!(model.get("redirect_uri").is_none());
            assert_eq!(traces(&site).await, before);
        }
    }
}

#[actix_web::test]
async fn this_computer_is_allowed_at_any_port_by_two_settings_c063_r3() {
    for (loopback, localhost, expected) in [
        ("true", "true", [true, true, true]),
        ("true", "false", [true, true, false]),
        ("false", "true", [false, false, false]),
        ("false", "false", [false, false, false]),
    ] {
        let site = TestApp::with(&[
            ("user_api.allow_loopback_redirects", loopback),
            ("user_api.allow_localhost_redirects", localhost),
        ])
        .await;
        let ada = site.user("ada").await;
        let redirects = ["http://127.0.0.1:51234/cb?x=1", "http://[::1]:51234", "http://localhost:51234/"];
        for (redirect, allowed) in redirects.into_iter().zip(expected) {
            let answer = site.client_app().redirect(redirect).approve(&ada).await;
            assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{loopback} {localhost} {redirect}");
        }
        for redirect in ["https://127.0.0.1:51234/", "http://127.0.0.2/", "http://127.0.0.1.evil.example/"] {
            assert_eq!(site.client_app().redirect(redirect).approve(&ada).await.status, 403, "{redirect}");
        }
    }
}

#[actix_web::test]
async fn hostile_redirects_are_refused_with_a_word_and_lead_nowhere_r1_r4_c11_c092_c108() {
    let site = TestApp::with(&[listed("*")]).await;
    let ada = site.user("ada").await;
    let key = site.client_app().redirect("https://any.example/").approved_by(&ada).await.key;
    let before = traces(&site).await;
    let too_long = format!("https://h/{}", "a".repeat(2000));
    let all = HOSTILE.iter().chain(DANGEROUS).copied().chain([too_long.as_str()]);
    // A NUL anywhere is refused before any parameter is looked at (`bad_input.rs`).
    for redirect in all.filter(|redirect| !redirect.contains('\0')) {
        let app = site.client_app().redirect(redirect);
        let page = ada.html().get(&app.path()).await;
        assert_eq!((page.status, page.header("location")), (200, ""), "{redirect:?}");
        assert!(page.body.contains("bad_redirect") && !page.body.contains("id=\"allow\""), "{redirect:?}: {page:?}");
        let model = ada.get(&app.json_path()).await.json();
        assert!(model["message"].as_str().unwrap().len() > 30, "{redirect:?}: {model}");
        let answer = app.approve(&ada).await;
        assert_eq!((kind(&answer), answer.header("location")), ((403, "invalid_access".into()), ""), "{redirect:?}");
        assert!(answer.error().contains("auth_redirect"));
    }
    assert_eq!(traces(&site).await, before);
    assert!(works(&ada, &key).await);
}

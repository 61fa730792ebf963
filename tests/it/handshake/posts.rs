//! What POST says to a request that cannot be answered (section 4.1), and that nothing is lost by it.

use super::{keys_of, kind, traces, works};
use crate::support::{Answer, ClientApp, TestApp};

const ACCESS: &str = "invalid_access";
const PARAMETERS: &str = "invalid_parameters";

/// A faulty request, the answer's status and type, and what its text must name.
fn faults(app: &ClientApp) -> Vec<(ClientApp, u16, &'static str, &'static str)> {
    let set = |name, value: &str| app.clone().set(name, value);
    let digits = "9".repeat(1000);
    vec![
        (set("scopes", "read,fly"), 403, ACCESS, "fly"),
        (set("scopes", "read,,write"), 403, ACCESS, "scopes"),
        (set("public_key", "garbage"), 400, PARAMETERS, "public_key"),
        (set("public_key", &crate::keys::pem("ec")), 400, PARAMETERS, "public_key"),
        (set("public_key", &crate::keys::pem("rsa2048.private")), 400, PARAMETERS, "private key"),
        (set("public_key", &crate::keys::pem("rsa1024")), 400, PARAMETERS, "public_key"),
        (set("padding", "x"), 400, PARAMETERS, "padding"),
        (set("auth_redirect", "https://evil.example/"), 403, ACCESS, "auth_redirect"),
        (set("auth_redirect", ""), 403, ACCESS, "auth_redirect"),
        (set("auth_redirect", "nowhere"), 403, ACCESS, "auth_redirect"),
        (set("expires_in_seconds", "31536001"), 400, PARAMETERS, "expires_in_seconds"),
        (set("expires_in_seconds", &digits), 400, PARAMETERS, "expires_in_seconds"),
        (set("expires_in_seconds", "soon"), 400, PARAMETERS, "expires_in_seconds"),
        (set("nonce", &"n".repeat(257)), 400, PARAMETERS, "nonce"),
        (set("client_id", &"c".repeat(201)), 400, PARAMETERS, "client_id"),
        (set("application_name", &"a".repeat(201)), 400, PARAMETERS, "application_name"),
        (set("push_url", &"p".repeat(2001)), 400, PARAMETERS, "push_url"),
        (set("scopes", &"read,".repeat(101)), 400, PARAMETERS, "scopes"),
        (set("application_name", "Official Deskbell"), 403, ACCESS, "application_name"),
    ]
}

#[actix_web::test]
async fn a_refused_approval_names_its_parameter_and_loses_nothing_c059_c061_c062_c063_c066_c068() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().approved_by(&ada).await.key;
    let before = traces(&site).await;
    for (app, status, error_type, word) in faults(&site.client_app()) {
        let answer = app.approve(&ada).await;
        assert_eq!(kind(&answer), (status, error_type.into()), "{word}: {answer:?}");
        assert!(answer.error().contains(word), "{word}: {}", answer.error());
        assert!(answer.json()["reason"].is_string());
        assert_eq!(answer.header("location"), "");
    }
    assert_eq!(traces(&site).await, before);
    assert!(works(&ada, &key).await);
}

#[actix_web::test]
async fn a_refused_approval_is_a_page_to_a_browser_and_leads_nowhere_c11() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await.html();
    for (app, status, ..) in faults(&site.client_app()) {
        let page = ada.post_form("/user-api-key", app.fields()).await;
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"));
        assert!(page.body.contains("id=\"refusal-reason\""), "{page:?}");
        assert_eq!(page.header("location"), "");
        assert!(!page.body.contains("href=\"http"), "{page:?}");
    }
}

#[actix_web::test]
async fn a_missing_parameter_is_told_as_on_the_page_c058() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    for name in ["nonce", "scopes", "client_id", "public_key", "application_name"] {
        for app in [site.client_app().without(name), site.client_app().set(name, " ")] {
            let text = format!("param is missing or the value is empty or invalid: {name}");
            for path in ["/user-api-key", "/user-api-key.json"] {
                let answer = ada.post_form(path, app.fields()).await;
                assert_eq!((answer.status, answer.json()), (400, serde_json::json!({ "errors": [text] })));
            }
        }
    }
}

fn too_large(answer: &Answer, padding: &str, most: usize, bytes: usize, room: usize) {
    assert_eq!(kind(answer), (400, PARAMETERS.into()), "{answer:?}");
    assert_eq!(answer.json()["reason"], "payload_too_large");
    let error = answer.error();
    assert!(error.contains(&format!("Payload too large for {padding}")), "{error}");
    for number in [most, bytes, room] {
        assert!(error.split(|c: char| !c.is_ascii_digit()).any(|word| word == number.to_string()), "{number}: {error}");
    }
    assert!(error.contains("nonce") && error.contains("larger RSA key"), "{error}");
}

#[actix_web::test]
async fn a_payload_that_does_not_fit_is_refused_with_its_sizes_and_loses_nothing_c067_c068_c079_h3() {
    let site = TestApp::with(&[("user_api.min_user_api_rsa_bits", "1024")]).await;
    let ada = site.user("ada").await;
    let mut key = site.client_app().approved_by(&ada).await.key;
    // Without an expiry the payload is 74 bytes longer than its nonce.
    for (pair, padding, most) in [
        ("rsa1024", "pkcs1", 117),
        ("rsa1024", "oaep", 86),
        ("rsa2048", "pkcs1", 245),
        ("rsa2048", "oaep", 214),
        ("rsa2048", "oaep-sha256", 190),
    ] {
        let app = site.client_app().key_pair(pair).set("padding", padding);
        let named = if padding == "pkcs1" { "PKCS#1" } else { "OAEP" };
        let room = most - 74;
        let before = traces(&site).await;
        let refused = app.clone().set("nonce", &"n".repeat(room + 1));
        too_large(&refused.approve(&ada).await, named, most, most + 1, room);
        assert_eq!(ada.get(&refused.json_path()).await.json()["reason"], "payload_too_large");
        assert_eq!(traces(&site).await, before);
        assert!(works(&ada, &key).await, "{pair} {padding}");
        key = app.set("nonce", &"n".repeat(room)).approved_by(&ada).await.key;
    }
    assert_eq!(keys_of(&site, "ada").await.len(), 1);
}

#[actix_web::test]
async fn a_new_client_leaves_no_row_when_its_payload_does_not_fit_c068() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let before = traces(&site).await;
    let app = site.client_app().set("padding", "oaep").set("nonce", &"n".repeat(150));
    too_large(&app.approve(&ada).await, "OAEP", 214, 224, 140);
    assert_eq!(traces(&site).await, before);
    assert!(keys_of(&site, "ada").await.is_empty());
}

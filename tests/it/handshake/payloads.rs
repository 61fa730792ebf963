//! What the application decrypts (section 4.3).

use crate::keys::public_keys::pkcs1;
use crate::keys::{armored, body, pem};
use crate::support::{ClientApp, TestApp, Visitor};

const PUSH_LIST: (&str, &str) = ("user_api.allowed_user_api_push_urls", "https://push.example/*|https://two.example/p");

#[actix_web::test]
async fn the_payload_has_its_members_in_order_and_nothing_else_c077_c078_h4() {
    let site = TestApp::with(&[("user_api.min_user_api_rsa_bits", "1024")]).await;
    let ada = site.user("ada").await;
    let nonce = "a-._~=+/ \"é";
    for pair in ["rsa1024", "rsa2048", "rsa2048-e3", "rsa3072", "rsa4096", "rsa8192"] {
        for padding in [None, Some(""), Some(" "), Some("pkcs1"), Some("oaep"), Some("oaep-sha256")] {
            if pair == "rsa1024" && padding.is_some_and(|padding| padding.starts_with("oaep")) {
                continue;
            }
            let app = site.client_app().key_pair(pair).set("nonce", nonce);
            let app = padding.map_or_else(|| app.clone(), |padding| app.clone().set("padding", padding));
            let received = app.approved_by(&ada).await;
            let key = &received.key;
            let text = format!(r#"{{"key":"{key}","nonce":"a-._~=+/ \"é","push":false,"api":4}}"#);
            assert_eq!(received.text, text, "{pair} {padding:?}");
        }
    }
}

#[actix_web::test]
async fn an_expiry_comes_last_with_second_precision_c077() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.clock.advance(std::time::Duration::from_micros(1_999_999));
    let received = site.client_app().set("nonce", "n").set("expires_in_seconds", "60").approved_by(&ada).await;
    let end = r#""nonce":"n","push":false,"api":4,"expires_at":"2026-11-22T12:01:01Z"}"#;
    assert!(received.text.ends_with(end), "{}", received.text);
    let blank = site.client_app().set("expires_in_seconds", "").approved_by(&ada).await;
    assert!(blank.payload.get("expires_at").is_none());
}

#[actix_web::test]
async fn a_nonce_with_line_feeds_comes_back_as_it_was_by_form_too_c077_h4() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for nonce in ["bm9uY2U=\n", "\na\n\nb"] {
        let app = site.client_app().set("nonce", nonce).redirect("http://127.0.0.1:1/");
        assert_eq!(app.approved_by(&ada).await.payload["nonce"], nonce);
        let done = ada.html().get(&app.path()).await.form("/user-api-key").submit(&ada).await;
        assert_eq!(app.receive(done.header("location")).payload["nonce"], nonce);
    }
}

#[actix_web::test]
async fn the_ciphertext_is_base64_in_lines_of_sixty_c080() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for (pair, characters) in [("rsa2048", 344), ("rsa4096", 684)] {
        let answer = site.client_app().key_pair(pair).approve(&ada).await.json();
        let payload = answer["payload"].as_str().unwrap();
        let lines: Vec<_> = payload.split('\n').collect();
        let (last, full) = lines.split_last().unwrap();
        let (short, full) = full.split_last().unwrap();
        assert!(last.is_empty() && full.iter().all(|line| line.len() == 60), "{payload}");
        assert!((1..=60).contains(&short.len()));
        assert_eq!(payload.len() - lines.len() + 1, characters);
        let alphabet = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\n');
        assert!(payload.chars().all(alphabet), "{payload}");
    }
}

async fn pushes(ada: &Visitor, app: &ClientApp) -> bool {
    app.approved_by(ada).await.payload["push"].as_bool().unwrap()
}

#[actix_web::test]
async fn push_is_true_only_with_scope_url_and_a_listed_target_c081() {
    let site = TestApp::with(&[PUSH_LIST]).await;
    let ada = site.user("ada").await;
    let asks = |scopes: &str, url: &str| site.client_app().scopes(scopes).set("push_url", url);
    for (scopes, url, expected) in [
        ("push", "https://push.example/p", true),
        ("notifications", "https://push.example/p", true),
        ("read,push,notifications", "https://two.example/p", true),
        ("read", "https://push.example/p", false),
        ("push", "https://elsewhere.example/p", false),
        ("push", "https://push.example.evil.example/p", false),
        ("push", "https://two.example/p2", false),
        ("push", "https://two", false),
        ("push", "push.example", false),
        ("push", "", false),
    ] {
        assert_eq!(pushes(&ada, &asks(scopes, url)).await, expected, "{scopes} {url}");
    }
    assert!(!pushes(&ada, &site.client_app().scopes("push,notifications")).await);
    let closed = TestApp::start().await;
    let bob = closed.user("bob").await;
    assert!(!pushes(&bob, &asks("push", "https://push.example/p")).await);
    // The scope is given all the same.
    assert_eq!(super::keys_of(&closed, "bob").await[0].scopes.to_string(), "push");
}

#[actix_web::test]
async fn every_shape_of_public_key_gets_its_payload_by_script_and_by_form_c082() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (spki, inner) = (pem("rsa2048"), body(&pem("rsa2048")));
    let shapes = [
        spki.trim_end().to_owned(),
        spki.replace('\n', "\r\n"),
        spki.replace('\n', "\r\n").trim_end().to_owned(),
        format!("\n\n{spki}"),
        pkcs1("rsa2048"),
        pkcs1("rsa2048").replace('\n', "\r\n"),
        armored("PUBLIC KEY", &inner, 72, "\n"),
        armored("PUBLIC KEY", &inner, 72, "\r\n"),
        armored("PUBLIC KEY", &inner, 1000, "\n"),
        spki,
    ];
    for shape in shapes {
        let app = site.client_app().set("public_key", &shape).redirect("http://127.0.0.1:1/");
        assert_eq!(app.approved_by(&ada).await.payload["api"], 4, "{shape:?}");
        assert_eq!(ada.get(&app.json_path()).await.json()["public_key"], shape);
        let done = ada.html().get(&app.path()).await.form("/user-api-key").submit(&ada).await;
        assert_eq!(done.status, 302, "{shape:?}");
        assert!(super::works(&ada, &app.receive(done.header("location")).key).await);
    }
}

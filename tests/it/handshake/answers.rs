//! How the payload comes to the application (section 4.4).

use serde_json::json;

use super::{listed, members, works};
use crate::support::{Answer, ClientApp, TestApp, Visitor};

async fn by_form(user: &Visitor, app: &ClientApp) -> Answer {
    user.html().get(&app.path()).await.form("/user-api-key").submit(user).await
}

#[actix_web::test]
async fn without_redirect_json_has_payload_and_instructions_c083() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app().set("application_name", "Desk <bell>");
    let answer = app.approve(&ada).await;
    assert_eq!((answer.status, members(&answer.json())), (200, vec!["instructions", "payload"]));
    let instructions = answer.json()["instructions"].as_str().unwrap().to_owned();
    assert!(instructions.contains("Desk <bell>") && instructions.len() > 30, "{instructions}");
}

#[actix_web::test]
async fn without_redirect_the_page_holds_ciphertext_only_c084_c10() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app();
    let page = by_form(&ada, &app).await;
    assert_eq!((page.status, page.header("location"), page.header("cache-control")), (200, "", "no-store"));
    let (before, rest) = page.body.split_once("<code id=\"user-api-key-payload\"").unwrap();
    assert!(!before.contains("<code"), "the first code on the page is the payload");
    let received = app.decrypt(rest.split(['>', '<']).nth(1).unwrap());
    assert!(!page.body.contains(&received.key), "the key itself is nowhere on the page");
    assert!(page.body.contains("id=\"copy-api-key-btn\"") && page.body.contains("note-care"));
    assert!(works(&ada, &received.key).await);
}

#[actix_web::test]
async fn with_a_redirect_json_has_its_url_alone_c085() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app().redirect("http://127.0.0.1:4711/cb");
    let answer = app.approve(&ada).await;
    assert_eq!((answer.status, members(&answer.json())), (200, vec!["redirect_url"]));
    assert_eq!(answer.header("location"), "");
    let url = answer.json()["redirect_url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("http://127.0.0.1:4711/cb?payload="));
    assert!(works(&ada, &app.receive(&url).key).await);
}

#[actix_web::test]
async fn with_a_redirect_the_form_leads_there_by_302_c086_r5() {
    let site = TestApp::with(&[listed("discourse://auth_redirect|https://app.example/*|com.example.app://done")]).await;
    let ada = site.user("ada").await;
    for target in [
        "discourse://auth_redirect",
        "https://app.example/cb",
        "com.example.app://done",
        "http://127.0.0.1:4711",
        "http://[::1]:4711/",
        "http://localhost:4711/cb",
    ] {
        let app = site.client_app().redirect(target);
        let answer = by_form(&ada, &app).await;
        assert_eq!(answer.status, 302, "{answer:?}");
        let location = answer.header("location");
        assert!(location.starts_with(&format!("{target}?payload=")), "{location}");
        assert!(works(&ada, &app.receive(location).key).await);
    }
}

#[actix_web::test]
async fn the_redirect_keeps_its_query_and_fragment_and_the_payload_is_escaped_c087_c088_r6() {
    let site = TestApp::with(&[listed("http://over.the/rainbow/*|http://over.the/rainbow/*#*")]).await;
    let ada = site.user("ada").await;
    for (target, head, tail) in [
        ("http://over.the/rainbow/?p=1", "http://over.the/rainbow/?p=1&payload=", ""),
        ("http://over.the/rainbow/", "http://over.the/rainbow/?payload=", ""),
        ("http://over.the/rainbow/?", "http://over.the/rainbow/?payload=", ""),
        ("http://over.the/rainbow/?a=%2F+b&state=x%3D", "http://over.the/rainbow/?a=%2F+b&state=x%3D&payload=", ""),
        ("http://over.the/rainbow/x?p=1#frag", "http://over.the/rainbow/x?p=1&payload=", "#frag"),
    ] {
        for padding in ["pkcs1", "oaep"] {
            let app = site.client_app().redirect(target).set("padding", padding);
            let answer = app.approve(&ada).await.json();
            let url = answer["redirect_url"].as_str().unwrap();
            let payload = url.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)).unwrap();
            assert!(!payload.contains(['+', '/', '=', '\n', '&', '#', '?', ' ']), "{payload}");
            // What clients do by hand: cut at `&` and `=`, decode percents, never `+`.
            let decoded = percent_encoding::percent_decode_str(payload).decode_utf8().unwrap();
            assert!(decoded.ends_with('\n') && decoded.split('\n').next().unwrap().len() == 60);
            assert!(works(&ada, &app.decrypt(&decoded).key).await);
        }
    }
}

#[actix_web::test]
async fn json_form_and_query_say_the_same_c002() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let app = site.client_app();
    let query = app.path().replace("/user-api-key/new?", "/user-api-key.json?");
    let typed = ada.with("Accept", "*/*");
    let mut as_json = app.as_json();
    as_json["expires_in_seconds"] = json!(60);
    as_json["push_url"] = json!(null);
    let mut key = String::new();
    for answer in [
        ada.post_form("/user-api-key.json", app.fields()).await,
        ada.post_json("/user-api-key.json", &app.as_json()).await,
        ada.post_json("/user-api-key.json", &as_json).await,
        ada.post(&query).await,
        typed.request(reqwest::Method::POST, &query, Some(("application/json", Vec::new()))).await,
        typed.request(reqwest::Method::POST, &query, Some(("application/json; charset=UTF-8", b" \n".to_vec()))).await,
        typed.request(reqwest::Method::POST, &query, Some(("application/x-www-form-urlencoded", Vec::new()))).await,
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
        key = app.decrypt(answer.json()["payload"].as_str().unwrap()).key;
    }
    assert!(works(&ada, &key).await);
}

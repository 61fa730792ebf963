//! What programs that strangers wrote insist on before they trust an answer (section 11.6).

use serde_json::{Value, json};
use url::Url;

use super::{allow, ask, poll};
use crate::support::TestApp;

#[actix_web::test]
async fn the_chat_wrapper_finds_the_sites_own_address_and_short_codes_c305() {
    let site = TestApp::start().await;
    let answer = site.anonymous().post_json("/user-api-key/device.json", &site.client_app().as_json()).await;
    let body = answer.json();
    for name in ["verification_uri", "verification_uri_with_request"] {
        let url = Url::parse(body[name].as_str().unwrap()).unwrap();
        assert_eq!(url.origin(), Url::parse(&site.base).unwrap().origin(), "{name}");
        assert_eq!((url.username(), url.password(), url.path()), ("", None, "/user-api-key/activate"), "{name}");
    }
    assert!(body["interval"].as_u64().unwrap() <= 60 && body["user_code"].as_str().unwrap().len() <= 32, "{body}");
    assert!(!(300..400).contains(&answer.status), "no redirect is followed");
}

#[actix_web::test]
async fn the_chat_wrapper_reads_number_key_and_nonce_out_of_the_payload_c306() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().set("padding", "oaep").set("nonce", "n-1");
    let codes = ask(&site, &application).await;
    allow(&ada, &codes).await;
    let body = poll(&site.anonymous(), &codes).await;
    let received = application.decrypt(body["payload"].as_str().unwrap()).payload;
    assert!(received["api"].as_u64().unwrap() >= 4, "{received}");
    assert_eq!(received["nonce"], json!("n-1"));
    let key = received["key"].as_str().unwrap();
    assert!((32..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}");
}

#[actix_web::test]
async fn the_phone_library_finds_both_headers_and_keeps_its_client_id_c309() {
    let site = TestApp::start().await;
    let probe = site.anonymous().head("/user-api-key/new").await;
    assert!(probe.header("auth-api-version").parse::<u32>().unwrap() >= 4, "{probe:?}");
    assert_eq!(probe.header("auth-api-device-code"), "true");
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    allow(&ada, &codes).await;
    let body: Value = poll(&site.anonymous(), &codes).await;
    let key = site.client_app().decrypt(body["payload"].as_str().unwrap()).key;
    let program = ada.holder_of(&key).with("User-Api-Client-Id", "deskbell-1");
    assert_eq!(program.get("/session/current.json").await.status, 200);
}

#[test]
fn there_are_no_other_states_c191() {
    let mut states = std::collections::BTreeSet::new();
    for (path, text) in crate::architecture::sources() {
        if path.starts_with("http") {
            let found = text.split("\"state\": \"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
            states.extend(found);
        }
    }
    let all = ["authorize", "complete", "enter_code", "generic_error", "no_trust_level", "ready"];
    assert_eq!(states.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

//! The hook on ordinary pages.

use super::{REDIRECT, key};
use crate::support::visitor::form;
use crate::support::{Answer, TestApp, Visitor};

async fn open(visitor: &Visitor, page: &str, key: &str, redirect: &str) -> Answer {
    let query = form(&[("user_api_public_key", key), ("auth_redirect", redirect)]);
    visitor.get(&format!("{page}?{query}")).await
}

#[actix_web::test]
async fn a_browser_from_an_application_is_sent_back_to_ask_c240() {
    let site = TestApp::start().await;
    let nobody = site.anonymous().html();
    for page in ["/", "", "/login", "/u/ada/preferences/apps"] {
        let sent = open(&nobody, page, &key("rsa2048"), REDIRECT).await;
        assert_eq!((sent.status, sent.header("location")), (302, "discourse://auth_redirect?otp=true"), "{page}");
    }
    let kept = open(&nobody, "/", &key("rsa2048"), "http://127.0.0.1:5000/?a=1").await;
    assert_eq!(kept.header("location"), "http://127.0.0.1:5000/?a=1&otp=true");
}

#[actix_web::test]
async fn what_is_wrong_is_said_as_plain_text_c240() {
    let site = TestApp::start().await;
    let nobody = site.anonymous().html();
    for (key, redirect, said) in [
        ("garbage", REDIRECT, "public key invalid"),
        (&key("ec"), "https://elsewhere.example/", "public key invalid"),
        (&key("rsa2048"), "https://elsewhere.example/", "host not allowed"),
    ] {
        let answer = open(&nobody, "/", key, redirect).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
        assert!(answer.body.starts_with(said), "{answer:?}");
    }
}

#[actix_web::test]
async fn the_page_goes_on_for_who_is_signed_in_and_where_none_are_offered_c240() {
    let site = TestApp::start().await;
    let ada = open(&site.user("ada").await.html(), "/", &key("rsa2048"), REDIRECT).await;
    assert!(ada.status == 200 && ada.body.contains("<h1>"), "{ada:?}");
    let half = site.anonymous().html().get("/?user_api_public_key=garbage").await;
    assert!(half.status == 200 && half.body.contains("<h1>"), "{half:?}");

    let off = TestApp::with(&[("user_api.allow_user_api_key_scopes", "read")]).await;
    let page = open(&off.anonymous().html(), "/", &key("rsa2048"), REDIRECT).await;
    assert!(page.status == 200 && page.body.contains("<h1>"), "{page:?}");
    assert!(open(&off.anonymous().html(), "/", "garbage", REDIRECT).await.body.starts_with("public key invalid"));
}

#[actix_web::test]
async fn the_pages_of_the_handshake_answer_themselves_c241() {
    let site = TestApp::start().await;
    let nobody = site.anonymous();
    for page in ["/user-api-key/new", "/user-api-key/otp"] {
        let answer = open(&nobody, page, "garbage", REDIRECT).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.error().starts_with("param is missing"), "{answer:?}");
    }
}

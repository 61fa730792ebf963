//! How often somebody may try to sign in.

use std::time::Duration;

use super::sessions;
use crate::support::{Answer, PASSWORD, TestApp};

const PAIR: &str = "limits.sign_in_per_account_and_address_per_minute";
const ADDRESS: &str = "limits.sign_in_per_address_per_minute";

async fn tries(site: &TestApp, address: &str, login: &str, password: &str) -> Answer {
    site.anonymous().with("X-Forwarded-For", address).sign_in(login, password).await
}

#[actix_web::test]
async fn an_account_is_tried_from_one_address_so_often_and_no_more_w6() {
    let site = TestApp::with(&[(PAIR, "2"), ("server.trusted_proxies", "127.0.0.1")]).await;
    site.account("ada", |_| {}).await;
    site.account("bob", |_| {}).await;
    for login in ["ada", "ADA "] {
        assert!(tries(&site, "198.51.100.1", login, "wrong password").await.json()["error"].is_string());
        site.clock.advance(Duration::from_secs(15));
    }
    // The right password does not help, and unknown accounts have the same limit.
    let limited = tries(&site, "198.51.100.1", "ada", PASSWORD).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "30"));
    assert_eq!(limited.json()["error_type"], "rate_limit");
    assert_eq!(limited.json()["extras"]["wait_seconds"], 30);
    assert_eq!(limited.header("discourse-rate-limit-error-code"), "");
    assert_eq!(sessions(&site), 0);
    for _ in 0..2 {
        assert_eq!(tries(&site, "198.51.100.1", "nobody", PASSWORD).await.status, 200);
    }
    assert_eq!(tries(&site, "198.51.100.1", "nobody", PASSWORD).await.status, 429);

    let other_account = tries(&site, "198.51.100.1", "bob", PASSWORD).await;
    assert!(other_account.json()["user"].is_object(), "{other_account:?}");
    let other_address = tries(&site, "198.51.100.2", "ada", PASSWORD).await;
    assert!(other_address.json()["user"].is_object(), "{other_address:?}");

    site.clock.advance(Duration::from_secs(29));
    assert_eq!(tries(&site, "198.51.100.1", "ada", PASSWORD).await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert!(tries(&site, "198.51.100.1", "ada", PASSWORD).await.json()["user"].is_object());
}

#[actix_web::test]
async fn an_address_tries_so_often_and_no_more_whatever_the_account_w6() {
    let site = TestApp::with(&[(ADDRESS, "3"), ("server.trusted_proxies", "127.0.0.1")]).await;
    site.account("ada", |_| {}).await;
    for login in ["one", "two", "three"] {
        assert_eq!(tries(&site, "198.51.100.1", login, PASSWORD).await.status, 200);
    }
    assert_eq!(tries(&site, "198.51.100.1", "ada", PASSWORD).await.status, 429);
    assert!(tries(&site, "198.51.100.2", "ada", PASSWORD).await.json()["user"].is_object());
}

#[actix_web::test]
async fn only_a_listed_proxy_is_believed_about_the_address_w6_w8() {
    let site = TestApp::with(&[(ADDRESS, "2"), ("server.trusted_proxies", "10.0.0.0/8")]).await;
    site.account("ada", |_| {}).await;
    let mut statuses = Vec::new();
    for address in ["198.51.100.1", "198.51.100.2", "198.51.100.3", "10.0.0.1"] {
        statuses.push(tries(&site, address, "ada", "wrong password").await.status);
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
}

#[actix_web::test]
async fn behind_a_listed_proxy_what_a_client_invents_is_not_believed_w6_w8() {
    let site = TestApp::with(&[(ADDRESS, "2"), ("server.trusted_proxies", "127.0.0.1|10.0.0.0/8")]).await;
    site.account("ada", |_| {}).await;
    let mut statuses = Vec::new();
    for chain in ["1.2.3.4, 198.51.100.1", "5.6.7.8, 198.51.100.1, 10.0.0.9", "198.51.100.1"] {
        statuses.push(tries(&site, chain, "ada", "wrong password").await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[actix_web::test]
async fn the_page_says_how_long_to_wait_l2_w6() {
    let site = TestApp::with(&[(PAIR, "1")]).await;
    site.account("ada", |_| {}).await;
    let visitor = site.anonymous().html();
    let mut fields = visitor.get("/login").await.form_fields("/login");
    fields.extend([("login", "ada"), ("password", "wrong password")].map(|(n, v)| (n.into(), v.into())));
    assert_eq!(visitor.post_form("/login", &fields).await.status, 403);
    let limited = visitor.post_form("/login", &fields).await;
    assert_eq!((limited.status, limited.header("content-type")), (429, "text/html; charset=utf-8"));
    assert_eq!(limited.header("retry-after"), "60");
    assert!(limited.body.contains("login-problem"), "{limited:?}");
}

//! Refusals, as the client gets them: through every proxy the ones Hallpass gave.

use serde_json::json;

use crate::proxy::{Proxy, Running};
use crate::site::free_port;
use crate::stage::{Stage, Wiring};

const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

fn refused(stage: &Stage, proxy: &Running, headers: &[(&str, &str)], status: u16) -> crate::client::Response {
    let response = proxy.get("/api/books", headers);
    assert_eq!(response.status, status, "{:?}: {response:?}\n{}", proxy.proxy, proxy.log());
    assert_eq!(response.header("content-type"), "application/json; charset=utf-8", "{:?}", proxy.proxy);
    assert!(response.json()["errors"][0].is_string(), "{:?}: {response:?}", proxy.proxy);
    assert!(stage.shop.take().is_empty(), "{:?}: the site was asked", proxy.proxy);
    response
}

#[actix_web::test]
async fn without_a_key_the_client_gets_401_and_is_told_how_to_ask_w9() {
    let stage = Stage::new(&[]);
    for proxy in &stage.proxies {
        let response = refused(&stage, proxy, &[], 401);
        assert!(!response.header("www-authenticate").is_empty(), "{response:?}");
    }
}

#[actix_web::test]
async fn a_key_that_is_not_good_gets_403_k11() {
    let stage = Stage::new(&[]);
    let reader = stage.key("deskbell-1", "session_info").await;
    for proxy in &stage.proxies {
        let body = refused(&stage, proxy, &[("User-Api-Key", UNKNOWN)], 403).json();
        assert_eq!(body["error_type"], "invalid_access");
        assert_eq!(refused(&stage, proxy, &[reader.header()], 403).json(), body);
        refused(&stage, proxy, &[reader.header(), ("Authorization", &format!("Bearer {UNKNOWN}"))], 403);
    }
}

/// nginx knows no 400 of a verifier either, and who is told to come back would send the same again.
#[actix_web::test]
async fn a_header_that_cannot_be_read_is_the_clients_fault_behind_nginx_too() {
    let stage = Stage::new(&[]);
    let nginx = stage.proxies.iter().find(|proxy| matches!(proxy.proxy, Proxy::Nginx)).unwrap();
    let key = stage.key("deskbell-1", "read").await;
    for client_id in ["a\u{1}", &"a".repeat(9000)] {
        let body = refused(&stage, nginx, &[key.header(), ("User-Api-Client-Id", client_id)], 400).json();
        assert_eq!(body["error_type"], "invalid_parameters");
    }
}

#[actix_web::test]
async fn over_the_limit_the_client_gets_429_and_is_told_when_to_come_back_l2() {
    let stage = Stage::new(&[("user_api.max_user_api_reqs_per_minute", "2")]);
    for proxy in &stage.proxies {
        let key = stage.key(proxy.proxy.word(), "read").await;
        for _ in 0..2 {
            let response = proxy.get("/api/books", &[key.header()]);
            assert_eq!(response.status, 200, "{response:?}");
            assert!(response.header("ratelimit").contains("r="), "{:?}: {response:?}", proxy.proxy);
            assert!(response.header("ratelimit-policy").contains("w=60"), "{:?}: {response:?}", proxy.proxy);
            stage.shop.take_one();
        }
        let response = refused(&stage, proxy, &[key.header()], 429);
        let seconds: u64 = response.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{response:?}");
        assert_eq!(response.header("discourse-rate-limit-error-code"), "user_api_key_limiter_60_secs");
        assert!(response.header("ratelimit").contains("r=0"), "{response:?}");
        assert!(response.header("ratelimit-policy").contains("w=60"), "{response:?}");
        let body = response.json();
        assert_eq!((&body["error_type"], &body["extras"]["wait_seconds"]), (&json!("rate_limit"), &json!(seconds)));
        assert!(body["extras"]["time_left"].is_string(), "{body}");
    }
}

#[actix_web::test]
async fn a_proxy_that_is_no_peer_is_heard_with_the_secret_and_not_without_w8_l7() {
    let secret = "0123456789abcdef0123456789abcdef";
    let stage = Stage::new(&[("verify.peers", "192.0.2.1"), ("verify.secret", secret)]);
    let key = stage.key("deskbell-1", "read").await;
    for proxy in &stage.proxies {
        // The client's own word for the secret is not the proxy's.
        refused(&stage, proxy, &[key.header(), ("Hallpass-Secret", secret)], 403);
        let port = free_port();
        let wiring = Wiring::of(&stage.hallpass, &stage.shop);
        let settings = [("verify.secret", secret)];
        let recipe = wiring.printed(proxy.proxy.word(), port, "/", &settings, &["--with-secret"]);
        let trusted = Running::start(proxy.proxy, port, &recipe);
        let response = trusted.get("/api/books", &[key.header(), ("Hallpass-Secret", "guessed")]);
        assert_eq!(response.status, 200, "{response:?}\n{}", trusted.log());
        let arrived = format!("{:?}", stage.shop.take_one());
        assert!(!arrived.contains(secret) && !arrived.contains("guessed"), "{:?}: {arrived}", proxy.proxy);
    }
}

#[actix_web::test]
async fn a_guesser_who_invents_addresses_is_one_guesser_w8_l4() {
    let stage = Stage::new(&[("limits.unknown_keys_per_address_per_minute", "2")]);
    // Envoy has this machine's own address for a client on it, so it starts afresh.
    for proxies in [&[Proxy::Nginx, Proxy::Caddy][..], &[Proxy::Envoy]] {
        let mut statuses = Vec::new();
        for proxy in stage.proxies.iter().filter(|proxy| proxies.contains(&proxy.proxy)) {
            for tries in 0..3 {
                let key = format!("{:02}{}", tries, &UNKNOWN[2..]);
                let address = format!("198.51.100.{tries}");
                let headers = [("User-Api-Key", key.as_str()), ("X-Forwarded-For", &address), ("X-Real-IP", &address)];
                statuses.push(proxy.get("/api/books", &headers).status);
            }
        }
        assert!(statuses.starts_with(&[403, 403, 429]), "{proxies:?}: {statuses:?}");
        assert!(statuses[2..].iter().all(|status| *status == 429), "{proxies:?}: {statuses:?}");
    }
}

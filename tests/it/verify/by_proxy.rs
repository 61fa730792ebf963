//! `/verify`, as reverse proxies ask it.

use std::time::Duration;

use reqwest::Method;

use super::said;
use crate::support::{Answer, TestApp, Visitor};

const IDENTITY: [&str; 8] = [
    "remote-user",
    "remote-groups",
    "remote-name",
    "remote-email",
    "hallpass-user-id",
    "hallpass-scopes",
    "hallpass-client-id",
    "hallpass-key-id",
];

/// nginx, with a request for the site.
fn nginx(site: &TestApp, method: &str, uri: &str) -> Visitor {
    Visitor::new(&site.internal).with("X-Original-Method", method).with("X-Original-URI", uri)
}

/// A key of Ada's, whose account has everything that can be told.
async fn key(site: &TestApp, scopes: &str) -> String {
    site.account("ada", |ada| {
        ada.name = "Ada Lövelace, Countess\n".to_owned();
        ada.email = Some(hallpass::model::Email::parse("ada@example.org").unwrap());
        ada.named_groups.insert(hallpass::model::Group::parse("editors").unwrap());
        ada.staff.moderator = true;
    })
    .await;
    let ada = site.sign_in("ada").await;
    site.client_app().scopes(scopes).set("client_id", "deskbell-7").approved_by(&ada).await.key
}

fn identity(answer: &Answer) -> [String; 8] {
    IDENTITY.map(|name| {
        let value = answer.headers.get(name).unwrap_or_else(|| panic!("{name} is missing in {answer:?}"));
        String::from_utf8(value.as_bytes().to_vec()).unwrap()
    })
}

fn reason(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["reason"].as_str().unwrap_or_default().to_owned())
}

#[actix_web::test]
async fn a_good_key_is_told_with_its_owner_and_its_limits_and_an_empty_body_w9() {
    let site = TestApp::start().await;
    let key = key(&site, "read,session_info").await;
    let answer = nginx(&site, "GET", "/books?page=2").with("User-Api-Key", &key).get("/verify").await;
    assert_eq!((answer.status, answer.body.as_str(), answer.header("content-length")), (200, "", "0"));
    let groups = "editors,moderators,staff,trust_level_0";
    let told = identity(&answer);
    let mut given: Vec<&str> = told[1].split(',').collect();
    given.sort_unstable();
    assert_eq!(given.join(","), groups);
    let others = [&told[0], &told[2], &told[3], &told[4], &told[5], &told[6], &told[7]];
    assert_eq!(
        others,
        ["ada", "Ada Lövelace, Countess", "ada@example.org", "1", "read,session_info", "deskbell-7", "1"]
    );
    assert_eq!(answer.header("ratelimit-policy"), r#""minute";q=20;w=60, "day";q=2880;w=86400"#);
    assert_eq!(answer.header("ratelimit"), r#""minute";r=19;t=60, "day";r=2879;t=86400"#);
}

#[actix_web::test]
async fn traefik_and_caddy_ask_by_other_headers_and_a_bearer_is_a_key_too_k4() {
    let site = TestApp::start().await;
    let key = key(&site, "read").await;
    let caddy = Visitor::new(&site.internal)
        .with("X-Forwarded-Method", "GET")
        .with("X-Forwarded-Uri", "/books")
        .with("X-Forwarded-Host", "books.example");
    let bearer = |value: &str| caddy.with("Authorization", value);
    assert_eq!(bearer(&format!("Bearer {key}")).get("/verify").await.status, 200);
    assert_eq!(bearer(&format!("bearer  {key}")).get("/verify").await.status, 200);
    // Whatever has not the shape of a key is the site's own business.
    for value in ["Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", "Basic YWRhOnB3", "Bearer", &format!("Token {key}")] {
        assert_eq!(bearer(value).get("/verify").await.status, 401, "{value}");
        assert_eq!(bearer(value).with("User-Api-Key", &key).get("/verify").await.status, 200, "{value}");
    }
    // Asked with whatever method, as proxies hand the client's own on.
    let posted = caddy.with("User-Api-Key", &key).request(Method::POST, "/verify", None).await;
    assert_eq!(posted.status, 200);
}

#[actix_web::test]
async fn envoy_asks_with_the_clients_method_and_its_path_behind_a_prefix_w10() {
    let site = TestApp::start().await;
    let key = key(&site, "notifications").await;
    let envoy = Visitor::new(&site.internal).with("User-Api-Key", &key);
    assert_eq!(envoy.get("/verify/envoy/notifications?limit=3").await.status, 200);
    assert_eq!(envoy.post("/verify/envoy/notifications").await.status, 403);
    assert_eq!(envoy.request(Method::PUT, "/verify/envoy/notifications/read", None).await.status, 200);
    assert_eq!(envoy.get("/verify/envoy/elsewhere").await.status, 403);
    // What the client writes about its request counts for nothing here.
    let spoofed = envoy.with("X-Original-Method", "GET").with("X-Original-URI", "/notifications");
    assert_eq!(spoofed.get("/verify/envoy/elsewhere").await.status, 403);
    assert_eq!(Visitor::new(&site.internal).get("/verify/envoy/notifications").await.status, 401);
}

#[actix_web::test]
async fn two_different_keys_are_refused_and_the_same_one_twice_is_one_k5() {
    let site = TestApp::start().await;
    let key = key(&site, "read").await;
    let asked = nginx(&site, "GET", "/books").with("User-Api-Key", &key);
    let other = "0123456789abcdef0123456789abcdef";
    let both = asked.with("Authorization", &format!("Bearer {other}")).get("/verify").await;
    assert_eq!(reason(&both), (403, "two_credentials".to_owned()));
    assert_eq!(asked.with("Authorization", &format!("Bearer {key}")).get("/verify").await.status, 200);
    let public = site.anonymous().with("User-Api-Key", &key).with("Authorization", &format!("Bearer {other}"));
    assert_eq!(public.json().get("/session/current").await.status, 403);
}

#[actix_web::test]
async fn nobody_is_asked_for_a_key_unless_nobody_is_welcome_w9() {
    let site = TestApp::start().await;
    let refused = nginx(&site, "GET", "/books").get("/verify").await;
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, "Bearer realm=\"user API key\""));
    assert_eq!(refused.json()["error_type"], "not_logged_in");

    let open = site.beside(&[("verify.anonymous", "allow")]).await;
    let welcome = nginx(&open, "GET", "/books").with("Remote-User", "root").get("/verify").await;
    assert_eq!((welcome.status, welcome.body.as_str()), (200, ""));
    assert_eq!(identity(&welcome), [const { String::new() }; 8]);
    // A key that is no good does not become nobody.
    let bad = nginx(&open, "GET", "/books").with("User-Api-Key", "x").get("/verify").await;
    assert_eq!(bad.status, 403);
}

#[actix_web::test]
async fn the_word_of_the_proxy_has_to_be_one_word_w8_w10() {
    let site = TestApp::start().await;
    let key = key(&site, "notifications").await;
    let program = Visitor::new(&site.internal).with("User-Api-Key", &key);
    let ask = async |headers: &[(&str, &str)]| {
        let asked =
            headers.iter().fold(program.with("X-Real-IP", "::1"), |asked, (name, value)| asked.with(name, value));
        let answer = asked.get("/verify").await;
        if answer.status == 200 { (200, String::new()) } else { reason(&answer) }
    };
    let original = [("X-Original-Method", "GET"), ("X-Original-URI", "/admin")];
    let forwarded = [("X-Forwarded-Method", "GET"), ("X-Forwarded-Uri", "/notifications")];
    let differ = (403, "two_original_requests".to_owned());
    assert_eq!(ask(&[original, forwarded].concat()).await, differ);
    assert_eq!(
        ask(&[original[0], ("X-Original-URI", "/notifications"), forwarded[0], ("X-Forwarded-Uri", "/admin")]).await,
        differ
    );
    assert_eq!(ask(&[original[0], ("X-Original-URI", "/notifications"), forwarded[0], forwarded[1]]).await.0, 200);
    let missing = (403, "no_original_request".to_owned());
    for half in [&[][..], &original[..1], &original[1..], &forwarded[..1], &[original[0], forwarded[1]]] {
        assert_eq!(ask(half).await, missing, "{half:?}");
    }
}

#[actix_web::test]
async fn every_refusal_has_its_status_and_the_protocols_body_k3_l2() {
    let site = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "2")]).await;
    let key = key(&site, "notifications").await;
    let with = |key: &str| nginx(&site, "GET", "/notifications").with("User-Api-Key", key);
    let malformed = with("nonsense").get("/verify").await;
    let unknown = with(&"0".repeat(32)).get("/verify").await;
    assert_eq!(said(&malformed), said(&unknown));
    assert_eq!((unknown.status, &unknown.json()["error_type"]), (403, &"invalid_access".into()));
    let scope = nginx(&site, "GET", "/admin").with("User-Api-Key", &key).get("/verify").await;
    assert_eq!((scope.status, scope.header("content-type")), (403, "application/json; charset=utf-8"));
    assert_eq!(with(&key).get("/verify").await.status, 200);
    let limited = with(&key).get("/verify").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"));
    assert_eq!(limited.header("discourse-rate-limit-error-code"), "user_api_key_limiter_60_secs");
    assert_eq!(limited.header("ratelimit"), r#""minute";r=0;t=60, "day";r=2878;t=86400"#);
    assert_eq!(limited.json()["extras"]["wait_seconds"], 60);
    let ambiguous = nginx(&site, "GET", "/notifications/%2e%2e/admin").with("User-Api-Key", &key).get("/verify").await;
    assert_eq!(ambiguous.status, 429, "the limit comes before the path");
    site.clock.advance(Duration::from_mins(1));
    let ambiguous = nginx(&site, "GET", "/notifications/%2e%2e/admin").with("User-Api-Key", &key).get("/verify").await;
    assert_eq!(ambiguous.status, 403);
}

#[actix_web::test]
async fn a_proxy_that_passes_on_403_only_gets_403_with_everything_else_as_it_was() {
    let site = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "1")]).await;
    let key = key(&site, "read").await;
    let program = nginx(&site, "GET", "/books").with("User-Api-Key", &key);
    assert_eq!(program.get("/verify?deny_as=403").await.status, 200);
    let limited = program.get("/verify?deny_as=403").await;
    assert_eq!((limited.status, limited.header("retry-after")), (403, "60"));
    assert_eq!(limited.json()["error_type"], "rate_limit");
    assert_eq!(nginx(&site, "GET", "/books").get("/verify?deny_as=403").await.status, 401);
}

#[actix_web::test]
async fn only_peers_and_those_who_know_the_secret_may_ask_w8_l7() {
    let secret = "a secret of more than thirty-two characters";
    let site = TestApp::with(&[("verify.peers", "10.0.0.0/8"), ("verify.secret", secret)]).await;
    let key = key(&site, "read").await;
    let stranger = nginx(&site, "GET", "/books").with("User-Api-Key", &key);
    assert_eq!(reason(&stranger.get("/verify").await), (403, "not_a_peer".to_owned()));
    assert_eq!(reason(&stranger.with("X-Forwarded-For", "10.0.0.1").get("/verify").await).0, 403);
    assert_eq!(stranger.with("Hallpass-Secret", "guessed").get("/verify").await.status, 403);
    assert_eq!(stranger.with("Hallpass-Secret", secret).get("/verify").await.status, 200);
    assert_eq!(site.anonymous().with("Hallpass-Secret", secret).get("/verify").await.status, 404, "not in public");
}

#[actix_web::test]
async fn one_guesser_shuts_nobody_else_out_l4_w8() {
    let site = TestApp::with(&[("limits.unknown_keys_per_address_per_minute", "2")]).await;
    let good = key(&site, "read").await;
    let from = |address: &str, key: &str| {
        nginx(&site, "GET", "/books").with("X-Forwarded-For", address).with("User-Api-Key", key)
    };
    for (number, status) in [(1, 403), (2, 403), (3, 429), (4, 429)] {
        let guess = from("198.51.100.7", &format!("{number:032x}")).get("/verify").await;
        assert_eq!(guess.status, status, "{number}");
    }
    assert_eq!(from("198.51.100.8", &format!("{:032x}", 5)).get("/verify").await.status, 403);
    assert_eq!(from("198.51.100.8", &good).get("/verify").await.status, 200);
    // A key in use goes on, also behind the guesser's own address.
    assert_eq!(from("198.51.100.7", &good).get("/verify").await.status, 200);
    // The client's own word on where it is does not count.
    // Nor does what is no address before it, nor the port that some proxies write behind it.
    for (number, told) in [(6, "203.0.113.9, 198.51.100.7"), (7, "\u{ff}, 198.51.100.7"), (8, "198.51.100.7:5678")] {
        let claimed = from(told, &format!("{number:032x}")).get("/verify").await;
        assert_eq!(claimed.status, 429, "{told}");
    }
}

#[actix_web::test]
async fn what_the_site_asks_counts_as_use_and_moves_the_key_as_the_protocol_has_it_c278_c279() {
    let site = TestApp::start().await;
    let key = key(&site, "read").await;
    site.clock.advance(Duration::from_secs(7));
    let program = nginx(&site, "GET", "/books").with("User-Api-Key", &key);
    let moved = program.with("User-Api-Client-Id", "deskbell-8").get("/verify").await;
    assert_eq!((moved.status, moved.header("hallpass-client-id")), (200, "deskbell-8"));
    assert_eq!(program.get("/verify").await.header("hallpass-client-id"), "deskbell-8");
    site.flush().await;
    let used = site.number("SELECT last_used_at - created_at FROM user_api_keys");
    assert_eq!(used, Some(7_000_000));
}

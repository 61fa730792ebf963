//! What guessing keys costs, and whom.

use std::time::Duration;

use hallpass::store::StoreError;
use serde_json::json;

use crate::support::{TestApp, Visitor};

/// Three a minute of an address, which a proxy on this machine says.
const THREE_GUESSES: [(&str, &str); 2] =
    [("limits.unknown_keys_per_address_per_minute", "3"), ("server.trusted_proxies", "127.0.0.0/8")];

#[actix_web::test]
async fn who_guesses_too_often_waits_without_a_look_up_and_nobody_else_does_l4_w8() {
    let site = TestApp::with(&THREE_GUESSES).await;
    let good = site.key("read").await;
    let from = |address: &str| good.with("X-Forwarded-For", address);
    let guess = |number: u32| format!("{number:032x}");
    for number in 0..3 {
        let guesser = from("198.51.100.7").with("User-Api-Key", &guess(number));
        assert_eq!(guesser.get("/about.json").await.status, 403);
        site.clock.advance(Duration::from_secs(10));
    }
    let guesser = from("198.51.100.7").with("User-Api-Key", &guess(3));
    let limited = guesser.get("/about.json").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "30"));
    assert_eq!(limited.json()["error_type"], "rate_limit");
    assert_eq!(limited.header("discourse-rate-limit-error-code"), "");

    // Neither another address nor one that is only claimed by the guesser's own hop is touched.
    assert_eq!(from("198.51.100.8").get("/about.json").await.status, 200);
    let invented = from("203.0.113.1, 198.51.100.7").with("User-Api-Key", &guess(4));
    assert_eq!(invented.get("/about.json").await.status, 429);
    let neighbour = from("198.51.100.8").with("User-Api-Key", &guess(5));
    assert_eq!(neighbour.get("/about.json").await.status, 403);

    site.execute("ALTER TABLE user_api_keys RENAME TO elsewhere").await;
    assert_eq!(guesser.get("/about.json").await.status, 429);
    assert_eq!(neighbour.get("/about.json").await.status, 403, "what was looked up in vain is remembered");
    let stranger = from("198.51.100.8").with("User-Api-Key", &guess(6));
    assert_eq!(stranger.get("/about.json").await.status, 500, "the test knows a look-up when it sees one");
    site.execute("ALTER TABLE elsewhere RENAME TO user_api_keys").await;

    site.clock.advance(Duration::from_secs(29));
    assert_eq!(guesser.get("/about.json").await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(guesser.get("/about.json").await.status, 403);
}

#[actix_web::test]
async fn a_key_that_was_touched_goes_on_behind_the_address_of_a_guesser_and_one_that_ended_is_a_guess_l4() {
    let site = TestApp::with(&THREE_GUESSES).await;
    let good = site.key("read").await;
    let from = |address: &str| good.with("X-Forwarded-For", address);
    assert_eq!(from("198.51.100.7").get("/about.json").await.status, 200);
    for number in 0..3 {
        let guesser = from("198.51.100.7").with("User-Api-Key", &format!("{number:032x}"));
        assert_eq!(guesser.get("/about.json").await.status, 403);
    }
    // Whatever is written to all keys has them looked up again.
    site.app.cx.store.write(|_| Ok::<_, StoreError>(())).await.unwrap();
    assert_eq!(from("198.51.100.7").get("/about.json").await.status, 200);
    site.execute("UPDATE user_api_keys SET revoked_at = 1").await;
    for _ in 0..2 {
        assert_eq!(from("198.51.100.7").get("/about.json").await.status, 429);
    }
    assert_eq!(from("198.51.100.8").get("/about.json").await.status, 403);
    site.execute("DELETE FROM user_api_keys").await;
    for _ in 0..2 {
        assert_eq!(from("198.51.100.7").get("/about.json").await.status, 429);
    }
}

#[actix_web::test]
async fn without_a_trusted_proxy_the_header_of_a_guesser_changes_nothing_l4_w8() {
    let site = TestApp::with(&[("limits.unknown_keys_per_address_per_minute", "2")]).await;
    let mut answers = Vec::new();
    for number in 0..4 {
        let guesser = site.anonymous().with("User-Api-Key", &format!("{number:032x}"));
        let address = format!("198.51.100.{number}");
        answers.push(guesser.with("X-Forwarded-For", &address).get("/about.json").await.status);
    }
    assert_eq!(answers, [403, 403, 429, 429]);
}

#[actix_web::test]
async fn a_key_that_ended_costs_what_one_costs_that_never_was_k3_l4() {
    let ended = [
        "UPDATE user_api_keys SET revoked_at = 1",
        "UPDATE user_api_keys SET expires_at = 1",
        "UPDATE user_api_keys SET replaced_until = 1",
    ];
    for end in ended {
        let site = TestApp::with(&THREE_GUESSES).await;
        let dead = site.key("read").await;
        site.execute(end).await;
        let from = |address: &str| dead.with("X-Forwarded-For", address);
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(from("198.51.100.7").get("/about.json").await.status);
        }
        assert_eq!(answers, [403, 403, 403, 429], "{end}");
        let guesser = from("198.51.100.7").with("User-Api-Key", &"0".repeat(32));
        assert_eq!(guesser.get("/about.json").await.status, 429, "{end}");
        assert_eq!(from("198.51.100.8").get("/about.json").await.status, 403, "{end}");
    }
}

const SECRET: &str = "a secret of more than thirty-two characters";

/// The site's back end, which shows this key; it names the client or not.
async fn back_end_asks(site: &TestApp, key: &str, client: Option<&str>) -> String {
    let back_end = Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"));
    let mut question = json!({ "key": key, "method": "GET", "uri": "/books" });
    if let Some(client) = client {
        question["address"] = client.into();
    }
    back_end.post_json("/verify.json", &question).await.json()["code"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_guesser_behind_a_back_end_that_names_no_client_shuts_nobody_out_l4_l7() {
    let site = TestApp::with(&[("limits.unknown_keys_per_address_per_minute", "3"), ("verify.secret", SECRET)]).await;
    let ada = site.user("ada").await;
    let mut keys = Vec::new();
    for client in ["one", "two", "three"] {
        keys.push(site.client_app().set("client_id", client).approved_by(&ada).await.key);
    }
    let back_end = Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"));
    for number in 0..20 {
        assert_eq!(back_end_asks(&site, &format!("{number:032x}"), None).await, "unknown");
        let guess = format!("{:032x}", number + 100);
        let told = back_end.post_form("/introspect", &[("token", guess.as_str())]).await;
        assert_eq!(told.json(), json!({ "active": false }), "{told:?}");
    }
    // None of these keys was ever asked about, so none is in memory.
    assert_eq!(back_end_asks(&site, &keys[0], None).await, "valid");
    let told = back_end.post_form("/introspect", &[("token", keys[1].as_str())]).await;
    assert_eq!(told.json()["active"], true);
    let proxy = Visitor::new(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/books");
    assert_eq!(proxy.with("User-Api-Key", &keys[2]).get("/verify").await.status, 200);
}

#[actix_web::test]
async fn a_client_that_the_back_end_names_answers_for_itself_in_introspection_too_l4_l7() {
    let site = TestApp::with(&[("limits.unknown_keys_per_address_per_minute", "2"), ("verify.secret", SECRET)]).await;
    let back_end = Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"));
    let guess = async |number: u32, client: &str| {
        let token = format!("{number:032x}");
        back_end.post_form("/introspect", &[("token", token.as_str()), ("address", client)]).await
    };
    assert_eq!(guess(1, "198.51.100.7").await.status, 200);
    assert_eq!(back_end_asks(&site, &format!("{:032x}", 2), Some("198.51.100.7")).await, "unknown");
    let limited = guess(3, "198.51.100.7").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"), "{limited:?}");
    assert_eq!(back_end_asks(&site, &format!("{:032x}", 4), Some("198.51.100.7")).await, "limited_address");
    assert_eq!(guess(5, "198.51.100.8").await.status, 200);
    let wrong = guess(6, "home").await;
    assert_eq!((wrong.status, wrong.json()["reason"].as_str()), (400, Some("invalid_address")));
}

#[actix_web::test]
async fn whoever_asks_for_others_has_a_limit_of_its_own_whatever_addresses_it_names_l7() {
    let settings = [("limits.unknown_keys_per_caller_per_minute", "3"), ("verify.secret", SECRET)];
    let site = TestApp::with(&settings).await;
    let ada = site.user("ada").await;
    let key = async |client: &str| site.client_app().set("client_id", client).approved_by(&ada).await.key;
    let (warm, cold) = (key("warm").await, key("cold").await);
    assert_eq!(back_end_asks(&site, &warm, None).await, "valid");
    let proxy = |address: &str, key: &str| {
        let proxy = Visitor::new(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/books");
        proxy.with("X-Forwarded-For", address).with("User-Api-Key", key)
    };
    assert_eq!(back_end_asks(&site, &format!("{:032x}", 1), Some("198.51.100.1")).await, "unknown");
    assert_eq!(back_end_asks(&site, &format!("{:032x}", 2), None).await, "unknown");
    assert_eq!(proxy("198.51.100.3", &format!("{:032x}", 3)).get("/verify").await.status, 403);
    let refused = proxy("198.51.100.4", &format!("{:032x}", 4)).get("/verify").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    assert_eq!(back_end_asks(&site, &format!("{:032x}", 5), Some("198.51.100.5")).await, "limited_caller");
    assert_eq!(back_end_asks(&site, &cold, Some("198.51.100.6")).await, "limited_caller");
    // What is in memory costs the database nothing, and what comes in public has nobody between.
    assert_eq!(back_end_asks(&site, &warm, None).await, "valid");
    let public = site.anonymous().with("User-Api-Key", &cold);
    assert_eq!(public.get("/about.json").await.status, 200);
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(back_end_asks(&site, &format!("{:032x}", 6), None).await, "unknown");
}

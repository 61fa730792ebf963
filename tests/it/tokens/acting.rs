//! The site's back end makes requests as users, with its own key.

use serde_json::{Value, json};

use super::{forum, request};
use crate::support::{TestApp, Visitor};

const SECRET: &str = "a secret of more than thirty-two characters";

/// How many calls are in the log.
fn lines(site: &TestApp) -> Option<i64> {
    site.number("SELECT count(*) FROM audit_log WHERE event = 'admin_called'")
}

/// A request as the user with this id, of a back end beside the proxy.
fn act(site: &TestApp, key: &str, user: &str, uri: &str) -> Visitor {
    act_for_nobody_knows_whom(site, key, user, uri).with("X-Forwarded-For", "127.0.0.1")
}

/// The same, where the proxy does not say whose request it is.
fn act_for_nobody_knows_whom(site: &TestApp, key: &str, user: &str, uri: &str) -> Visitor {
    request(site, "GET", uri).with("XF-Api-Key", key).with("XF-Api-User", user)
}

#[actix_web::test]
async fn a_key_that_acts_for_a_user_sees_what_the_user_may_see_k12() {
    let site = forum(&[]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    let answer = act(&site, &key, "1", "/press/1").get("/verify").await;
    assert_eq!((answer.status, answer.header("remote-user"), answer.header("hallpass-user-id")), (200, "ada", "1"));
    assert_eq!((answer.header("hallpass-scopes"), answer.header("hallpass-key-id")), ("", ""));
    for (user, uri, status) in [
        ("1", "/staff/1", 403),
        ("2", "/press/1", 403),
        ("2", "/books", 200),
        ("3", "/staff/1", 200),
        ("9", "/books", 403),
    ] {
        assert_eq!(act(&site, &key, user, uri).get("/verify").await.status, status, "{user} {uri}");
    }
    for bad in ["/a/../b", ""] {
        assert_eq!(act(&site, &key, "1", bad).get("/verify").await.status, 403, "{bad}");
    }
    site.full_back_end().await.patch_json("/admin/users/1", &json!({ "suspended": true })).await;
    assert_eq!(act(&site, &key, "1", "/books").get("/verify").await.status, 403);
}

#[actix_web::test]
async fn only_a_key_with_the_scope_for_it_goes_past_the_rules_and_only_where_it_says_so_k12() {
    let site = forum(&[]).await;
    let (_, plain) = site.admin_key("users:act", "127.0.0.1").await;
    let (_, full) = site.admin_key("users:act,users:bypass", "127.0.0.1").await;
    let status = async |key: &str, bypass: &str| {
        let asked = act(&site, key, "2", "/staff/1").with("XF-Api-Bypass-Permissions", bypass);
        asked.get("/verify").await.status
    };
    assert_eq!((status(&full, "1").await, status(&full, "0").await, status(&full, "true").await), (200, 403, 403));
    assert_eq!((status(&plain, "1").await, status(&plain, "0").await), (403, 403));
}

#[actix_web::test]
async fn no_other_key_acts_for_a_user_k12_l11() {
    let site = forum(&[]).await;
    let back_end = site.full_back_end().await;
    let of_user = super::key(&back_end, "bob", &["read"]).await;
    let (_, reads) = site.admin_key("users:read,users:bypass", "127.0.0.1").await;
    let (_, elsewhere) = site.admin_key("users:act", "10.0.0.0/8").await;
    for key in [&of_user, &reads, &elsewhere, &"0".repeat(32)] {
        assert_eq!(act(&site, key, "1", "/books").get("/verify").await.status, 403);
    }
    let (_, good) = site.admin_key("users:act", "127.0.0.1").await;
    assert_eq!(
        request(&site, "GET", "/books").with("XF-Api-Key", &good).get("/verify").await.status,
        403,
        "for nobody"
    );
    let (url, client) = (format!("{}/verify", site.internal), reqwest::Client::new());
    let two = client.get(url).header("X-Original-Method", "GET").header("X-Original-URI", "/books");
    let two = two
        .header("X-Forwarded-For", "127.0.0.1")
        .header("XF-Api-Key", &good)
        .header("XF-Api-User", "1")
        .header("XF-Api-User", "2");
    assert_eq!(two.send().await.unwrap().status(), 403, "for two");
}

#[actix_web::test]
async fn a_key_bound_to_an_address_is_refused_where_the_proxy_names_no_client_k9_k12_w8() {
    let site = forum(&[]).await;
    let (_, bound) = site.admin_key("users:act", "127.0.0.1").await;
    let (_, anywhere) = site.admin_key("users:act", "0.0.0.0/0,::/0").await;
    let from = async |key: &str, forwarded: &str| {
        let asked = act_for_nobody_knows_whom(&site, key, "1", "/books").with("X-Forwarded-For", forwarded);
        asked.get("/verify").await.status
    };
    for forwarded in ["junk", "unix:", "", "127.0.0.1, junk", "junk, 127.0.0.1", "192.0.2.7"] {
        assert_eq!((from(&bound, forwarded).await, from(&anywhere, forwarded).await), (403, 200), "{forwarded}");
    }
    assert_eq!(act_for_nobody_knows_whom(&site, &bound, "1", "/books").get("/verify").await.status, 403);
    assert_eq!((from(&bound, "127.0.0.1").await, from(&bound, "192.0.2.7, 127.0.0.1").await), (200, 403));
}

#[actix_web::test]
async fn guesses_of_clients_that_nobody_names_shut_no_back_end_out_l4() {
    let site = forum(&[("limits.unknown_keys_per_address_per_minute", "2")]).await;
    let back_end = site.full_back_end().await;
    for (number, status) in [(1, 403), (2, 403), (3, 429)] {
        let guess = act_for_nobody_knows_whom(&site, &format!("{number:032x}"), "1", "/books");
        assert_eq!(guess.with("X-Forwarded-For", "unix:").get("/verify").await.status, status);
    }
    assert_eq!(back_end.get("/admin/users").await.status, 200);
}

#[actix_web::test]
async fn a_key_acts_no_more_often_than_the_operator_lets_it_l1() {
    let site = forum(&[("limits.acting_per_admin_key_per_minute", "2")]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    for (user, status) in [("1", 200), ("2", 200), ("3", 429)] {
        assert_eq!(act(&site, &key, user, "/books").get("/verify").await.status, status);
    }
    let (_, other) = site.admin_key("users:act", "127.0.0.1").await;
    assert_eq!(act(&site, &other, "1", "/books").get("/verify").await.status, 200);
}

#[actix_web::test]
async fn what_is_over_the_limit_fills_no_log_whatever_is_wrong_with_it_beside_l1_l9() {
    let site = forum(&[("limits.acting_per_admin_key_per_minute", "2")]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    let (_, reads) = site.admin_key("users:read", "127.0.0.1").await;
    for key in [&key, &reads] {
        for _ in 0..5 {
            act(&site, key, "1", "/staff/1").get("/verify").await;
            act(&site, key, "9", "/books").get("/verify").await;
        }
        assert_eq!(act(&site, key, "1", "/books").get("/verify").await.status, 429);
    }
    assert_eq!(lines(&site), Some(4), "of each key the first two");
}

/// What the back end hears when it asks whether this key may read this, for whom it says.
async fn asked(site: &TestApp, key: &str, more: Value) -> Value {
    let mut asked = json!({ "key": key, "method": "GET", "uri": "/press/1", "address": "127.0.0.1" });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let back_end = Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"));
    let answer = back_end.post_json("/verify.json", &asked).await;
    assert!(matches!(answer.status, 200 | 400), "{answer:?}");
    answer.json()
}

#[actix_web::test]
async fn the_back_end_may_ask_the_same_and_hears_why_not_k12() {
    let site = forum(&[("verify.secret", SECRET)]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    let (_, full) = site.admin_key("users:act,users:bypass", "127.0.0.1").await;
    let (_, reads) = site.admin_key("users:read", "127.0.0.1").await;
    for who in [json!({ "user_id": 1 }), json!({ "username": "Ada" })] {
        let told = asked(&site, &key, who).await;
        assert_eq!(
            told,
            json!({
                "valid": true, "code": "valid", "key_id": null,
                "user": { "id": 1, "username": "ada", "name": "", "email": null, "groups": ["trust_level_0", "press"] },
                "scopes": [], "client_id": null, "application_name": null, "expires_at": null, "limits": null,
            })
        );
    }
    for (key, more, code) in [
        (&key, json!({ "user_id": 2 }), "access"),
        (&key, json!({ "user_id": 9 }), "no_such_user"),
        (&key, json!({ "username": "carol" }), "no_such_user"),
        (&key, json!({ "user_id": 1, "uri": "/a/../b" }), "ambiguous"),
        (&key, json!({ "user_id": 1, "address": "192.0.2.7" }), "unknown"),
        (&key, json!({ "user_id": 2, "bypass_permissions": true }), "scope"),
        (&full, json!({ "user_id": 2, "bypass_permissions": true }), "valid"),
        (&full, json!({ "user_id": 2, "bypass_permissions": false }), "access"),
        (&reads, json!({ "user_id": 1 }), "scope"),
        (&"0".repeat(32), json!({ "user_id": 1 }), "unknown"),
        (&key, json!({}), "unknown"),
    ] {
        let told = asked(&site, key, more.clone()).await;
        assert_eq!((&told["valid"], &told["code"]), (&json!(code == "valid"), &json!(code)), "{more}");
    }
    site.full_back_end().await.patch_json("/admin/users/1", &json!({ "suspended": true })).await;
    assert_eq!(asked(&site, &key, json!({ "user_id": 1, "uri": "/books" })).await["code"], "suspended");
}

#[actix_web::test]
async fn a_question_about_acting_that_is_not_whole_is_refused_k12_l11() {
    let site = forum(&[("verify.secret", SECRET)]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    for (more, named) in [
        (json!({ "user_id": 1, "address": null }), "address"),
        (json!({ "user_id": 1, "address": "home" }), "address"),
        (json!({ "user_id": 1, "uri": null }), "uri"),
        (json!({ "user_id": 1, "bypass_permissions": "perhaps" }), "bypass_permissions"),
        (json!({ "user_id": 1, "username": "ada" }), "username and user_id"),
    ] {
        let refused = asked(&site, &key, more.clone()).await;
        assert!(refused["errors"][0].as_str().is_some_and(|told| told.contains(named)), "{more} {refused}");
    }
    assert_eq!(lines(&site), Some(0));
}

#[actix_web::test]
async fn what_the_back_end_asks_about_acting_is_limited_and_in_the_log_too_l1_l9() {
    let site = forum(&[("verify.secret", SECRET), ("limits.acting_per_admin_key_per_minute", "2")]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    for (user, code) in [(1, "valid"), (2, "access"), (1, "limited_minute"), (1, "limited_minute")] {
        let told = asked(&site, &key, json!({ "user_id": user })).await;
        let waits = told["retry_after"].as_u64().is_some_and(|seconds| (1..=60).contains(&seconds));
        assert_eq!((told["code"].as_str(), waits), (Some(code), code == "limited_minute"), "{told}");
    }
    assert_eq!(act(&site, &key, "1", "/books").get("/verify").await.status, 429, "one limit for both");
    let lines = site.full_back_end().await.get("/admin/audit?event=admin_called").await.json();
    let about: Vec<_> =
        lines["items"].as_array().unwrap().iter().map(|line| (&line["route"], &line["actor_id"])).collect();
    let route = json!("GET /verify.json");
    assert_eq!(about[1..], [(&route, &json!(2)), (&route, &json!(1))]);
}

#[actix_web::test]
async fn introspection_knows_no_admin_key_l7() {
    let site = forum(&[("verify.secret", SECRET)]).await;
    let (_, key) = site.admin_key("users:act", "127.0.0.1").await;
    let back_end = Visitor::new(&site.internal).with("Authorization", &format!("Bearer {SECRET}"));
    let told = back_end.post_form("/introspect", &[("token", key.as_str()), ("user_id", "1")]).await;
    assert_eq!((told.status, told.json()), (200, json!({ "active": false })));
}

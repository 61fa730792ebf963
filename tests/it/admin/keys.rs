//! `/admin/keys`, and keys made in a user's name.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, TestApp, Visitor};

fn proxy(site: &TestApp, key: &str) -> Visitor {
    let proxy = Visitor::new(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/books");
    proxy.with("User-Api-Key", key)
}

#[actix_web::test]
async fn keys_are_listed_read_and_ended() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let key = site.client_app().set("client_id", "deskbell-7").approved_by(&ada).await.key;
    site.client_app().set("client_id", "deskbell-8").approved_by(&bob).await;
    let back_end = site.full_back_end().await;
    let ids = async |query: &str| {
        let page = back_end.get(&format!("/admin/keys{query}")).await.json();
        page["items"].as_array().unwrap().iter().map(|key| key["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((ids("").await, ids("?user_id=2").await, ids("?user_id=9").await), (vec![1, 2], vec![2], vec![]));
    site.clock.advance(Duration::from_secs(5));
    assert_eq!(proxy(&site, &key).get("/verify").await.status, 200);
    let one = back_end.get("/admin/keys/1").await.json();
    assert_eq!(
        (&one["user_id"], &one["client_id"], &one["state"]),
        (&json!(1), &json!("deskbell-7"), &json!("active"))
    );
    assert_eq!(one["key_start"], key[..4]);
    assert_ne!(one["created_at"], one["last_used_at"], "also what is not yet written down");
    assert!(!one.to_string().contains(&key));

    assert_eq!(back_end.post("/admin/keys/1/revoke").await.json(), json!({ "success": "OK" }));
    assert_eq!(proxy(&site, &key).get("/verify").await.status, 403);
    assert_eq!(back_end.get("/admin/keys/1").await.json()["state"], "revoked");
    for nowhere in ["/admin/keys/9/revoke", "/admin/keys/x/revoke"] {
        assert_eq!(back_end.post(nowhere).await.status, 404);
    }
}

#[actix_web::test]
async fn an_end_is_set_and_taken_away_and_bites_at_once_k8() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().scopes("read").approved_by(&ada).await.key;
    let back_end = site.full_back_end().await;
    let set =
        async |seconds: Value| back_end.patch_json("/admin/keys/1", &json!({ "expires_in_seconds": seconds })).await;
    assert_eq!(proxy(&site, &key).get("/verify").await.status, 200);
    assert!(set(json!(60)).await.json()["expires_at"].is_string());
    site.clock.advance(Duration::from_secs(59));
    assert_eq!(proxy(&site, &key).get("/verify").await.status, 200);
    assert!(set(Value::Null).await.json()["expires_at"].is_null());
    site.clock.advance(Duration::from_mins(2));
    assert_eq!(proxy(&site, &key).get("/verify").await.status, 200);
    set(json!(1)).await;
    site.clock.advance(Duration::from_secs(1));
    assert_eq!((proxy(&site, &key).get("/verify").await.status, site.noted("key_expiry_set").await), (403, 3));
    for end in [Value::Null, json!(60)] {
        let refused = set(end.clone()).await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("key_revoked")), "{end}");
    }
    assert_eq!((proxy(&site, &key).get("/verify").await.status, site.noted("key_expiry_set").await), (403, 3));
    for wrong in [json!(0), json!(-1), json!(1.5), json!("60"), json!(u64::MAX), json!(366 * 86_400)] {
        let refused = set(wrong.clone()).await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (400, Some("bad_expiry")), "{wrong}");
    }
    assert_eq!(back_end.patch_json("/admin/keys/1", &json!({})).await.status, 400);
    back_end.post("/admin/keys/1/revoke").await;
    assert_eq!(set(json!(60)).await.json()["reason"], "key_revoked");
}

async fn mint(back_end: &Visitor, user: i64, wish: &Value) -> Answer {
    back_end.post_json(&format!("/admin/users/{user}/keys"), wish).await
}

#[actix_web::test]
async fn a_key_is_made_in_a_users_name_and_shown_once_k2_k12() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let back_end = site.full_back_end().await.with("Api-Username", "ada");
    let wish = json!({ "application_name": "Shop", "scopes": ["read", "session_info"], "expires_in_seconds": 3600 });
    let made = mint(&back_end, 1, &wish).await;
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"), "{made:?}");
    let (key, details) = (made.json()["key"].as_str().unwrap().to_owned(), made.json()["details"].clone());
    assert_eq!((&details["user_id"], &details["scopes"]), (&json!(1), &json!(["read", "session_info"])));
    let verified = proxy(&site, &key).get("/verify").await;
    assert_eq!((verified.status, verified.header("remote-user")), (200, "ada"));
    assert!(!back_end.get("/admin/keys").await.body.contains(&key));
    let by_both = "SELECT count(*) FROM audit_log WHERE event = 'key_minted' AND actor_id = 1 AND admin_key_id = 1 \
                   AND user_id = 1 AND user_api_key_id = 1";
    assert_eq!(site.number(by_both), Some(1));
    // Its owner sees it, and ends it.
    let shown = ada.get("/u/ada.json").await.json();
    assert_eq!(shown["user"]["user_api_keys"][0]["application_name"], "Shop");
    let ended = ada.csrf().await.post_form("/user-api-key/revoke.json", &[("id", "1")]).await;
    assert_eq!((ended.status, proxy(&site, &key).get("/verify").await.status), (200, 403));
}

#[actix_web::test]
async fn keys_of_one_client_id_give_way_and_others_stand_side_by_side_k10() {
    let site = TestApp::with(&[("user_api.max_keys_per_user", "3")]).await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    let key = async |client_id: Value| {
        let wish = json!({ "application_name": "Shop", "scopes": ["read"], "client_id": client_id });
        mint(&back_end, 1, &wish).await
    };
    let plain = |made: Answer| made.json()["key"].as_str().unwrap().to_owned();
    let (alone, first) = (plain(key(Value::Null).await), plain(key(json!("shop")).await));
    let second = plain(key(json!("shop")).await);
    let status = async |key: &str| proxy(&site, key).get("/verify").await.status;
    assert_eq!((status(&alone).await, status(&second).await, status(&first).await), (200, 200, 403));
    assert_eq!(key(Value::Null).await.status, 200);
    let refused = key(Value::Null).await;
    assert_eq!((refused.status, refused.json()["reason"].as_str()), (403, Some("too_many_keys")));
}

#[actix_web::test]
async fn the_rules_of_the_site_hold_for_such_keys_too_k12() {
    let site = TestApp::with(&[("user_api.user_api_key_allowed_groups", "trust_level_1")]).await;
    site.account("ada", |ada| ada.trust_level = hallpass::model::TrustLevel::parse(1).unwrap()).await;
    site.account("bob", |_| {}).await;
    let back_end = site.full_back_end().await;
    let wish = json!({ "application_name": "Shop", "scopes": ["read"] });
    let with = |member: &str, value: Value| {
        let mut wish = wish.clone();
        wish[member] = value;
        wish
    };
    for (user, wish, status, reason) in [
        (1, with("scopes", json!(["fly"])), 403, "unknown_scope"),
        (1, with("scopes", json!([])), 400, ""),
        (1, with("scopes", json!(["a b"])), 403, "unknown_scope"),
        (1, with("expires_in_seconds", json!(0)), 400, "bad_expiry"),
        (1, with("application_name", json!("")), 400, "parameter_too_long"),
        (1, with("client_id", json!("x".repeat(201))), 400, "parameter_too_long"),
        (1, with("admin", json!(true)), 400, "bad_json"),
        (2, wish.clone(), 403, "not_allowed"),
        (9, wish.clone(), 404, ""),
    ] {
        let refused = mint(&back_end, user, &wish).await;
        let told = refused.json()["reason"].as_str().unwrap_or_default().to_owned();
        assert_eq!((refused.status, told.as_str()), (status, reason), "{wish}");
    }
    back_end.patch_json("/admin/users/1", &json!({ "suspended": true })).await;
    assert_eq!(mint(&back_end, 1, &wish).await.json()["reason"], "not_allowed");
    back_end.patch_json("/admin/users/1", &json!({ "suspended": false })).await;
    site.as_if_registered("%");
    assert_eq!(mint(&back_end, 1, &wish).await.status, 200);
    site.as_if_registered("minted-%");
    let id = back_end.get("/admin/keys/1").await.json()["client_id"].clone();
    assert_eq!(mint(&back_end, 1, &with("client_id", id)).await.json()["reason"], "client_id_registered");

    let off = TestApp::with(&[("user_api.allow_user_api_keys", "false")]).await;
    off.account("ada", |_| {}).await;
    assert_eq!(mint(&off.full_back_end().await, 1, &wish).await.json()["reason"], "disabled");
}

//! `/admin/clients`: looked at, blocked.

use serde_json::json;

use crate::device;
use crate::support::{TestApp, Visitor};

#[actix_web::test]
async fn a_blocked_application_has_no_key_and_gets_none_in_any_way_l8() {
    let site = TestApp::with(&[("user_api.allow_user_api_key_scopes", "read|one_time_password")]).await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let bell = || site.client_app().scopes("read").set("client_id", "bell");
    let (of_ada, of_bob) = (bell().approved_by(&ada).await.key, bell().approved_by(&bob).await.key);
    let other = site.client_app().scopes("read").set("client_id", "other").approved_by(&ada).await.key;
    let back_end = site.full_back_end().await;
    let listed = back_end.get("/admin/clients?client_id=bell").await.json();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["blocked_at"]), (&json!(1), &json!(null)));

    assert_eq!(back_end.post("/admin/clients/1/block").await.json(), json!({ "keys_ended": 2 }));
    let status = async |key: &str| {
        let proxy = Visitor::new(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/books");
        proxy.with("User-Api-Key", key).get("/verify").await.status
    };
    assert_eq!((status(&of_ada).await, status(&of_bob).await, status(&other).await), (403, 403, 200));
    let reason = |answer: crate::support::Answer| (answer.status, answer.json()["reason"].as_str().map(str::to_owned));
    let blocked = |status| (status, Some("client_blocked".to_owned()));
    assert_eq!(reason(bell().approve(&ada).await), blocked(403));
    // Neither by moving a key there, nor by taking the end back, nor in a user's name.
    let moves = site.anonymous().with("User-Api-Key", &other).with("User-Api-Client-Id", "bell");
    assert_eq!(reason(moves.get("/session/current.json").await), blocked(403));
    let undo = ada.csrf().await.post_form("/user-api-key/undo-revoke.json", &[("id", "1")]).await;
    assert_eq!(reason(undo), blocked(403));
    let minted = json!({ "application_name": "Bell", "client_id": "bell", "scopes": ["read"] });
    assert_eq!(reason(back_end.post_json("/admin/users/1/keys", &minted).await), blocked(403));

    // Again, nothing more happens.
    assert_eq!(back_end.post("/admin/clients/1/block").await.json(), json!({ "keys_ended": 0 }));
    assert_eq!((site.noted("client_blocked").await, site.noted("key_revoked").await), (1, 2));
    let which = async |blocked: bool| {
        let page = back_end.get(&format!("/admin/clients?blocked={blocked}")).await.json();
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["client_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!((which(true).await, which(false).await), (vec!["bell".to_owned()], vec!["other".to_owned()]));

    assert_eq!(back_end.post("/admin/clients/1/unblock").await.status, 200);
    assert_eq!((status(&of_ada).await, bell().approve(&ada).await.status), (403, 200));
    assert!(back_end.get("/admin/clients/1").await.json()["blocked_at"].is_null());
    assert_eq!(back_end.post("/admin/clients/9/block").await.status, 404);
}

#[actix_web::test]
async fn a_request_by_device_code_that_waits_ends_with_the_block() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let bell = || site.client_app().scopes("read").set("client_id", "bell");
    bell().approved_by(&ada).await;
    let waiting = device::ask(&site, &bell()).await;
    site.full_back_end().await.post("/admin/clients/1/block").await;
    let typed = device::enter(&ada, &waiting.user).await;
    assert!(typed.body.contains("client_blocked"), "{typed:?}");
    let asked = site.anonymous().post_json("/user-api-key/device.json", &bell().as_json()).await;
    assert_eq!((asked.status, asked.json()["reason"].as_str()), (403, Some("client_blocked")));
}

#[actix_web::test]
async fn a_blocked_registered_application_is_not_removed() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().set("client_id", "bell").approved_by(&ada).await;
    site.as_if_registered("bell");
    let back_end = site.full_back_end().await;
    let one = back_end.get("/admin/clients/1").await.json();
    assert_eq!(one["registration"]["auth_redirect"], "app://x");
    back_end.post("/admin/clients/1/block").await;
    let bell = hallpass::model::ClientId::parse("bell").unwrap();
    let removed = hallpass::domain::clients::remove(&site.app.cx, &bell, hallpass::model::Origin::default()).await;
    assert!(removed.unwrap_err().to_string().contains("unblock it first"));
    site.clock.advance(std::time::Duration::from_hours(24 * 400));
    site.daily().await;
    assert!(site.client_ids().await.contains("bell"), "the daily work leaves it, and the block with it");
}

//! `groups` of `[scopes.NAME]`: scopes that only some may give to keys.

use serde_json::json;

use super::{read, wish};
use crate::support::{Answer, TestApp};

const RESERVED: &str = r#"
[scopes.read]
groups = ["press"]

[scopes."books:read"]
label = "Read your book list"
allow = ["GET /books/**"]
groups = ["trust_level_0"]
"#;

fn reason(answer: &Answer) -> &str {
    answer.body.split("\"reason\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

#[actix_web::test]
async fn a_scope_kept_for_a_group_is_refused_at_consent_and_minting_to_whoever_is_not_in_it_c5() {
    let site =
        TestApp::with_file(RESERVED, &[("user_api.allow_user_api_key_scopes", "read|notifications|books:read")]).await;
    let ada = site.user("ada").await;
    let asks = site.client_app().scopes("read");
    assert_eq!(reason(&ada.json().get(&asks.json_path()).await), "scope_reserved");
    assert_eq!(reason(&asks.approve(&ada).await), "scope_reserved");
    let back_end = site.full_back_end().await;
    let refused = back_end.post_json("/api/auth", &wish("ada", &["notifications", "read"])).await;
    assert_eq!((refused.status, reason(&refused)), (403, "scope_reserved"), "{refused:?}");
    assert!(refused.error().contains("press"), "{refused:?}");
    let wished = json!({ "application_name": "Shop", "scopes": ["read"] });
    assert_eq!(reason(&back_end.post_json("/admin/users/1/keys", &wished).await), "scope_reserved");

    assert_eq!(site.client_app().scopes("books:read").approve(&ada).await.status, 200, "they are in that group");
    back_end.patch_json("/admin/users/1", &json!({ "named_groups": ["press"] })).await;
    assert_eq!(asks.approve(&ada).await.status, 200);
    assert_eq!(back_end.post_json("/api/auth", &wish("ada", &["read"])).await.status, 200);
}

#[actix_web::test]
async fn who_leaves_the_group_loses_the_scope_at_once_and_who_comes_back_has_it_again_l8() {
    let site = TestApp::with_file(RESERVED, &[]).await;
    super::of_the_press(&site).await;
    let back_end = site.full_back_end().await;
    let key = super::key(&back_end, "ada", &["read", "notifications"]).await;
    let groups = async |groups: &[&str]| {
        back_end.patch_json("/admin/users/1", &json!({ "named_groups": groups })).await;
    };
    assert_eq!(read(&site, &key, "/books").await.header("hallpass-scopes"), "read,notifications");
    groups(&[]).await;
    assert_eq!(read(&site, &key, "/books").await.status, 403);
    assert_eq!(read(&site, &key, "/notifications").await.header("hallpass-scopes"), "notifications");
    assert_eq!(reason(&back_end.post("/admin/keys/1/regenerate").await), "scope_reserved");
    groups(&["press"]).await;
    assert_eq!(read(&site, &key, "/books").await.status, 200);
}

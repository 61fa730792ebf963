//! The list for programs.

use std::time::Duration;

use serde_json::{Value, json};

use super::issue;
use crate::support::TestApp;

fn names(keys: &Value) -> Vec<&str> {
    keys.as_array().unwrap().iter().map(|key| key["application_name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_users_keys_are_listed_least_recently_used_first_c299() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for path in ["/u/ada.json", "/u/ADA.json"] {
        let user = ada.get(path).await.json()["user"].clone();
        assert_eq!((&user["username"], &user["user_api_keys"]), (&json!("ada"), &Value::Null), "{path}");
    }
    assert_eq!(ada.get("/u/ada/preferences/apps.json").await.json(), json!({ "user_api_keys": null }));

    let one = site.client_app().set("client_id", "one").set("application_name", "App one").scopes("read,write");
    let one = ada.holder_of(&one.set("expires_in_seconds", "3600").approved_by(&ada).await.key);
    site.clock.advance(Duration::from_secs(1));
    issue(&site, &ada, "two").await;
    site.clock.advance(Duration::from_millis(1500));
    let keys = ada.get("/u/ada.json").await.json()["user"]["user_api_keys"].clone();
    assert_eq!(names(&keys), ["App one", "App two"]);
    let members: Vec<_> = keys[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["id", "application_name", "scopes", "created_at", "last_used_at", "expires_at"]);
    assert_eq!(keys[0]["id"], 1);
    let labels = keys[0]["scopes"].as_array().unwrap();
    assert!(labels.len() == 2 && labels.iter().all(|label| label.as_str().unwrap().contains(' ')), "{labels:?}");
    assert_eq!(keys[0]["created_at"], "2026-11-22T12:00:00.000Z");
    assert_eq!(keys[0]["last_used_at"], "2026-11-22T12:00:00.000Z");
    assert_eq!((&keys[0]["expires_at"], &keys[1]["expires_at"]), (&json!("2026-11-22T13:00:00Z"), &Value::Null));

    let own = one.get("/u/ada/preferences/apps.json").await.json()["user_api_keys"].clone();
    assert_eq!(names(&own), ["App two", "App one"]);
    assert_eq!(own[1]["last_used_at"], "2026-11-22T12:00:02.500Z");
    assert_eq!(one.post("/user-api-key/revoke").await.status, 200);
    assert_eq!(names(&ada.get("/u/ada.json").await.json()["user"]["user_api_keys"]), ["App two"]);
}

#[actix_web::test]
async fn only_the_user_and_staff_get_the_list_c299() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    issue(&site, &ada, "one").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    site.account("mo", |user| user.staff.moderator = true).await;
    for may in [&ada, &program, &site.sign_in("mo").await, &site.admin("root").await] {
        let listed = may.get("/u/ada.json").await.json();
        assert_eq!(listed["user"]["user_api_keys"].as_array().unwrap().len(), 2);
    }
    let bob = site.user("bob").await;
    for path in ["/u/ada.json", "/u/ada/preferences/apps.json", "/u/nobody.json"] {
        let refused = bob.get(path).await;
        assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("invalid_access")), "{path}");
    }
    let nobody = site.anonymous().get("/u/ada.json").await;
    assert_eq!((nobody.status, &nobody.json()["error_type"]), (403, &json!("not_logged_in")));
    assert_eq!(site.sign_in("mo").await.get("/u/nobody.json").await.status, 404);
}

#[actix_web::test]
async fn an_expired_key_leaves_the_page_and_stays_in_the_list_for_programs_c299() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().set("expires_in_seconds", "60").approved_by(&ada).await;
    let page = || async { ada.html().get("/u/ada/preferences/apps").await.body.contains("Deskbell") };
    assert!(page().await);
    site.clock.advance(std::time::Duration::from_mins(1));
    assert!(!page().await, "it cannot use the account any more");
    assert!(ada.get("/u/ada/preferences/apps.json").await.json()["user_api_keys"][0]["expires_at"].is_string());
}

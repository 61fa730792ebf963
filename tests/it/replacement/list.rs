//! What the user and the operator see: one application, whichever of its two keys it uses.

use super::{MINUTE, approved, works};
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, TestApp, Visitor};

async fn listed(user: &Visitor) -> Vec<i64> {
    let list = user.get("/u/ada/preferences/apps.json").await.json();
    list["user_api_keys"]
        .as_array()
        .map_or_else(Vec::new, |keys| keys.iter().map(|key| key["id"].as_i64().unwrap()).collect())
}

async fn form(user: &Visitor, path: &str) {
    let answer = user.csrf().await.post_form(path, &[("x", "")]).await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

#[actix_web::test]
async fn the_list_shows_one_application_with_a_note_c299() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    let newer = site.key_ids("ada").await[1].get();
    assert_eq!(listed(&ada).await, [newer]);
    let user = ada.get("/u/ada.json").await.json();
    assert_eq!(user["user"]["user_api_keys"].as_array().unwrap().len(), 1);
    let page = ada.html().get("/u/ada/preferences/apps").await.body;
    assert_eq!(page.matches("id=\"app-").count(), 1);
    assert!(page.contains("at the latest until 22 November 2026, 13:00 UTC."), "{page}");

    assert!(works(&new).await);
    let page = ada.html().get("/u/ada/preferences/apps").await.body;
    assert!(!page.contains("at the latest until"), "{page}");
}

#[actix_web::test]
async fn ending_the_application_ends_both_keys_and_undo_gives_both_back_c252() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    let id = site.key_ids("ada").await[1];
    form(&ada, &format!("/u/ada/preferences/apps/{id}/end")).await;
    assert!(!works(&old).await && !works(&new).await);
    assert_eq!(site.noted("key_revoked").await, 2);
    assert_eq!(listed(&ada).await, [0_i64; 0]);

    form(&ada, &format!("/u/ada/preferences/apps/{id}/undo")).await;
    assert!(works(&old).await && works(&new).await && !works(&old).await);
}

#[actix_web::test]
async fn undo_gives_nothing_back_whose_hour_is_over_c252() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    let id = site.key_ids("ada").await[1];
    form(&ada, &format!("/u/ada/preferences/apps/{id}/end")).await;
    site.clock.advance(MINUTE * 61);
    form(&ada, &format!("/u/ada/preferences/apps/{id}/undo")).await;
    assert!(!works(&old).await && works(&new).await);
}

#[actix_web::test]
async fn an_old_key_that_ends_itself_ends_nothing_else_c242() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    assert_eq!(old.post("/user-api-key/revoke").await.status, 200);
    assert!(!works(&old).await);
    let id = site.key_ids("ada").await[1];
    site.clock.advance(MINUTE);
    form(&ada, &format!("/u/ada/preferences/apps/{id}/end")).await;
    form(&ada, &format!("/u/ada/preferences/apps/{id}/undo")).await;
    assert!(!works(&old).await, "it had ended before");
    assert!(works(&new).await);
}

#[actix_web::test]
async fn a_new_key_that_ends_itself_has_taken_over_before_c242() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    assert_eq!(new.post("/user-api-key/revoke").await.status, 200);
    assert!(!works(&old).await && !works(&new).await);
}

#[actix_web::test]
async fn two_keys_of_one_application_count_as_one_k10() {
    let site = TestApp::with(&[("user_api.max_keys_per_user", "2")]).await;
    let ada = site.user("ada").await;
    approved(&site.client_app(), &ada).await;
    approved(&site.client_app(), &ada).await;
    approved(&site.client_app().set("client_id", "second"), &ada).await;
    let third = site.client_app().set("client_id", "third").approve(&ada).await;
    assert_eq!((third.status, third.json()["reason"].as_str()), (403, Some("too_many_keys")));
}

#[actix_web::test]
async fn the_operator_sees_both_keys_and_when_each_ends() {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    let application = ClientApp::new(&server.base).set("expires_in_seconds", "86400");
    application.approved_by(&ada).await;
    application.approved_by(&ada).await;
    let table = String::from_utf8(server.cli(&["key", "list"], "").stdout).unwrap();
    let states: Vec<&str> = table.lines().skip(1).map(|line| line.rsplit("  ").next().unwrap().trim()).collect();
    assert!(states.contains(&"active") && states.contains(&"being replaced"), "{table}");
    let keys: serde_json::Value = serde_json::from_slice(&server.cli(&["key", "list", "--json"], "").stdout).unwrap();
    let keys = keys.as_array().unwrap();
    assert!(keys.iter().all(|key| key["expires_at"].is_string()), "{keys:?}");
    assert_eq!(keys.iter().filter(|key| key["replaced_until"].is_string()).count(), 1, "{keys:?}");
}

//! When the old key ends.

use std::time::Duration;

use hallpass::domain::replacement::call_off;
use hallpass::store::{self, AnyConnection, StoreError};

use super::{MINUTE, approved, at_once, works};
use crate::support::TestApp;

#[actix_web::test]
async fn the_old_key_works_until_the_new_one_is_used_c073_h7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    assert!(works(&old).await, "the answer with the new key may be lost");
    assert!(works(&new).await);
    assert!(!works(&old).await);
    assert!(works(&new).await);
    assert_eq!(site.noted("key_replaced").await, 1, "one write, then none");
    assert_eq!(site.key_ids("ada").await.len(), 1);
}

#[actix_web::test]
async fn after_an_hour_the_new_key_has_taken_over_used_or_not_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    site.clock.advance(MINUTE * 59);
    site.sweep().await;
    assert!(works(&old).await);
    site.clock.advance(MINUTE);
    assert!(!works(&old).await, "by the clock, before anything swept it away");
    site.sweep().await;
    assert_eq!(site.key_ids("ada").await.len(), 1);
    assert_eq!(site.noted("key_replaced").await, 1);
    assert!(works(&new).await);
    assert_eq!(site.noted("key_replaced").await, 1);
}

#[actix_web::test]
async fn with_no_grace_the_old_key_ends_at_once_and_those_of_others_stay_c073() {
    let site = at_once().await;
    let (ada, grace) = (site.user("ada").await, site.user("grace").await);
    let of_grace = approved(&site.client_app(), &grace).await;
    let old = approved(&site.client_app(), &ada).await;
    let elsewhere = approved(&site.client_app().set("client_id", "deskbell-2"), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    assert!(!works(&old).await && works(&new).await);
    assert!(works(&of_grace).await && works(&elsewhere).await);
    assert_eq!(site.key_ids("ada").await.len(), 2, "deleted, not ended");
}

#[actix_web::test]
async fn a_new_key_touches_neither_other_users_nor_other_applications_c073() {
    let site = TestApp::start().await;
    let (ada, grace) = (site.user("ada").await, site.user("grace").await);
    let of_grace = approved(&site.client_app(), &grace).await;
    let elsewhere = approved(&site.client_app().set("client_id", "deskbell-2"), &ada).await;
    approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    assert!(works(&new).await);
    site.clock.advance(MINUTE * 61);
    site.sweep().await;
    assert!(works(&of_grace).await && works(&elsewhere).await);
}

#[actix_web::test]
async fn if_the_user_allows_less_the_old_key_ends_at_once_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let more = approved(&site.client_app().scopes("read,notifications"), &ada).await;
    let less = approved(&site.client_app().scopes("read"), &ada).await;
    assert!(!works(&more).await && works(&less).await);
    let more_again = approved(&site.client_app().scopes("notifications,read"), &ada).await;
    assert!(works(&less).await, "what may do less may stay");
    assert!(works(&more_again).await && !works(&less).await);
}

#[actix_web::test]
async fn an_old_key_that_was_revoked_or_has_expired_is_gone_for_good_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let revoked = approved(&site.client_app(), &ada).await;
    let id = site.key_ids("ada").await[0].to_string();
    assert_eq!(revoked.post("/user-api-key/revoke").await.status, 200);
    approved(&site.client_app().set("expires_in_seconds", "60"), &ada).await;
    assert_eq!(site.key_ids("ada").await.len(), 1);
    let undo = ada.csrf().await.post_form("/user-api-key/undo-revoke.json", &[("id", &id)]).await;
    assert_eq!(undo.status, 404, "{undo:?}");

    site.clock.advance(MINUTE);
    approved(&site.client_app(), &ada).await;
    assert_eq!(site.key_ids("ada").await.len(), 1, "the expired one did not stay");
}

#[actix_web::test]
async fn a_request_that_is_refused_is_not_the_first_use_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let new = approved(&site.client_app(), &ada).await;
    assert_eq!(new.post("/session/csrf.json").await.status, 403);
    assert!(works(&old).await);
}

#[actix_web::test]
async fn many_first_uses_at_once_replace_once_h7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    let key = site.client_app().approved_by(&ada).await.key;
    let uses = (0..16).map(|_| {
        let program = ada.holder_of(&key);
        actix_web::rt::spawn(async move { works(&program).await })
    });
    for answered in uses.collect::<Vec<_>>() {
        assert!(answered.await.unwrap());
    }
    assert!(!works(&old).await);
    assert_eq!(site.noted("key_replaced").await, 1);
}

#[actix_web::test]
async fn a_new_key_that_never_reached_its_application_leaves_the_old_one_as_it_was_h7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let old = approved(&site.client_app(), &ada).await;
    approved(&site.client_app(), &ada).await;
    let new = site.key_ids("ada").await[1];
    let never_delivered = move |tx: &mut AnyConnection| {
        let key = store::find_key(tx, new)?.unwrap();
        let key = call_off(tx, key)?;
        store::update_revoked(tx, key.id, Some(key.created_at))
    };
    assert!(site.app.cx.store.write::<bool, StoreError, _>(never_delivered).await.unwrap());
    site.clock.advance(Duration::from_hours(2));
    site.sweep().await;
    assert!(works(&old).await);
}

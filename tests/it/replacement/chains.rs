//! More than two keys in a row: at most two of one user for one application work at a time.

use super::{MINUTE, approved, works};
use crate::support::TestApp;

#[actix_web::test]
async fn of_a_chain_the_key_that_was_used_last_stays_beside_the_newest_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let used = approved(&site.client_app(), &ada).await;
    site.clock.advance(MINUTE);
    assert!(works(&used).await);
    site.clock.advance(MINUTE);
    let lost = approved(&site.client_app(), &ada).await;
    let newest = approved(&site.client_app(), &ada).await;
    assert_eq!(site.key_ids("ada").await.len(), 2);
    assert!(works(&used).await && !works(&lost).await);
    assert!(works(&newest).await && !works(&used).await);
    assert_eq!(site.key_ids("ada").await.len(), 1);
}

#[actix_web::test]
async fn of_a_chain_that_nobody_used_the_two_newest_are_left_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let first = approved(&site.client_app(), &ada).await;
    let second = approved(&site.client_app(), &ada).await;
    let third = approved(&site.client_app(), &ada).await;
    assert!(!works(&first).await && works(&second).await && works(&third).await);
    assert!(!works(&second).await && works(&third).await);
}

#[actix_web::test]
async fn the_hour_counts_from_the_last_approval_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let used = approved(&site.client_app(), &ada).await;
    site.clock.advance(MINUTE);
    assert!(works(&used).await);
    approved(&site.client_app(), &ada).await;
    site.clock.advance(MINUTE * 50);
    approved(&site.client_app(), &ada).await;
    site.clock.advance(MINUTE * 50);
    site.sweep().await;
    assert!(works(&used).await);
    site.clock.advance(MINUTE * 10);
    site.sweep().await;
    assert!(!works(&used).await);
    assert_eq!(site.key_ids("ada").await.len(), 1);
}

#[actix_web::test]
async fn once_the_hour_is_over_the_next_key_replaces_the_one_that_took_over_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let first = approved(&site.client_app(), &ada).await;
    let second = approved(&site.client_app(), &ada).await;
    site.clock.advance(MINUTE * 61);
    let third = approved(&site.client_app(), &ada).await;
    assert!(!works(&first).await && works(&second).await && works(&third).await);
    assert!(!works(&second).await);
}

#[actix_web::test]
async fn many_approvals_at_once_leave_two_keys_c073() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let script = ada.csrf().await;
    let approvals = (0..12).map(|_| {
        let (script, application) = (script.with("X-Same", "visitor"), site.client_app());
        let approve = async move { script.post_form("/user-api-key.json", application.fields()).await.status };
        actix_web::rt::spawn(approve)
    });
    for approval in approvals.collect::<Vec<_>>() {
        assert_eq!(approval.await.unwrap(), 200);
    }
    assert_eq!(site.key_ids("ada").await.len(), 2);
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys WHERE replaces IS NOT NULL"), Some(1));
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys WHERE replaced_until IS NOT NULL"), Some(1));
}

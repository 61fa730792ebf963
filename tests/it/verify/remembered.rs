//! Keys that are held in memory, and what makes them be looked up anew.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use actix_web::rt::task::JoinHandle;
use diesel::connection::SimpleConnection;
use hallpass::domain::{accounts, revoke};
use hallpass::model::{Origin, Username};
use hallpass::store::{self, AnyConnection, StoreError};

use crate::support::{TestApp, Visitor};

/// Takes the table of keys away: whoever looks a key up now fails.
const HIDE: &str = "ALTER TABLE user_api_keys RENAME TO elsewhere";

fn proxy(site: &TestApp, key: &str) -> Visitor {
    let asked = Visitor::new(&site.internal).with("User-Api-Key", key);
    asked.with("X-Original-Method", "GET").with("X-Original-URI", "/books")
}

async fn verified(site: &TestApp, key: &str) -> u16 {
    proxy(site, key).get("/verify").await.status
}

async fn key_of(site: &TestApp, name: &str) -> String {
    let user = site.user(name).await;
    site.client_app().scopes("read").approved_by(&user).await.key
}

/// A key that is in memory; all that was written up to now was heard of before it was looked up.
async fn remembered_key(site: &TestApp) -> String {
    let key = key_of(site, "ada").await;
    site.hear().await;
    assert_eq!(verified(site, &key).await, 200);
    key
}

#[actix_web::test]
async fn a_key_in_use_is_judged_without_the_database_l5() {
    let site = TestApp::start().await;
    let (ada, bob) = (key_of(&site, "ada").await, key_of(&site, "bob").await);
    assert_eq!(verified(&site, &ada).await, 200);
    site.execute_unnoticed(HIDE);
    assert_eq!(verified(&site, &ada).await, 200);
    assert_eq!(verified(&site, &bob).await, 500, "the test knows a look-up when it sees one");
    assert_eq!(verified(&site, "nonsense").await, 403, "a wrong shape is never looked up");
}

#[actix_web::test]
async fn what_this_process_changes_counts_at_once_and_for_nobody_else_l8_k11() {
    let site = TestApp::start().await;
    let (ada, bob) = (key_of(&site, "ada").await, key_of(&site, "bob").await);
    let (cx, operator, origin) = (&site.app.cx, revoke::Wisher::Operator, Origin::default());
    let (id, name) = (site.key_ids("ada").await[0], Username::parse("ada").unwrap());
    assert_eq!((verified(&site, &ada).await, verified(&site, &bob).await), (200, 200));
    revoke::revoke(cx, operator, Some(id), origin.clone()).await.unwrap();
    assert_eq!(verified(&site, &ada).await, 403);
    revoke::undo_revoke(cx, operator, Some(id), origin.clone()).await.unwrap();
    assert_eq!(verified(&site, &ada).await, 200);
    accounts::suspend(cx, &name, origin.clone()).await.unwrap();
    assert_eq!(verified(&site, &ada).await, 403);
    accounts::unsuspend(cx, &name, origin).await.unwrap();
    assert_eq!(verified(&site, &ada).await, 200);
    site.execute_unnoticed(HIDE);
    assert_eq!(verified(&site, &bob).await, 200, "Bob's key was not touched by any of it");
}

#[actix_web::test]
async fn what_another_process_changes_counts_as_soon_as_it_is_heard_of_l8() {
    let site = TestApp::start().await;
    let other = site.beside(&[]).await;
    let key = key_of(&site, "ada").await;
    let id = site.key_ids("ada").await[0];
    assert_eq!(verified(&site, &key).await, 200);
    revoke::revoke(&other.app.cx, revoke::Wisher::Operator, Some(id), Origin::default()).await.unwrap();
    site.hear().await;
    assert_eq!(verified(&site, &key).await, 403);
    site.execute("UPDATE user_api_keys SET revoked_at = NULL").await;
    assert_eq!(verified(&site, &key).await, 200);
    site.execute("INSERT INTO user_groups (user_id, name) VALUES (1, 'editors')").await;
    let told = proxy(&site, &key).get("/verify").await;
    assert!(told.header("remote-groups").contains("editors"), "{told:?}");
    site.execute("DELETE FROM user_api_keys").await;
    assert_eq!(verified(&site, &key).await, 403);
}

#[actix_web::test]
async fn a_process_that_hears_nothing_of_the_others_asks_the_database_after_the_time_that_is_set_l8() {
    let site = TestApp::with(&[("verify.stale_seconds", "5")]).await;
    let key = key_of(&site, "ada").await;
    assert_eq!(verified(&site, &key).await, 200);
    site.execute_unnoticed(HIDE);
    site.clock.advance(Duration::from_secs(5));
    assert_eq!(verified(&site, &key).await, 200);
    site.clock.advance(Duration::from_micros(1));
    assert_eq!(verified(&site, &key).await, 500);
    site.execute_unnoticed("ALTER TABLE elsewhere RENAME TO user_api_keys");
    assert_eq!(verified(&site, &key).await, 200, "slower, by the database");
    site.execute("UPDATE user_api_keys SET revoked_at = 1").await;
    assert_eq!(verified(&site, &key).await, 403);
}

#[actix_web::test]
async fn while_another_process_holds_the_write_lock_of_sqlite_a_revocation_is_heard_l8() {
    let site = TestApp::start().await;
    let key = remembered_key(&site).await;
    let (mut revoking, mut holding) = (site.database().connect(), site.database().connect());
    revoking.batch_execute("BEGIN IMMEDIATE; UPDATE user_api_keys SET revoked_at = 1").unwrap();
    let store = site.app.cx.store.clone();
    let ours = actix_web::rt::spawn(async move { store.write(store::list_users).await });
    // From here on our own writing waits for the lock, on the one connection that may write.
    tokio::task::yield_now().await;
    revoking.batch_execute("COMMIT").unwrap();
    holding.batch_execute("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    site.hear().await;
    assert_eq!(verified(&site, &key).await, 403);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    holding.batch_execute("ROLLBACK").unwrap();
    ours.await.unwrap().unwrap();
}

#[actix_web::test]
async fn our_own_writing_is_not_taken_for_somebody_elses() {
    let site = TestApp::start().await;
    let key = remembered_key(&site).await;
    site.user("bob").await;
    site.flush().await;
    site.hear().await;
    site.execute_unnoticed(HIDE);
    assert_eq!(verified(&site, &key).await, 200);
}

/// A transaction of ours that has begun and goes on until somebody waits with it once more.
async fn begun(site: &TestApp) -> (Arc<Barrier>, JoinHandle<()>) {
    let (store, both) = (site.app.cx.store.clone(), Arc::new(Barrier::new(2)));
    let (ours, theirs) = (Arc::clone(&both), Arc::clone(&both));
    let work = move |_: &mut AnyConnection| {
        ours.wait();
        ours.wait();
        Ok::<_, StoreError>(())
    };
    let going_on = actix_web::rt::spawn(async move { store.write_aside(work).await.unwrap() });
    actix_web::web::block(move || theirs.wait()).await.unwrap();
    (both, going_on)
}

#[actix_web::test]
async fn a_transaction_of_ours_that_takes_its_time_is_not_taken_for_somebody_elses_on_sqlite() {
    let site = TestApp::start().await;
    let key = remembered_key(&site).await;
    site.user("bob").await;
    let (both, going_on) = begun(&site).await;
    site.hear().await;
    both.wait();
    going_on.await.unwrap();
    site.execute_unnoticed(HIDE);
    assert_eq!(verified(&site, &key).await, 200);
}

#[actix_web::test]
async fn what_was_written_elsewhere_before_a_transaction_of_ours_is_heard_while_it_goes_on_sqlite_l8() {
    let site = TestApp::start().await;
    let key = remembered_key(&site).await;
    site.database().connect().batch_execute("UPDATE user_api_keys SET revoked_at = 1").unwrap();
    let (both, going_on) = begun(&site).await;
    site.hear().await;
    // Asserted only when the transaction is over: a test that fails must not leave it waiting.
    let meanwhile = verified(&site, &key).await;
    both.wait();
    going_on.await.unwrap();
    assert_eq!(meanwhile, 403);
}

#[actix_web::test]
async fn what_is_written_elsewhere_is_heard_after_a_transaction_of_ours_took_its_connection_with_it_sqlite_l8() {
    let site = TestApp::start().await;
    let key = remembered_key(&site).await;
    let work = |_: &mut AnyConnection| -> Result<(), StoreError> { panic!("amid a transaction") };
    site.app.cx.store.write(work).await.unwrap_err();
    site.database().connect().batch_execute("UPDATE user_api_keys SET revoked_at = 1").unwrap();
    site.hear().await;
    assert_eq!(verified(&site, &key).await, 403);
}

#[actix_web::test]
async fn a_look_up_that_a_revocation_overtakes_brings_nothing_back_l8() {
    let site = TestApp::start().await;
    let key = key_of(&site, "ada").await;
    let id = site.key_ids("ada").await[0];
    for _ in 0..50 {
        let (cx, operator, origin) = (&site.app.cx, revoke::Wisher::Operator, Origin::default());
        revoke::undo_revoke(cx, operator, Some(id), origin.clone()).await.unwrap();
        let ended = revoke::revoke(cx, operator, Some(id), origin);
        let asked = proxy(&site, &key).with("X-Forwarded-For", "198.51.100.7");
        let (ended, _whichever) = tokio::join!(ended, asked.get("/verify"));
        ended.unwrap();
        assert_ne!(verified(&site, &key).await, 200);
        site.clock.advance(Duration::from_mins(1));
    }
}

#[actix_web::test]
async fn only_so_many_keys_are_held_l6() {
    let site = TestApp::with(&[("verify.cached_keys", "100")]).await;
    let ada = site.user("ada").await;
    for number in 0..130 {
        let application = site.client_app().scopes("read").set("client_id", &format!("client-{number}"));
        let key = application.approved_by(&ada).await.key;
        assert_eq!(verified(&site, &key).await, 200);
    }
    let held = format!("{:?}", site.app.cx.known_keys);
    let count: u32 = held.trim_start_matches("KnownKeys(").split(' ').next().unwrap().parse().unwrap();
    assert!((50..=110).contains(&count), "{held}");
}

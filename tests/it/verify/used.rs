//! The order of the checks, the owner, and what use leaves behind.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hallpass::domain::accounts;
use hallpass::model::{Clock, Origin, Username};
use hallpass::store::StoreError;
use hallpass::worker::Worker;
use serde_json::json;

use crate::support::{TestApp, Visitor};

const MINUTE: Duration = Duration::from_mins(1);

fn name(name: &str) -> Username {
    Username::parse(name).unwrap()
}

async fn suspend(site: &TestApp) {
    accounts::suspend(&site.app.cx, &name("ada"), Origin::default()).await.unwrap();
}

fn left(answer: &crate::support::Answer) -> String {
    answer.header("ratelimit").split(';').nth(1).unwrap_or_default().to_owned()
}

fn stored(site: &TestApp) -> i64 {
    site.number("SELECT last_used_at FROM user_api_keys").unwrap()
}

#[actix_web::test]
async fn a_key_is_alive_then_within_its_limits_then_permitted_then_owned_then_used_c272() {
    let settings = [("user_api.max_user_api_reqs_per_minute", "2"), ("user_api.max_user_api_reqs_per_day", "2")];
    let site = TestApp::with(&settings).await;
    let program = site.key("read").await;
    let made = stored(&site);
    site.clock.advance(MINUTE);
    // Refused by its scope: charged, but not used.
    assert_eq!(program.post("/user-api-key").await.status, 403);
    suspend(&site).await;
    assert_eq!(program.get("/about.json").await.status, 403);
    site.flush().await;
    assert_eq!(stored(&site), made);
    // Both limits come before the scope and the owner, and the minute's before the day's.
    let limited = program.post("/user-api-key").await;
    let code = limited.header("discourse-rate-limit-error-code");
    assert_eq!((limited.status, code), (429, "user_api_key_limiter_60_secs"));
    site.clock.advance(MINUTE);
    let limited = program.post("/user-api-key").await;
    let code = limited.header("discourse-rate-limit-error-code");
    assert_eq!((limited.status, code), (429, "user_api_key_limiter_1_day"));
    // Being alive comes before the limits.
    site.execute("UPDATE user_api_keys SET revoked_at = 1").await;
    assert_eq!(program.get("/about.json").await.status, 403);
}

#[actix_web::test]
async fn refusals_by_scope_and_by_owner_are_charged_c275_k11() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    assert_eq!(program.post("/user-api-key").await.status, 403);
    assert_eq!(left(&program.get("/about.json").await), "r=18");
    suspend(&site).await;
    assert_eq!(program.get("/about.json").await.status, 403);
    accounts::unsuspend(&site.app.cx, &name("ada"), Origin::default()).await.unwrap();
    assert_eq!(left(&program.get("/about.json").await), "r=16");
}

#[actix_web::test]
async fn the_key_of_a_suspended_owner_is_refused_until_the_suspension_is_lifted_c277_k11() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    assert_eq!(program.get("/session/current.json").await.status, 200);
    suspend(&site).await;
    let refused = program.get("/session/current.json").await;
    assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("invalid_access")));
    assert_eq!(program.post("/user-api-key/revoke").await.status, 403);
    accounts::unsuspend(&site.app.cx, &name("ada"), Origin::default()).await.unwrap();
    assert_eq!(program.get("/session/current.json").await.status, 200);
}

#[actix_web::test]
async fn the_last_use_is_shown_at_once_and_written_by_the_worker_c278() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    let made = stored(&site);
    assert_eq!(made, site.clock.now().as_micros());
    site.clock.advance(MINUTE);
    let list = program.get("/u/ada.json").await.json();
    assert_eq!(list["user"]["user_api_keys"][0]["last_used_at"], "2026-11-22T12:01:00.000Z");
    assert_eq!(stored(&site), made, "reading is no writing");
    site.flush().await;
    assert_eq!(stored(&site), site.clock.now().as_micros());

    site.clock.advance(MINUTE);
    let now = site.clock.now().as_micros();
    assert_eq!(program.get("/about.json").await.status, 200);
    let site = site.again().await;
    assert_eq!(stored(&site), now, "what was in memory is written at the end");
}

#[actix_web::test]
async fn what_waits_for_the_database_when_the_service_ends_is_not_lost_c278() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    site.clock.advance(MINUTE);
    assert_eq!(program.get("/about.json").await.status, 200);
    let key = hallpass::model::KeyId::parse(site.number("SELECT id FROM user_api_keys").unwrap()).unwrap();

    let (release, held) = std::sync::mpsc::channel::<()>();
    let (began, begun) = tokio::sync::oneshot::channel::<()>();
    // A transaction may run twice, but this one will not.
    let once = Arc::new(Mutex::new(Some((began, held))));
    let store = site.app.cx.store.clone();
    let holding = actix_web::rt::spawn(async move {
        let hold = move |_: &mut hallpass::store::AnyConnection| {
            let (began, held) = once.lock().unwrap().take().unwrap();
            began.send(()).unwrap();
            held.recv().unwrap();
            Ok::<(), StoreError>(())
        };
        store.write(hold).await
    });
    begun.await.unwrap();
    let worker = Worker::start(&site.app);
    while site.app.cx.last_used.of(key).is_some() {
        tokio::task::yield_now().await;
    }
    let stopping = actix_web::rt::spawn(worker.stop());
    tokio::task::yield_now().await;
    release.send(()).unwrap();
    stopping.await.unwrap();
    holding.await.unwrap().unwrap();
    assert_eq!(stored(&site), site.clock.now().as_micros());
}

fn last_seen(site: &TestApp) -> Option<i64> {
    site.number("SELECT last_seen_at FROM users WHERE username = 'ada'")
}

#[actix_web::test]
async fn a_key_leaves_the_users_last_visit_alone_unless_it_says_the_user_is_there_c292() {
    let site = TestApp::start().await;
    let program: Visitor = site.key("read").await;
    site.flush().await;
    let before = last_seen(&site);
    site.clock.advance(MINUTE);
    program.get("/session/current.json").await;
    program.with("Discourse-Present", "false").get("/session/current.json").await;
    site.flush().await;
    assert_eq!(last_seen(&site), before);
    program.with("Discourse-Present", "true").get("/session/current.json").await;
    site.flush().await;
    assert_eq!(last_seen(&site), Some(site.clock.now().as_micros()));
}

//! The work of once a day: section 7 of the protocol.

use std::time::Duration;

use hallpass::model::Timestamp;
use hallpass::store::{self, Store, StoreError};

use crate::support::database::TestDatabase;
use crate::support::{TestApp, Visitor};

const HOUR: Duration = Duration::from_hours(1);

/// A program of its own with a key of this user.
async fn program(site: &TestApp, user: &Visitor, client_id: &str) -> Visitor {
    let application = site.client_app().set("client_id", client_id);
    user.holder_of(&application.approved_by(user).await.key)
}

async fn status(program: &Visitor) -> u16 {
    program.get("/session/current.json").await.status
}

#[actix_web::test]
async fn a_key_not_used_for_more_than_180_days_is_ended_c215() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (never_used, used) = (program(&site, &ada, "one").await, program(&site, &ada, "two").await);
    site.clock.advance_days(100);
    // Nothing writes this down before the job looks: it waits in memory.
    assert_eq!(status(&used).await, 200);
    site.clock.advance_days(80);
    assert_eq!(site.daily().await, 0, "180 days are not more than 180");

    site.clock.advance_days(1);
    assert_eq!(site.daily().await, 1);
    assert_eq!((status(&never_used).await, status(&used).await), (403, 200));
    assert_eq!(site.noted("key_ended_unused").await, 1);
    assert_eq!(site.key_ids("ada").await.len(), 2, "an ended key keeps its row");
}

#[actix_web::test]
async fn the_setting_says_how_many_days_and_0_says_never_c215() {
    let short = TestApp::with(&[("user_api.revoke_user_api_keys_unused_days", "2")]).await;
    let of_ada = short.key("read").await;
    short.clock.advance(HOUR * 49);
    assert_eq!((short.daily().await, status(&of_ada).await), (1, 403));

    let never = TestApp::with(&[("user_api.revoke_user_api_keys_unused_days", "0")]).await;
    let of_ada = never.key("read").await;
    never.clock.advance_days(4_000);
    assert_eq!((never.daily().await, status(&of_ada).await), (0, 200));
}

#[actix_web::test]
async fn keys_that_expired_or_were_ended_are_left_as_they_are_c215() {
    let site = TestApp::with(&[("user_api.revoke_user_api_keys_maxlife_days", "10")]).await;
    let ada = site.user("ada").await;
    site.client_app().set("client_id", "one").set("expires_in_seconds", "60").approved_by(&ada).await;
    let ended = program(&site, &ada, "two").await;
    assert_eq!(ended.post("/user-api-key/revoke").await.status, 200);
    site.clock.advance_days(300);
    assert_eq!(site.daily().await, 0);
}

#[actix_web::test]
async fn a_key_older_than_the_longest_life_is_ended_used_or_not_c216() {
    let site = TestApp::with(&[("user_api.revoke_user_api_keys_maxlife_days", "30")]).await;
    let program = site.key("read").await;
    site.clock.advance_days(30);
    assert_eq!((site.daily().await, status(&program).await), (0, 200));
    site.clock.advance_days(1);
    assert_eq!((site.daily().await, status(&program).await), (1, 403));
    assert_eq!(site.noted("key_ended_old").await, 1);
}

#[actix_web::test]
async fn there_is_no_longest_life_unless_the_operator_sets_one_c216() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    for _ in 0..30 {
        site.clock.advance_days(100);
        assert_eq!((site.daily().await, status(&program).await), (0, 200));
    }
}

#[actix_web::test]
async fn a_registered_application_nobody_uses_goes_with_its_keys_and_no_other_c217_c219() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let unused = program(&site, &ada, "registered-unused").await;
    let used = program(&site, &ada, "registered-used").await;
    let by_itself = program(&site, &ada, "noted-by-itself").await;
    site.as_if_registered("registered-%");
    site.clock.advance_days(20);
    assert_eq!(status(&used).await, 200);
    site.clock.advance_days(10);
    assert_eq!(site.daily().await, 0, "30 days are not more than 30");

    site.clock.advance_days(1);
    assert_eq!(site.daily().await, 1);
    assert_eq!((status(&unused).await, status(&used).await, status(&by_itself).await), (403, 200, 200));
    let left = ["noted-by-itself", "registered-used"].map(str::to_owned);
    assert_eq!(site.client_ids().await, left.into());
    assert_eq!(site.key_ids("ada").await.len(), 2, "deleted, not ended");
    assert_eq!(site.noted("client_ended_unused").await, 2, "a line for the key and one for the application");
}

#[actix_web::test]
async fn an_ended_key_that_was_used_lately_keeps_its_registered_application_c217() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    site.as_if_registered("%");
    site.clock.advance_days(20);
    assert_eq!(program.post("/user-api-key/revoke").await.status, 200);
    site.clock.advance_days(20);
    site.daily().await;
    assert_eq!(site.client_ids().await.len(), 1);
}

#[actix_web::test]
async fn with_0_days_no_registered_application_goes_c217() {
    let site = TestApp::with(&[("user_api.unused_registered_user_api_key_clients_days", "0")]).await;
    site.key("read").await;
    site.as_if_registered("%");
    site.clock.advance_days(170);
    site.daily().await;
    assert_eq!(site.client_ids().await.len(), 1);
}

#[actix_web::test]
async fn an_application_that_was_just_registered_has_its_30_days_c218() {
    let site = TestApp::start().await;
    let now = site.app.cx.now().as_micros();
    let row = format!("('fresh', 'Fresh', 'app://x', {now})");
    site.execute(&format!(
        "INSERT INTO user_api_key_clients (client_id, application_name, auth_redirect, created_at) VALUES {row}"
    ))
    .await;
    site.daily().await;
    site.clock.advance_days(30);
    site.daily().await;
    assert_eq!(site.client_ids().await.len(), 1);
    site.clock.advance_days(1);
    site.daily().await;
    assert_eq!(site.client_ids().await.len(), 0);
}

#[actix_web::test]
async fn a_job_runs_once_in_24_hours_of_the_services_clock() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    assert_eq!(site.daily().await, 0);
    site.execute("UPDATE user_api_keys SET last_used_at = 0").await;
    site.clock.advance(HOUR * 23);
    assert_eq!((site.daily().await, status(&program).await), (0, 200));
    // That was a use, so it is made old again.
    hallpass::domain::housekeeping::flush(&site.app.cx).await.unwrap();
    site.execute("UPDATE user_api_keys SET last_used_at = 0").await;
    site.clock.advance(HOUR);
    assert_eq!((site.daily().await, status(&program).await), (1, 403));
}

#[actix_web::test]
async fn of_several_nodes_exactly_one_claims_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let database = TestDatabase::new(folder.path());
    let nodes = [Store::open(&database.model()).unwrap(), database.store()];
    let (now, yesterday) = (Timestamp::from_micros(2), Timestamp::from_micros(1));
    let claim = |node: &Store| {
        let node = node.clone();
        actix_web::rt::spawn(async move {
            let claim =
                move |tx: &mut store::AnyConnection| store::update_job_claimed(tx, "end_unused_keys", yesterday, now);
            node.write::<bool, StoreError, _>(claim).await.unwrap()
        })
    };
    let claims: Vec<_> = nodes.iter().cycle().take(20).map(claim).collect();
    let mut ours = 0;
    for claim in claims {
        ours += usize::from(claim.await.unwrap());
    }
    assert_eq!(ours, 1);
}

#[actix_web::test]
async fn a_run_noted_in_the_future_by_a_wrong_clock_stops_nothing() {
    let site = TestApp::with(&[("user_api.revoke_user_api_keys_unused_days", "1")]).await;
    site.key("read").await;
    site.execute("UPDATE jobs SET last_run_at = 9000000000000000").await;
    site.clock.advance_days(2);
    assert_eq!(site.daily().await, 1);
}

#[actix_web::test]
async fn a_key_that_the_daily_work_ended_leaves_the_limits_memory_l6() {
    let site = TestApp::with(&[("user_api.revoke_user_api_keys_maxlife_days", "1")]).await;
    let program = site.key("read").await;
    assert_eq!(status(&program).await, 200);
    let id = site.key_ids("ada").await[0];
    let remaining = || site.app.cx.key_limits.standing(id).day.remaining;
    assert_eq!(remaining(), 2879);
    site.execute("UPDATE user_api_keys SET created_at = 0").await;
    assert_eq!(site.daily().await, 1);
    assert_eq!(remaining(), 2880);
}

#[actix_web::test]
async fn the_pages_say_until_when_a_key_works_c2_k8() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app();
    let question = ada.html().get(&application.path()).await;
    assert!(question.body.contains("Until you end it, or 180 days unused"), "{question:?}");
    application.approved_by(&ada).await;
    let list = ada.html().get("/u/ada/preferences/apps").await;
    assert!(list.body.contains("when you end it, or after 180 days unused"), "{list:?}");

    let strict = TestApp::with(&[("user_api.revoke_user_api_keys_maxlife_days", "90")]).await;
    let grace = strict.user("grace").await;
    let question = grace.html().get(&strict.client_app().path()).await;
    assert!(question.body.contains("Until 20 February 2027"), "{question:?}");

    let never = TestApp::with(&[("user_api.revoke_user_api_keys_unused_days", "0")]).await;
    let hedy = never.user("hedy").await;
    let question = hedy.html().get(&never.client_app().path()).await;
    assert!(question.body.contains("<dd>Until you end it</dd>"), "{question:?}");
}

#[actix_web::test]
async fn an_owner_sees_in_time_which_keys_end_k8() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let day = |days: u64| (days * 86_400).to_string();
    let app = |id: &str| site.client_app().set("client_id", id);
    app("soon").set("expires_in_seconds", &day(20)).approved_by(&ada).await;
    app("later").set("expires_in_seconds", &day(60)).approved_by(&ada).await;
    app("unused").approved_by(&ada).await;
    let page = ada.html().get("/u/ada/preferences/apps").await.body;
    assert!(!page.contains("ending-soon"), "20 days are not soon");

    site.clock.advance_days(6);
    let page = ada.html().get("/u/ada/preferences/apps").await.body;
    assert!(page.contains("One application will lose its access within 14 days."), "{page}");
    assert!(page.contains("Its access ends on 12 December 2026."), "{page}");

    site.clock.advance_days(161);
    let ada = site.sign_in("ada").await;
    let page = ada.html().get("/u/ada/preferences/apps").await.body;
    assert!(page.contains("Its access ends on 21 May 2027, unless it is used before."), "{page}");
    assert!(page.contains("One application will lose"), "what has expired is not counted: {page}");
}

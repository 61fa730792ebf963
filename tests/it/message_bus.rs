//! The message bus: what a user is told of at once.

#![cfg(test)]

mod chunks;
mod ending;
mod published;
mod rights;

use serde_json::{Value, json};

use hallpass::domain::accounts;
use hallpass::model::{BusChannel, Origin, UserId, Username};
use hallpass::store::{self, StoreError};
use hallpass::worker::Worker;

use crate::ending::soon;
use crate::support::{Answer, TestApp, Visitor};

/// Tells the user something, as an act that has something to tell does.
pub(crate) async fn say(site: &TestApp, user: UserId, channel: BusChannel, data: Value) {
    let now = site.app.cx.now();
    let say = move |tx: &mut store::AnyConnection| store::insert_bus_message(tx, user, channel, &data, now);
    site.app.cx.store.write_aside::<_, StoreError, _>(say).await.unwrap();
}

/// Ada, and a key of hers with these scopes.
async fn ada(site: &TestApp, scopes: &str) -> (UserId, Visitor) {
    let program = site.key(scopes).await;
    let id = site.number("SELECT id FROM users WHERE username = 'ada'").unwrap();
    (UserId::parse(id).unwrap(), program)
}

fn path(client: &str) -> String {
    format!("/message-bus/{client}/poll")
}

/// A poll that is answered at once.
pub(crate) async fn look(visitor: &Visitor, fields: &[(&str, &str)]) -> Answer {
    visitor.post_form(&format!("{}?dlp=t", path("c0ffee")), fields).await
}

/// A poll without chunks, under way.
fn waiting(visitor: &Visitor, client: &str, fields: &[(&str, &str)]) -> actix_web::rt::task::JoinHandle<Answer> {
    let (visitor, path) = (visitor.with("Dont-Chunk", "true"), path(client));
    let fields: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    actix_web::rt::spawn(async move { visitor.post_form(&path, &fields).await })
}

async fn until_waiting(site: &TestApp, polls: usize) {
    soon(async || site.app.cx.polls.count() == polls).await;
}

#[actix_web::test]
async fn a_message_reaches_a_poll_that_waits_and_one_that_comes_later_c285_c286() {
    for scope in ["message_bus", "notifications", "write"] {
        let site = TestApp::start().await;
        let worker = Worker::start(&site.app);
        let (ada, program) = ada(&site, scope).await;
        let poll = waiting(&program, "c0ffee", &[("/notification/1", "0"), ("__seq", "1")]);
        until_waiting(&site, 1).await;
        say(&site, ada, BusChannel::Notification, json!({ "unread_notifications": 1 })).await;
        let answer = poll.await.unwrap();
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json; charset=utf-8"), "{scope}");
        let message = &answer.json()[0];
        assert_eq!(answer.json().as_array().unwrap().len(), 1);
        assert_eq!((&message["message_id"], &message["channel"]), (&json!(1), &json!("/notification/1")));
        assert!(message["global_id"].as_i64().unwrap() > 0);
        assert_eq!(message["data"], json!({ "unread_notifications": 1 }));
        assert_eq!(look(&program, &[("/notification/1", "0")]).await.json(), answer.json());
        assert_eq!(look(&program, &[("/notification/1", "1")]).await.json(), json!([]));
        worker.stop().await;
    }
}

#[actix_web::test]
async fn who_does_not_know_how_far_a_channel_has_come_is_told_and_looks_back_as_far_as_they_like() {
    let site = TestApp::start().await;
    let (ada, program) = ada(&site, "message_bus").await;
    for number in 1..=3 {
        say(&site, ada, BusChannel::Notification, json!(number)).await;
    }
    let status = |last: i64| json!([{ "global_id": -1, "message_id": -1, "channel": "/__status", "data": { "/notification/1": last } }]);
    assert_eq!(look(&program, &[("/notification/1", "-1")]).await.json(), status(3));
    assert_eq!(look(&program, &[("/notification/1", "9")]).await.json(), status(3), "the channel was set back");
    let never = json!({ "/logout/1": 0 });
    assert_eq!(look(&program, &[("/logout/1", "-1")]).await.json()[0]["data"], never);
    for (position, heard) in
        [("0", vec![1, 2, 3]), ("2", vec![3]), ("-2", vec![3]), ("-3", vec![2, 3]), ("-9", vec![1, 2, 3])]
    {
        let answer = look(&program, &[("/notification/1", position)]).await.json();
        let data: Vec<_> = answer.as_array().unwrap().iter().map(|message| message["data"].as_i64().unwrap()).collect();
        assert_eq!(data, heard, "{position}");
    }
}

#[actix_web::test]
async fn nobody_hears_what_others_are_told() {
    let site = TestApp::start().await;
    let (ada, _) = ada(&site, "message_bus").await;
    let bob = site.user("bob").await;
    say(&site, ada, BusChannel::Notification, json!("for ada")).await;
    for position in ["0", "-1", "-2", "not even a number"] {
        let answer = look(&bob, &[("/notification/1", position), ("/latest", "0"), ("/notification/x", "0")]).await;
        assert_eq!((answer.status, answer.json()), (200, json!([])), "{position}");
    }
}

#[actix_web::test]
async fn who_has_no_good_key_and_is_not_signed_in_hears_nothing_c291() {
    let site = TestApp::start().await;
    let anonymous = site.anonymous().json();
    let nobody = look(&anonymous, &[("/notification/1", "0")]).await;
    assert_eq!((nobody.status, nobody.json()["error_type"].as_str()), (403, Some("not_logged_in")));
    let bad = look(&anonymous.holder_of(&"0".repeat(32)), &[("/notification/1", "0")]).await;
    assert_eq!(bad.status, 403);
    let (_, reader) = ada(&site, "read").await;
    assert_eq!(look(&reader, &[]).await.status, 403);
}

#[actix_web::test]
async fn a_poll_that_cannot_be_read_is_told_what_to_change() {
    let site = TestApp::start().await;
    let (_, program) = ada(&site, "message_bus").await;
    let program = program.json();
    for (fields, told) in [
        (vec![("/notification/1", "soon")], "message_id"),
        (vec![("/notification/1", "1"), ("/notification/1", "2")], "more than once"),
        (vec![("__seq", "first")], "__seq"),
        (vec![("__seq", "-1")], "__seq"),
    ] {
        let answer = look(&program, &fields).await;
        assert!(answer.status == 400 && answer.error().contains(told), "{fields:?}: {answer:?}");
    }
    let long = program.post_form(&path(&"x".repeat(101)), &[("/notification/1", "0")]).await;
    assert!(long.status == 400 && long.error().contains("100 bytes"), "{long:?}");
}

#[actix_web::test]
async fn a_newer_poll_of_a_client_ends_its_older_one() {
    let site = TestApp::start().await;
    let (_, program) = ada(&site, "message_bus").await;
    let first = waiting(&program, "c0ffee", &[("/notification/1", "0"), ("__seq", "1")]);
    until_waiting(&site, 1).await;
    let other = waiting(&program, "decade", &[("/notification/1", "0"), ("__seq", "1")]);
    until_waiting(&site, 2).await;
    let second = waiting(&program, "c0ffee", &[("/notification/1", "0"), ("__seq", "2")]);
    assert_eq!(first.await.unwrap().json(), json!([]));
    until_waiting(&site, 2).await;
    site.app.end_polls();
    assert_eq!((other.await.unwrap().json(), second.await.unwrap().json()), (json!([]), json!([])));
}

#[actix_web::test]
async fn one_poll_more_than_a_user_may_have_is_answered_at_once() {
    let site = TestApp::with(&[("message_bus.max_polls_per_user", "1")]).await;
    let (_, program) = ada(&site, "message_bus").await;
    let first = waiting(&program, "c0ffee", &[("/notification/1", "0")]);
    until_waiting(&site, 1).await;
    assert_eq!(waiting(&program, "decade", &[("/notification/1", "0")]).await.unwrap().json(), json!([]));
    site.app.end_polls();
    first.await.unwrap();
}

#[actix_web::test]
async fn a_poll_that_nothing_comes_for_is_answered_with_nothing() {
    let site = TestApp::with(&[("message_bus.long_poll_seconds", "1")]).await;
    let (_, program) = ada(&site, "message_bus").await;
    let answer = waiting(&program, "c0ffee", &[("/notification/1", "0")]).await.unwrap();
    assert_eq!((answer.status, answer.json()), (200, json!([])));
    until_waiting(&site, 0).await;
}

#[actix_web::test]
async fn a_poll_costs_one_request_of_its_key() {
    let site = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "1")]).await;
    let (_, program) = ada(&site, "message_bus").await;
    assert_eq!(look(&program, &[]).await.status, 200);
    let limited = look(&program, &[]).await;
    assert!(limited.status == 429 && limited.headers.contains_key("retry-after"), "{limited:?}");
}

#[actix_web::test]
async fn the_polls_of_all_pages_of_a_user_share_a_window_which_is_not_that_of_keys_l6() {
    let site = TestApp::with(&[("limits.requests_per_user_per_minute", "2")]).await;
    let (_, program) = ada(&site, "message_bus").await;
    let (page, other, bob) = (site.sign_in("ada").await, site.sign_in("ada").await, site.user("bob").await);
    assert_eq!((look(&page, &[]).await.status, look(&other, &[]).await.status), (200, 200));
    let limited = look(&page, &[]).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"), "{limited:?}");
    assert_eq!((look(&program, &[]).await.status, look(&bob, &[]).await.status), (200, 200));
    site.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(look(&page, &[]).await.status, 200);
}

#[actix_web::test]
async fn a_key_that_ended_while_it_polls_hears_nothing_more() {
    let site = TestApp::start().await;
    let worker = Worker::start(&site.app);
    let (ada, program) = ada(&site, "message_bus").await;
    let poll = waiting(&program, "c0ffee", &[("/notification/1", "-2"), ("/logout/1", "0")]);
    until_waiting(&site, 1).await;
    assert_eq!(program.post("/user-api-key/revoke").await.status, 200);
    say(&site, ada, BusChannel::Notification, json!("too late")).await;
    assert_eq!(poll.await.unwrap().json(), json!([]));
    worker.stop().await;
}

#[actix_web::test]
async fn who_is_signed_out_is_told_so_however_it_happens_and_nothing_else() {
    let site = TestApp::start().await;
    let worker = Worker::start(&site.app);
    let ada = site.user("ada").await;
    let id = UserId::parse(1).unwrap();
    let fields = [("/logout/1", "0"), ("/notification/1", "0")];

    let poll = waiting(&ada, "c0ffee", &fields);
    until_waiting(&site, 1).await;
    assert_eq!(ada.csrf().await.delete("/session/ada").await.status, 200);
    let answer = poll.await.unwrap().json();
    assert_eq!((&answer[0]["channel"], &answer[0]["data"]), (&json!("/logout/1"), &json!(1)));
    assert_eq!(answer.as_array().unwrap().len(), 1);

    let again = site.sign_in("ada").await;
    let poll = waiting(&again, "c0ffee", &[("/logout/1", "1"), ("/notification/1", "0")]);
    until_waiting(&site, 1).await;
    accounts::suspend(&site.app.cx, &Username::parse("ada").unwrap(), Origin::default()).await.unwrap();
    say(&site, id, BusChannel::Notification, json!("not for who is suspended")).await;
    let answer = poll.await.unwrap().json();
    assert_eq!((&answer[0]["message_id"], answer.as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(look(&again, &fields).await.status, 403);
    worker.stop().await;
}

#[actix_web::test]
async fn of_a_channel_the_newest_hundred_messages_are_kept_for_a_week_and_its_position_for_ever() {
    let site = TestApp::start().await;
    let (ada, program) = ada(&site, "message_bus").await;
    for number in 1..=102 {
        say(&site, ada, BusChannel::Notification, json!(number)).await;
    }
    let heard = look(&program, &[("/notification/1", "0")]).await.json();
    assert_eq!((heard.as_array().unwrap().len(), &heard[0]["data"]), (100, &json!(3)));
    site.clock.advance_days(8);
    hallpass::domain::bus::sweep(&site.app.cx).await.unwrap();
    assert_eq!(site.number("SELECT count(*) FROM bus_messages"), Some(0));
    assert_eq!(look(&program, &[("/notification/1", "-1")]).await.json()[0]["data"], json!({ "/notification/1": 102 }));
}

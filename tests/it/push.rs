//! Pushes: signed, tried again, given up where nobody takes them, and never to where they should not go.

mod failing;
mod guide;
mod presence;
mod process;
mod slow;

use std::collections::BTreeSet;
use std::time::Duration;

use hallpass::domain::push::{claim, deliver, list_failing};
use hallpass::model::UserId;
use serde_json::{Value, json};

use crate::support::receiver::{self, Manner, Receiver, SECRET};
use crate::support::{TestApp, Visitor};

const LOOPBACK: (&str, &str) = ("user_api.allowed_user_api_push_networks", "127.0.0.1");

async fn site(receiver: &Receiver, more: &[(&str, &str)]) -> TestApp {
    let settings =
        [("user_api.allowed_user_api_push_urls", receiver.url.as_str()), ("user_api.push_api_secret_key", SECRET)];
    TestApp::with(&[&settings, more].concat()).await
}

/// A user with an application that wants pushes, last seen long ago.
async fn ada(site: &TestApp, receiver: &Receiver) -> (Visitor, UserId) {
    let ada = site.user("ada").await;
    allow(site, &ada, "phone", &receiver.url).await;
    site.flush().await;
    site.clock.advance(Duration::from_hours(1));
    (ada, UserId::parse(site.number("SELECT id FROM users WHERE username = 'ada'").unwrap()).unwrap())
}

/// The user allows an application that wants to be told there.
async fn allow(site: &TestApp, user: &Visitor, client_id: &str, push_url: &str) {
    let application = site.client_app().scopes("notifications").set("push_url", push_url);
    application.set("client_id", client_id).approved_by(user).await;
}

/// The site's back end tells the user something; gives the notification's id.
async fn tell(site: &TestApp, user: UserId) -> i64 {
    let data = json!({ "topic_title": "Bread", "id": "of the site" });
    let body = json!({ "user_ids": [user.get()], "notification_type": 1, "url": "/t/1", "data": data });
    let told = site.full_back_end().await.post_json("/admin/notifications", &body).await;
    assert_eq!(told.status, 200, "{told:?}");
    told.json()["items"][0]["id"].as_i64().unwrap()
}

/// Sends all that is due; says to how many targets.
async fn send(site: &TestApp) -> usize {
    let claimed = claim(&site.app.cx, 100).await.unwrap();
    let count = claimed.len();
    for one in claimed {
        deliver(&site.app.cx, &site.app.sender, one).await.unwrap();
    }
    count
}

fn ids(bodies: &[Value]) -> Vec<i64> {
    bodies.iter().flat_map(receiver::ids).collect()
}

fn waiting(site: &TestApp) -> i64 {
    site.number("SELECT count(*) FROM push_deliveries").unwrap()
}

#[actix_web::test]
async fn all_that_is_due_for_a_target_goes_in_one_signed_post() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&site, &receiver).await;
    let told = [tell(&site, user).await, tell(&site, user).await];
    assert_eq!(send(&site).await, 1);
    let bodies = receiver.take();
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["url"], site.base.as_str());
    let url = format!("{}/t/1", site.base);
    let first = json!({
        "id": told[0], "notification_type": 1, "topic_title": "Bread", "url": url, "client_id": "phone",
    });
    assert_eq!((ids(&bodies), &bodies[0]["notifications"][0]), (told.to_vec(), &first));
    assert_eq!((send(&site).await, waiting(&site)), (0, 0));
}

#[actix_web::test]
async fn a_receiver_on_an_address_that_is_not_public_gets_nothing_unless_it_is_listed_r8() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[]).await;
    let (_, user) = ada(&site, &receiver).await;
    tell(&site, user).await;
    assert_eq!((send(&site).await, receiver.take().len(), waiting(&site)), (1, 0, 1));
    let failing = list_failing(&site.app.cx).await.unwrap();
    assert!(failing[0].last_failure.as_ref().unwrap().contains("no public address"), "{failing:?}");
}

#[actix_web::test]
async fn what_is_not_taken_is_sent_again_and_redirects_are_not_followed_r8() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&site, &receiver).await;
    let id = tell(&site, user).await;
    for manner in [Manner::Says(500), Manner::Redirects] {
        receiver.behave(manner);
        assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![id]), "{manner:?}");
        // Not before its time.
        assert_eq!(send(&site).await, 0);
        site.clock.advance(Duration::from_hours(1));
    }
    receiver.behave(Manner::Floods);
    assert_eq!((send(&site).await, ids(&receiver.take()), waiting(&site)), (1, vec![id], 0));
    assert!(list_failing(&site.app.cx).await.unwrap().is_empty());
}

#[actix_web::test]
async fn nothing_is_pushed_for_a_key_that_is_ended_or_expired_or_whose_owner_is_suspended_c214() {
    let changes = [
        "UPDATE user_api_keys SET revoked_at = 1",
        "UPDATE user_api_keys SET expires_at = 1",
        "UPDATE users SET suspended_at = 1",
    ];
    for change in changes {
        let receiver = Receiver::start().await;
        let site = site(&receiver, &[LOOPBACK]).await;
        let (_, user) = ada(&site, &receiver).await;
        tell(&site, user).await;
        site.execute(change).await;
        tell(&site, user).await;
        send(&site).await;
        assert_eq!((receiver.take().len(), waiting(&site)), (0, 0), "{change}");
    }
}

#[actix_web::test]
async fn nothing_is_pushed_by_a_scope_that_is_kept_for_a_group_once_the_owner_has_left_it_l8() {
    let receiver = Receiver::start().await;
    let settings = [
        ("user_api.allowed_user_api_push_urls", receiver.url.as_str()),
        ("user_api.push_api_secret_key", SECRET),
        LOOPBACK,
    ];
    let site = TestApp::with_file("[scopes.notifications]\ngroups = [\"press\"]\n", &settings).await;
    let press = hallpass::model::Group::parse("press").unwrap();
    site.account("ada", |ada| ada.named_groups = [press].into()).await;
    let (ada, user) = (site.sign_in("ada").await, UserId::parse(1).unwrap());
    site.client_app().scopes("notifications").set("push_url", &receiver.url).approved_by(&ada).await;
    site.flush().await;
    site.clock.advance(Duration::from_hours(1));
    let back_end = site.full_back_end().await;
    let groups = async |groups: &[&str]| {
        back_end.patch_json("/admin/users/1", &json!({ "named_groups": groups })).await;
    };
    tell(&site, user).await;
    groups(&[]).await;
    tell(&site, user).await;
    assert_eq!(waiting(&site), 1, "what is told after they left is not even stored");
    send(&site).await;
    assert_eq!((receiver.take().len(), waiting(&site)), (0, 0));
    groups(&["press"]).await;
    let id = tell(&site, user).await;
    assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![id]));
}

#[actix_web::test]
async fn a_restart_loses_nothing_and_what_was_claimed_is_due_again() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&site, &receiver).await;
    let id = tell(&site, user).await;
    // As a kill would leave it: claimed, and not sent.
    assert_eq!(claim(&site.app.cx, 100).await.unwrap().len(), 1);
    assert_eq!(send(&site).await, 0);
    let site = site.again().await;
    site.clock.advance(Duration::from_secs(30));
    assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![id]));
}

#[actix_web::test]
async fn what_was_read_or_deleted_meanwhile_is_not_pushed() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&site, &receiver).await;
    let (back_end, [read, deleted, left]) =
        (site.full_back_end().await, [tell(&site, user).await, tell(&site, user).await, tell(&site, user).await]);
    assert_eq!(back_end.post(&format!("/admin/notifications/{read}/read")).await.status, 200);
    assert_eq!(back_end.delete(&format!("/admin/notifications/{deleted}")).await.status, 200);
    assert_eq!((send(&site).await, ids(&receiver.take()), waiting(&site)), (1, vec![left], 0));
}

#[actix_web::test]
async fn two_nodes_send_each_notification_once() {
    let receiver = Receiver::start().await;
    let one = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&one, &receiver).await;
    let other = one.beside(&[]).await;
    for number in 0..20 {
        tell(if number % 2 == 0 { &one } else { &other }, user).await;
        tokio::join!(send(&one), send(&other));
    }
    let got = ids(&receiver.take());
    assert_eq!((got.len(), got.into_iter().collect::<BTreeSet<_>>().len(), waiting(&one)), (20, 20, 0));
}

//! Receivers that take their time.

use std::time::Duration;

use hallpass::domain::push::list_failing;
use hallpass::model::UserId;
use hallpass::worker::Worker;

use super::{LOOPBACK, ada, allow, send, tell, waiting};
use crate::ending::soon;
use crate::support::TestApp;
use crate::support::receiver::{Manner, Receiver, SECRET, ids};

const SETTINGS: [(&str, &str); 3] =
    [("user_api.allowed_user_api_push_urls", "*"), ("user_api.push_api_secret_key", SECRET), LOOPBACK];

#[actix_web::test]
async fn a_receiver_that_never_answers_or_drips_fails_in_time_r8() {
    for manner in [Manner::Hangs, Manner::Drips] {
        let receiver = Receiver::start().await;
        let site = TestApp::with_patience(Duration::from_secs(1), &SETTINGS).await;
        let (_, user) = ada(&site, &receiver).await;
        receiver.behave(manner);
        tell(&site, user).await;
        assert_eq!((send(&site).await, waiting(&site)), (1, 1), "{manner:?}");
        let failing = list_failing(&site.app.cx).await.unwrap();
        assert_eq!(failing[0].last_failure.as_deref(), Some("no answer within 1 seconds"), "{manner:?}");
    }
}

/// With the patience of an hour: while they are slow, no cap helps the other.
#[actix_web::test]
async fn a_hundred_receivers_that_never_answer_or_drip_hold_up_no_other() {
    let (hanging, dripping, fast) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    let site = TestApp::with_patience(Duration::from_hours(1), &SETTINGS).await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    for number in 0..50 {
        for (name, slow) in [("hanging", &hanging), ("dripping", &dripping)] {
            allow(&site, &ada, &format!("{name}-{number}"), &format!("{}?{number}", slow.url)).await;
        }
    }
    allow(&site, &bob, "phone", &fast.url).await;
    site.flush().await;
    site.clock.advance(Duration::from_hours(1));
    hanging.behave(Manner::Hangs);
    dripping.behave(Manner::Drips);
    let worker = Worker::start(&site.app);
    let slow = tell(&site, UserId::parse(1).unwrap()).await;
    for _ in 0..50 {
        assert_eq!((ids(&hanging.next().await), ids(&dripping.next().await)), (vec![slow], vec![slow]));
    }
    let id = tell(&site, UserId::parse(2).unwrap()).await;
    assert_eq!(ids(&fast.next().await), [id]);
    soon(async || waiting(&site) == 100).await;
    for receiver in [&hanging, &dripping] {
        receiver.behave(Manner::Takes);
    }
    soon(async || waiting(&site) == 0).await;
    worker.stop().await;
}

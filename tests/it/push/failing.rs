//! Targets that do not take what they get: when they are tried again, with how much, and what ends it.

use std::time::Duration;

use hallpass::domain::push::{list_failing, switch_on};
use hallpass::model::{Clock as _, PushTarget, PushUrl, UserId};

use super::{LOOPBACK, ada, allow, ids, send, site, tell, waiting};
use crate::support::receiver::{Manner, Receiver};
use crate::support::{TestApp, Visitor};

const MICROSECOND: Duration = Duration::from_micros(1);
const DAY: Duration = Duration::from_hours(24);
const APPLICATIONS: &str = "/u/ada/preferences/apps";
const NOTE: &str = "It gets no notifications";

async fn failing(site: &TestApp) -> Option<PushTarget> {
    let mut all = list_failing(&site.app.cx).await.unwrap();
    assert!(all.len() < 2, "{all:?}");
    all.pop()
}

/// Moves the clock to when the target may be tried again, and not before; says how long that was.
async fn wait_for_its_turn(site: &TestApp) -> Duration {
    let Some(target) = failing(site).await else { return Duration::ZERO };
    let wait = target.due_at.since(site.clock.now());
    site.clock.advance(wait.checked_sub(MICROSECOND).unwrap());
    assert_eq!(send(site).await, 0);
    site.clock.advance(MICROSECOND);
    wait
}

/// The receiver fails until it is switched off.
async fn fail_for_a_day(site: &TestApp, receiver: &Receiver, user: UserId) {
    receiver.behave(Manner::Says(503));
    while failing(site).await.is_none_or(|target| target.switched_off_at.is_none()) {
        tell(site, user).await;
        assert_eq!(send(site).await, 1);
        site.clock.advance(Duration::from_hours(1));
    }
    receiver.behave(Manner::Takes);
    receiver.take();
}

/// How pushing stands, as Prometheus is told once the worker has counted.
async fn figures(site: &TestApp) -> Vec<String> {
    site.sweep().await;
    let text = Visitor::new(&site.internal).get("/metrics").await.body;
    let ours = text.lines().filter_map(|line| line.strip_prefix("hallpass_push"));
    let levels = ours.filter(|line| line.starts_with("es_waiting") || line.starts_with("_targets"));
    levels.map(|line| format!("push{line}")).collect()
}

#[actix_web::test]
async fn a_target_that_always_fails_is_tried_as_often_as_the_guide_says_and_then_switched_off() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&site, &receiver).await;
    receiver.behave(Manner::Says(503));
    let (mut tries, mut waited) = (0, Duration::ZERO);
    loop {
        tell(&site, user).await;
        assert_eq!((send(&site).await, receiver.take().len()), (1, 1));
        tries += 1;
        let target = failing(&site).await.unwrap();
        assert_eq!((target.failures, target.last_failure.as_deref()), (tries, Some("the answer was 503")));
        if target.switched_off_at.is_some() {
            break;
        }
        assert!(tries < 10 || waited < DAY, "{tries} failures within {waited:?}");
        let longest = Duration::from_secs(30) * 2_u32.pow(tries.min(10) - 1);
        let wait = wait_for_its_turn(&site).await;
        assert!(wait >= Duration::from_secs(1) && wait <= longest.min(Duration::from_hours(1)), "{tries}: {wait:?}");
        waited += wait;
    }
    assert!(tries >= 10 && waited >= DAY, "{tries} failures within {waited:?}");
    site.clock.advance(DAY);
    tell(&site, user).await;
    assert_eq!((send(&site).await, receiver.take().len()), (0, 0));
}

#[actix_web::test]
async fn what_waits_for_a_target_that_is_switched_off_is_dropped_until_the_operator_switches_it_on() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (browser, user) = ada(&site, &receiver).await;
    fail_for_a_day(&site, &receiver, user).await;
    let page = browser.html();
    assert_eq!(waiting(&site), 0);
    assert!(page.get(APPLICATIONS).await.body.contains(NOTE));
    // Who looks is there, and not pushed to.
    site.clock.advance(Duration::from_hours(1));
    assert_eq!(figures(&site).await, ["pushes_waiting 0", "push_targets_switched_off 1"]);
    let id = tell(&site, user).await;
    assert_eq!((send(&site).await, receiver.take().len()), (0, 0));
    assert!(switch_on(&site.app.cx, PushUrl::parse(&receiver.url).unwrap()).await.unwrap());
    assert_eq!(figures(&site).await, ["pushes_waiting 1", "push_targets_switched_off 0"]);
    assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![id]));
    assert!(!page.get(APPLICATIONS).await.body.contains(NOTE));
}

#[actix_web::test]
async fn a_user_who_allows_an_application_anew_has_its_target_tried_again() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (browser, user) = ada(&site, &receiver).await;
    fail_for_a_day(&site, &receiver, user).await;
    // One that is not to be told anything changes nothing.
    let reader = site.client_app().set("client_id", "reader").set("push_url", &receiver.url);
    reader.approved_by(&browser).await;
    assert!(failing(&site).await.is_some());
    allow(&site, &browser, "phone", &receiver.url).await;
    assert_eq!(failing(&site).await, None);
    assert!(!browser.html().get(APPLICATIONS).await.body.contains(NOTE));
    site.flush().await;
    site.clock.advance(Duration::from_hours(1));
    let id = tell(&site, user).await;
    assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![id]));
}

#[actix_web::test]
async fn a_target_that_only_fails_keeps_its_turn_whoever_allows_an_application_anew() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (browser, user) = ada(&site, &receiver).await;
    receiver.behave(Manner::Says(503));
    tell(&site, user).await;
    send(&site).await;
    let before = failing(&site).await;
    assert!(before.is_some());
    allow(&site, &browser, "tablet", &receiver.url).await;
    assert_eq!(failing(&site).await, before);
}

#[actix_web::test]
async fn what_a_receiver_cannot_take_comes_to_stand_alone_and_is_dropped_when_it_says_so() {
    for (status, left) in [(400, 0), (413, 0), (422, 0), (500, 1)] {
        let receiver = Receiver::start().await;
        let site = site(&receiver, &[LOOPBACK]).await;
        let (_, user) = ada(&site, &receiver).await;
        let mut told = Vec::new();
        for _ in 0..10 {
            told.push(tell(&site, user).await);
        }
        let bad = told.remove(6);
        receiver.behave(Manner::Refuses(status, bad));
        let (mut taken, mut waited) = (Vec::<i64>::new(), Duration::ZERO);
        while waiting(&site) > left {
            waited += wait_for_its_turn(&site).await;
            assert_eq!(send(&site).await, 1);
            let sent = ids(&receiver.take());
            taken.extend(sent.iter().filter(|_| !sent.contains(&bad)));
        }
        taken.sort_unstable();
        assert_eq!(taken, told, "{status}");
        assert!(waited < Duration::from_hours(1), "{status}: {waited:?}");
    }
}

#[actix_web::test]
async fn what_a_receiver_chokes_on_does_not_hold_up_what_comes_after_it() {
    let receiver = Receiver::start().await;
    let site = site(&receiver, &[LOOPBACK]).await;
    let (_, user) = ada(&site, &receiver).await;
    let bad = tell(&site, user).await;
    receiver.behave(Manner::Refuses(500, bad));
    for _ in 0..3 {
        send(&site).await;
        let next = tell(&site, user).await;
        wait_for_its_turn(&site).await;
        receiver.take();
        assert_eq!((send(&site).await, ids(&receiver.take())), (1, vec![next]));
    }
    assert_eq!(waiting(&site), 1);
}

//! The server is gone, or hangs, while keys are in use.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::asker::Asker;
use super::{STALE, Site, behind, relay};
use crate::support::database;
use crate::support::postgres::Postgres;
use crate::support::relay::{Mode, Relay};
use crate::support::server::Server;
use crate::support::trials::{note, times};
use crate::support::{PASSWORD, Visitor};

/// Of the right shape, and nobody's.
const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

/// What an answer takes beside what is waited for, on a busy machine.
const SLACK: Duration = Duration::from_millis(500);

/// The least time in which a connection is given up, the beat before it, and as much again.
const SILENT: Duration = Duration::from_secs(10);

/// How long a known key went on, and how long it took to be well, of each time.
type Spans = Vec<(Duration, Duration)>;

async fn by_relay(relay: &Relay, fault: Mode, patience: Duration) -> Spans {
    let site = Site::start().await;
    let node = behind(relay, &site);
    let once = |_| known_keys_go_on_for_a_while(&site, &node, || relay.set(fault), || relay.set(Mode::Pass), patience);
    (0..times(1, 5)).map(once).collect()
}

/// A known key goes on, then is answered with 503, each time within `patience`; all is well when the server is back.
/// Says how long the key went on, and how long it took to be well.
fn known_keys_go_on_for_a_while(
    site: &Site,
    node: &Server,
    fault: impl FnOnce(),
    mend: impl FnOnce(),
    patience: Duration,
) -> (Duration, Duration) {
    let (mut known, mut unknown) = (Asker::to(&node.internal), Asker::to(&node.internal));
    known.until_remembered(&site.key);
    assert_eq!(unknown.verify(UNKNOWN).status, 403);
    let begun = Instant::now();
    // It is asked without pause while that happens.
    let (guessed, (last, refused)) = thread::scope(|scope| {
        let asking = scope.spawn(|| known.until(&site.key, |said| said.status != 200));
        fault();
        let guessed = unknown.verify(&UNKNOWN.replace('f', "e"));
        (guessed, asking.join().unwrap())
    });
    let went_on = last.unwrap().at - begun;
    assert!(refused.is_unavailable(), "{}", refused.text);
    assert!(went_on <= STALE + SLACK, "a known key went on for {went_on:?}");
    // It was heard of up to half a second before the fault.
    assert!(went_on + SLACK + Duration::from_millis(500) >= STALE, "a known key went on for {went_on:?} only");
    assert!(guessed.is_unavailable() && guessed.at - begun <= patience, "{:?} {}", guessed.at - begun, guessed.text);
    for _ in 0..3 {
        let asked = Instant::now();
        let said = known.verify(&site.key);
        assert!(said.is_unavailable() && asked.elapsed() <= patience, "{:?} {}", asked.elapsed(), said.text);
    }
    mend();
    let back = Instant::now();
    known.until(&site.key, |said| said.status == 200);
    (went_on, back.elapsed())
}

fn note_all(name: &str, what: &str, spans: &Spans) {
    let shown = |span: Option<&Duration>| format!("{:.2} s", span.unwrap().as_secs_f64());
    let (went_on, back): (Vec<_>, Vec<_>) = spans.iter().copied().unzip();
    let (least, most, back) = (shown(went_on.iter().min()), shown(went_on.iter().max()), shown(back.iter().max()));
    note(&format!("gone-{name}"), &format!("| {what} | {} | {least} | {most} | {back} |", spans.len()));
}

#[actix_web::test]
async fn without_its_server_a_node_goes_on_with_known_keys_for_the_time_that_is_set_and_then_says_503_l8() {
    let Some(relay) = relay() else { return };
    let took = by_relay(&relay, Mode::Gone, SLACK).await;
    note_all("1", "not there: connections are refused", &took);
}

#[actix_web::test]
async fn a_server_that_hangs_keeps_no_question_waiting_longer_than_keys_are_trusted_l8() {
    let Some(relay) = relay() else { return };
    let took = by_relay(&relay, Mode::Hang, STALE + SLACK).await;
    note_all("4", "hangs: connections stay, nothing is answered", &took);
}

#[actix_web::test]
async fn a_server_that_hangs_keeps_no_act_waiting_for_ever_and_none_at_all_once_that_is_known_l8() {
    let Some(relay) = relay() else { return };
    let site = Site::start().await;
    let url = relay.url(site.node.database().url());
    let node = site.node.beside(&[("database.url", &url), ("database.connect_timeout_seconds", "2")]);
    Asker::to(&node.internal).until_remembered(&site.root);
    relay.set(Mode::Hang);
    let form = format!("id={}", site.id);
    for patience in [SILENT, SLACK] {
        let begun = Instant::now();
        let said = Asker::to(&node.base).post("/user-api-key/revoke", &site.root, &form);
        assert!(said.is_unavailable() && begun.elapsed() <= patience, "{:?} {}", begun.elapsed(), said.text);
    }
    relay.set(Mode::Pass);
    Asker::to(&node.internal).until(&site.root, |said| said.status == 200);
    // Connections that hung are found out one after the other.
    let back = Instant::now();
    while Asker::to(&node.base).post("/user-api-key/revoke", &site.root, &form).status != 200 {
        assert!(back.elapsed() <= SILENT, "no act for {:?} after the server was back", back.elapsed());
    }
}

/// A node on a server of its own, to which something happens.
async fn on_its_own_server(
    (name, what): (&str, &str),
    fault: fn(&mut Postgres),
    mend: fn(&mut Postgres),
    patience: Duration,
) {
    if database::server().is_none() {
        return;
    }
    let server = Postgres::start();
    let site = Site::on(&[("database.url", &server.url())]).await;
    let server = Mutex::new(server);
    let (fault, mend) = (|| fault(&mut server.lock().unwrap()), || mend(&mut server.lock().unwrap()));
    let once = |_| known_keys_go_on_for_a_while(&site, &site.node, fault, mend, patience);
    note_all(name, what, &(0..times(1, 5)).map(once).collect());
}

#[actix_web::test]
async fn without_postgresql_which_is_stopped_a_node_goes_on_with_known_keys_for_the_time_that_is_set_l8() {
    on_its_own_server(("2", "shut down (fast), and started again"), Postgres::stop, Postgres::again, SLACK).await;
}

#[actix_web::test]
async fn with_postgresql_standing_still_a_node_goes_on_with_known_keys_for_the_time_that_is_set_l8() {
    let (stands_still, goes_on) =
        (|server: &mut Postgres| server.signal("STOP"), |server: &mut Postgres| server.signal("CONT"));
    on_its_own_server(("3", "frozen with all its processes (SIGSTOP)"), stands_still, goes_on, STALE + SLACK).await;
}

#[actix_web::test]
async fn without_postgresql_whatever_needs_it_is_answered_with_503_and_all_is_well_without_a_restart_l8() {
    if database::server().is_none() {
        return;
    }
    let mut server = Postgres::start();
    let site = Site::on(&[("database.url", &server.url())]).await;
    let (mut proxy, mut public) = (Asker::to(&site.node.internal), Asker::to(&site.node.base));
    proxy.until_remembered(&site.root);
    let ada = Visitor::new(&site.node.base);
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 200);
    server.stop();
    let told = ada.get("/u/ada/preferences/apps").await;
    assert!(told.status == 503 && told.body.contains("<h1"), "{told:?}");
    let form = format!("id={}", site.id);
    assert!(public.post("/user-api-key/revoke", &site.root, &form).is_unavailable());
    assert!(public.get("/u/ada.json", &site.root).is_unavailable());
    assert!(proxy.verify(UNKNOWN).is_unavailable());
    assert_eq!(proxy.get("/health/ready", &site.root).status, 503);
    assert_eq!(proxy.get("/health/live", &site.root).status, 200);
    server.again();
    assert_eq!(public.post("/user-api-key/revoke", &site.root, &form).status, 200);
    proxy.until(&site.key, |said| said.status == 403);
    assert_eq!(public.get("/u/ada.json", &site.root).status, 200);
    assert_eq!(proxy.get("/health/ready", &site.root).status, 200);
}

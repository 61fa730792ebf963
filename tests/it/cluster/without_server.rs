//! The server is gone, or hangs, while keys are in use.

use std::thread;
use std::time::{Duration, Instant};

use super::asker::{Asker, Said};
use super::{STALE, Site, behind, note, relay};
use crate::support::relay::{Mode, Relay};

/// Of the right shape, and nobody's.
const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

/// What an answer takes beside what is waited for, on a busy machine.
const SLACK: Duration = Duration::from_millis(500);

/// A known key goes on, then is answered with 503, each time within `patience`; all is well when the server is back.
async fn known_keys_go_on_for_a_while(relay: &Relay, fault: Mode, patience: Duration) -> (Duration, Duration) {
    let site = Site::start().await;
    let node = behind(relay, &site);
    let (mut known, mut unknown) = (Asker::to(&node.internal), Asker::to(&node.internal));
    known.until_remembered(&site.key);
    assert_eq!(unknown.verify(UNKNOWN).status, 403);
    relay.set(fault);
    let begun = Instant::now();
    let guessed = thread::spawn(move || unknown.verify(&UNKNOWN.replace('f', "e")));
    let (last, refused) = known.until(&site.key, |said| said.status != 200);
    let went_on = last.unwrap().at - begun;
    assert!(refused.is_unavailable(), "{}", refused.text);
    assert!(went_on <= STALE + SLACK, "a known key went on for {went_on:?}");
    // It was heard of up to half a second before the fault.
    assert!(went_on + SLACK + Duration::from_millis(500) >= STALE, "a known key went on for {went_on:?} only");
    let guessed: Said = guessed.join().unwrap();
    assert!(guessed.is_unavailable() && guessed.at - begun <= patience, "{:?} {}", guessed.at - begun, guessed.text);
    for _ in 0..3 {
        let asked = Instant::now();
        let said = known.verify(&site.key);
        assert!(said.is_unavailable() && asked.elapsed() <= patience, "{:?} {}", asked.elapsed(), said.text);
    }
    relay.set(Mode::Pass);
    let back = Instant::now();
    known.until(&site.key, |said| said.status == 200);
    (went_on, back.elapsed())
}

fn line(what: &str, (went_on, back): (Duration, Duration)) -> String {
    format!("| {what} | {:.2} s | {:.2} s |", went_on.as_secs_f64(), back.as_secs_f64())
}

#[actix_web::test]
async fn without_its_server_a_node_goes_on_with_known_keys_for_the_time_that_is_set_and_then_says_503_l8() {
    let Some(relay) = relay() else { return };
    let took = known_keys_go_on_for_a_while(&relay, Mode::Gone, SLACK).await;
    note("gone", &line("stopped: connections are refused", took));
}

#[actix_web::test]
async fn a_server_that_hangs_keeps_no_question_waiting_longer_than_keys_are_trusted_l8() {
    let Some(relay) = relay() else { return };
    let took = known_keys_go_on_for_a_while(&relay, Mode::Hang, STALE + SLACK).await;
    note("hangs", &line("hangs: connections stay, nothing is answered", took));
}

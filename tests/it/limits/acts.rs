//! The limits of acts.

use std::time::Duration;

use enum_map::enum_map;
use hallpass::limits::{Act, ActLimits, Quota};
use proptest::prelude::*;

use super::*;

fn per_minute(max: u32) -> (ActLimits, Arc<Hand>) {
    let hand = Hand::at(1_790_000_000 * SECOND);
    let quota = |max| Quota::new(max, Duration::from_mins(1));
    let quotas = enum_map! {
        Act::SignInPerAccountAndAddress => quota(max),
        Act::SignInPerAddress => quota(60),
        Act::UnknownKeysPerAddress => quota(0),
        _ => quota(1),
    };
    (ActLimits::new(quotas, hand.clone(), [7; 32]), hand)
}

const ACT: Act = Act::SignInPerAccountAndAddress;

/// Takes until this act of this subject is refused.
fn takes(limits: &ActLimits, act: Act, subject: &str) -> usize {
    std::iter::repeat_with(|| limits.take(act, subject)).take_while(Result::is_ok).count()
}

/// So many subjects ask once each.
fn flood(limits: &ActLimits, from: u32, count: u32) -> usize {
    (from..from + count).filter(|number| limits.take(ACT, &format!("flood {number}")).is_ok()).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_act_is_exact_too_l1(
        pauses in proptest::collection::vec(prop_oneof![Just(0), 0..SECOND, 0..30 * SECOND], 1..500), max in 1_u32..300,
    ) {
        let (limits, hand) = per_minute(max);
        let mut accepted = Vec::new();
        for pause in pauses {
            hand.set(hand.get() + pause);
            let peeked = limits.peek(ACT, "ada");
            let taken = limits.take(ACT, "ada");
            prop_assert_eq!(peeked, taken);
            match taken {
                Ok(()) => accepted.push(hand.get()),
                Err(refused) => {
                    hand.set(hand.get() + i64::try_from(refused.retry_after.as_micros()).unwrap());
                    prop_assert_eq!(limits.peek(ACT, "ada"), Ok(()));
                }
            }
        }
        prop_assert!(worst(&accepted, MINUTE) <= usize::try_from(max).unwrap());
    }
}

#[test]
fn acts_and_subjects_have_windows_of_their_own_and_a_quota_of_0_refuses_l1_l2() {
    let (limits, _) = per_minute(3);
    assert_eq!(takes(&limits, ACT, "ada"), 3);
    assert_eq!(takes(&limits, ACT, "bob"), 3);
    assert_eq!(takes(&limits, Act::SignInPerAddress, "ada"), 60);
    assert_eq!(takes(&limits, Act::UnknownKeysPerAddress, "ada"), 0);
    assert!(limits.peek(Act::UnknownKeysPerAddress, "ada").is_err());
    assert_eq!(limits.peek(ACT, "ada").unwrap_err().retry_after, Duration::from_mins(1));
}

#[test]
fn a_subject_of_any_length_is_told_apart_l6() {
    let (limits, _) = per_minute(1);
    let long = "a".repeat(1_000_000);
    assert_eq!(takes(&limits, ACT, &long), 1);
    assert_eq!(takes(&limits, ACT, &format!("{long}b")), 1);
}

#[test]
fn a_flood_resets_nobody_and_refuses_neither_the_known_nor_every_newcomer_l6() {
    let (limits, _) = per_minute(10);
    assert_eq!(takes(&limits, ACT, "tried ten times"), 10);
    limits.take(ACT, "known").unwrap();
    assert!(flood(&limits, 0, 90_000) > 80_000);
    limits.sweep();
    assert!(limits.peek(ACT, "tried ten times").is_err());
    assert_eq!(takes(&limits, ACT, "known"), 9);
    let newcomers = (0..100).filter(|number| limits.take(ACT, &format!("newcomer {number}")).is_ok()).count();
    assert!(newcomers > 50, "{newcomers} of 100");
}

#[test]
fn a_newcomer_who_shares_a_window_gets_no_second_one_when_room_is_made_l6() {
    let (limits, hand) = per_minute(10);
    flood(&limits, 0, 90_000);
    hand.set(hand.get() + 30 * SECOND);
    let mut newcomers = (0..1000).map(|number| format!("newcomer {number}"));
    let (newcomer, shared) =
        newcomers.find_map(|name| Some(takes(&limits, ACT, &name)).filter(|&n| n > 0).map(|n| (name, n))).unwrap();
    hand.set(hand.get() + 31 * SECOND);
    limits.sweep();
    assert_eq!(shared + takes(&limits, ACT, &newcomer), 10);
    hand.set(hand.get() + MINUTE);
    assert_eq!(takes(&limits, ACT, &newcomer), 10);
}

#[test]
fn one_who_floods_gets_no_more_than_the_quota_for_any_one_subject_l6() {
    let (limits, hand) = per_minute(10);
    let mut accepted = Vec::new();
    for round in 0..12 {
        flood(&limits, round * 20_000, 20_000);
        accepted.extend((0..takes(&limits, ACT, "mallory")).map(|_| hand.get()));
        hand.set(hand.get() + 9 * SECOND);
        limits.sweep();
    }
    assert!(worst(&accepted, MINUTE) <= 10);
}

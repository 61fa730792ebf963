//! Never one more than the quota in any window, never one less than was promised.

use std::time::Duration;

use hallpass::limits::Window;
use proptest::prelude::*;

use super::*;

/// Pauses of every size, from none at all to half a day.
fn pauses() -> impl Strategy<Value = Vec<i64>> {
    let pause = prop_oneof![
        4 => Just(0),
        3 => 0..SECOND,
        3 => 0..10 * SECOND,
        2 => 0..2 * MINUTE,
        1 => 0..20 * MINUTE,
        // Whole steps, so that a request comes at the very instant when an earlier one leaves.
        4 => (0..=6_i64).prop_map(|steps| steps * 10 * SECOND),
        1 => Just(DAY / 2),
        1 => 0..DAY / 2,
    ];
    proptest::collection::vec(pause, 1..1500)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_window_of_60_seconds_or_24_hours_ever_holds_more_c273_c274_c275_l1(
        pauses in pauses(), per_minute in 1_u32..260, per_day in 1_u32..700,
    ) {
        let (limits, hand) = limits(per_minute, per_day);
        let accepted = accepted(&limits, &hand, pauses);
        prop_assert!(worst(&accepted, MINUTE) <= usize::try_from(per_minute).unwrap());
        prop_assert!(worst(&accepted, DAY) <= usize::try_from(per_day).unwrap());
    }

    #[test]
    fn up_to_200_the_limit_refuses_exactly_what_a_list_of_all_instants_refuses_c275_l1(
        pauses in pauses(), per_minute in 0_usize..30, per_day in 0_usize..=200,
    ) {
        let (limits, hand) = limits(per_minute.try_into().unwrap(), per_day.try_into().unwrap());
        let mut all: Vec<i64> = Vec::new();
        for pause in pauses {
            hand.set(hand.get() + pause);
            let within = |window| all.iter().filter(|&&at| at > hand.get() - window).count();
            let standing = limits.standing(key(1));
            let left = |remaining: u32| usize::try_from(remaining).unwrap();
            prop_assert_eq!(left(standing.minute.remaining), per_minute - within(MINUTE));
            prop_assert_eq!(left(standing.day.remaining), per_day - within(DAY));
            let expected = within(MINUTE) < per_minute && within(DAY) < per_day;
            prop_assert_eq!(limits.take(key(1)).is_ok(), expected);
            all.extend(expected.then(|| hand.get()));
        }
    }

    #[test]
    fn a_refusal_charges_nothing_and_a_retry_after_it_succeeds_c274_c275_l2(
        pauses in pauses(), per_minute in 1_u32..230, per_day in 1_u32..450,
    ) {
        let (limits, hand) = limits(per_minute, per_day);
        for pause in pauses {
            hand.set(hand.get() + pause);
            let before = limits.standing(key(1));
            let Err(refused) = limits.take(key(1)) else { continue };
            prop_assert_eq!(limits.standing(key(1)), before);
            prop_assert_eq!(refused.standing, before);
            let wait = refused.retry_after;
            prop_assert!(wait >= Duration::from_secs(1) && wait.subsec_nanos() == 0);
            let full = [before.minute, before.day].into_iter().filter(|window| window.remaining == 0);
            let reset = full.map(|window| window.reset).max().unwrap();
            prop_assert!(reset <= wait && wait < reset.max(Duration::from_micros(1)) + Duration::from_secs(1));
            hand.set(hand.get() + i64::try_from(wait.as_micros()).unwrap());
            prop_assert!(limits.take(key(1)).is_ok());
        }
    }

    #[test]
    fn what_remains_is_accepted_at_once_and_not_one_more_l2(pauses in pauses(), per_day in 1_u32..700) {
        let (limits, hand) = limits(PLENTY, per_day);
        accepted(&limits, &hand, pauses);
        let remaining = limits.standing(key(1)).day.remaining;
        let now = usize::try_from(remaining).unwrap();
        prop_assert_eq!(accepted(&limits, &hand, vec![0; now + 5]).len(), now);
    }

    #[test]
    fn a_clock_that_goes_back_lets_nobody_in_earlier_and_retry_after_stays_true_c275(
        steps in proptest::collection::vec(-40 * SECOND..60 * SECOND, 1..600),
    ) {
        let (limits, hand) = limits(5, 100);
        let (mut latest, mut counted) = (0, Vec::new());
        for step in steps {
            hand.set(hand.get() + step);
            let wall = hand.get();
            match limits.take(key(1)) {
                // What was accepted behind the newest one counts as accepted with it.
                Ok(_) => { latest = wall.max(latest); counted.push(latest); }
                Err(refused) => {
                    hand.set(wall + i64::try_from(refused.retry_after.as_micros()).unwrap());
                    prop_assert!(limits.take(key(1)).is_ok());
                    latest = hand.get().max(latest);
                    counted.push(latest);
                }
            }
            prop_assert!(worst(&counted, MINUTE) <= 5 && worst(&counted, DAY) <= 100);
        }
    }
}

#[test]
fn a_client_at_exactly_20_per_minute_is_never_refused_c273() {
    let patterns: [Vec<i64>; 3] = [
        vec![3 * SECOND; 2000],
        (0..2000).map(|place| if place % 20 == 0 { MINUTE } else { 0 }).collect(),
        (0..2000).map(|place| if place % 20 == 0 { MINUTE - 19 * 7 } else { 7 }).collect(),
    ];
    for pauses in patterns {
        let (limits, hand) = limits(20, PLENTY);
        assert_eq!(accepted(&limits, &hand, pauses).len(), 2000);
    }
}

#[test]
fn ten_minutes_of_overload_let_200_through_20_in_the_worst_window_l1() {
    let (limits, hand) = limits(20, PLENTY);
    let accepted = accepted(&limits, &hand, vec![SECOND / 100; 60_000]);
    assert_eq!((worst(&accepted, MINUTE), accepted.len()), (20, 200));
}

#[test]
fn the_minute_names_itself_when_both_refuse_and_the_wait_is_the_longer_one_c273_c274() {
    let (limits, hand) = limits(2, 2);
    assert_eq!(accepted(&limits, &hand, [0, SECOND, 0]).len(), 2);
    let both = limits.take(key(1)).unwrap_err();
    assert_eq!((both.which, both.retry_after.as_secs()), (Window::Minute, 86_399));
    hand.set(hand.get() + MINUTE);
    let day = limits.take(key(1)).unwrap_err();
    assert_eq!((day.which, day.retry_after.as_secs()), (Window::Day, 86_339));
    assert_eq!(limits.standing(key(1)).minute.remaining, 2);
}

#[test]
fn a_quota_of_0_refuses_always_and_another_key_has_its_own_windows_l1() {
    let (none, _) = limits(20, 0);
    let refused = none.take(key(1)).unwrap_err();
    assert_eq!(
        (refused.which, refused.retry_after.as_secs(), refused.standing.minute.remaining),
        (Window::Day, 86_400, 20)
    );
    let (one, _) = limits(1, 1);
    assert!(one.take(key(1)).is_ok() && one.take(key(1)).is_err() && one.take(key(2)).is_ok());
    one.forget(key(1));
    assert!(one.take(key(1)).is_ok());
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    write(&mut text);
    String::from_utf8(text).unwrap()
}

#[test]
fn the_headers_say_how_the_key_stands_l2() {
    let (limits, hand) = limits(20, 2880);
    let empty = limits.standing(key(1));
    assert_eq!(written(|text| empty.write_limits(text)), r#""minute";r=20;t=0, "day";r=2880;t=0"#);
    limits.take(key(1)).unwrap();
    hand.set(hand.get() + 40 * SECOND + 1);
    let standing = limits.take(key(1)).unwrap();
    assert_eq!(standing, limits.standing(key(1)));
    assert_eq!(written(|text| standing.write_policy(text)), r#""minute";q=20;w=60, "day";q=2880;w=86400"#);
    // The day counts both in one bucket, which leaves with the newer one.
    assert_eq!(written(|text| standing.write_limits(text)), r#""minute";r=18;t=20, "day";r=2878;t=86400"#);
}

#[test]
fn sixteen_threads_on_one_key_are_accepted_exactly_as_often_as_the_quota_says_l1() {
    for (per_minute, per_day) in [(20, 2880), (PLENTY, 2880)] {
        let (limits, _) = limits(per_minute, per_day);
        let ask = || (0..500).filter(|_| limits.take(key(1)).is_ok()).count();
        let accepted: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(accepted, usize::try_from(per_minute.min(per_day)).unwrap());
    }
}

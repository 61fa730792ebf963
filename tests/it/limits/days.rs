//! Days, which are kept in buckets: a client 0.5 % below the quota is never refused, and no window holds one more.

use proptest::prelude::*;

use super::*;

/// 0.5 % below 2880.
const BELOW: usize = 2865;

/// Asks at these instants of a day, every day: then any 24 hours hold exactly as many as there are instants.
fn refused_in_days(mut of_a_day: Vec<i64>, days: i64, per_day: u32) -> usize {
    of_a_day.sort_unstable();
    let (limits, hand) = limits(PLENTY, per_day);
    let start = hand.get();
    let all: Vec<i64> = (0..days).flat_map(|day| of_a_day.iter().map(move |at| start + day * DAY + at)).collect();
    let refused = all.iter().filter(|&&at| {
        hand.set(at);
        limits.take(key(1)).is_err()
    });
    refused.count()
}

fn places() -> impl Iterator<Item = i64> {
    (0..).take(BELOW)
}

#[test]
fn a_client_below_the_day_that_asks_evenly_is_never_refused_c274() {
    assert_eq!(refused_in_days(places().map(|place| place * DAY / 2865).collect(), 4, 2880), 0);
}

#[test]
fn a_client_below_the_day_that_asks_in_bursts_is_never_refused_c274() {
    for bursts in [1, 2, 7, 30, 100, 191, 500] {
        // At an odd microsecond: a memory that rounds instants would refuse the same burst a day later.
        let times = places().map(|place| (place % bursts) * (DAY / bursts) + 777_777).collect();
        assert_eq!(refused_in_days(times, 3, 2880), 0, "{bursts} bursts a day");
    }
}

#[test]
fn a_client_below_the_day_that_asks_by_day_and_hardly_by_night_is_never_refused_c274() {
    let times = places()
        .map(|place| if place < 65 { place * DAY / 3 / 65 } else { DAY / 3 + (place - 65) * DAY * 2 / 3 / 2800 });
    assert_eq!(refused_in_days(times.collect(), 4, 2880), 0);
}

#[test]
fn a_client_that_fills_a_bucket_asks_once_more_and_pauses_is_never_refused_c274() {
    // The pattern with the most buckets, some closed by their count and some by time.
    let times = places().map(|place| place / 15 * 433 * SECOND + if place % 15 == 14 { 216 * SECOND } else { 0 });
    assert_eq!(refused_in_days(times.collect(), 4, 2880), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_client_below_the_day_that_asks_at_random_is_never_refused_c274(
        times in proptest::collection::vec(0..DAY, BELOW), crowd in 1..DAY,
    ) {
        prop_assert_eq!(refused_in_days(times.clone(), 3, 2880), 0);
        let crowded = times.into_iter().map(|at| at % crowd).collect();
        prop_assert_eq!(refused_in_days(crowded, 3, 2880), 0);
    }

    #[test]
    fn a_client_that_counts_its_own_day_and_stays_below_is_never_refused_c274(
        pauses in proptest::collection::vec(prop_oneof![Just(0), 0..50 * SECOND, 0..5 * MINUTE], 3000),
        per_day in 201_u32..1200,
    ) {
        let below = usize::try_from(per_day).unwrap() * 995 / 1000;
        let (limits, hand) = limits(PLENTY, per_day);
        let mut own: VecDeque<i64> = VecDeque::new();
        for pause in pauses {
            let now = hand.get() + pause;
            hand.set(now);
            own.retain(|&at| at > now - DAY);
            if own.len() < below {
                own.push_back(now);
                prop_assert!(limits.take(key(1)).is_ok());
            }
        }
    }

    #[test]
    fn buckets_never_let_one_more_through_a_day_l1(
        pauses in proptest::collection::vec(prop_oneof![Just(0), 0..SECOND, 0..60 * SECOND, 0..10 * MINUTE], 6000),
        per_day in 201_u32..2000,
    ) {
        let (limits, hand) = limits(PLENTY, per_day);
        let accepted = accepted(&limits, &hand, pauses);
        prop_assert!(worst(&accepted, DAY) <= usize::try_from(per_day).unwrap());
    }
}

#[test]
fn two_days_of_overload_fill_the_day_and_not_one_more_l1() {
    let (limits, hand) = limits(20, 2880);
    let accepted = accepted(&limits, &hand, vec![2 * SECOND; 86_400]);
    assert_eq!((worst(&accepted, MINUTE), worst(&accepted, DAY)), (20, 2880));
    assert!(accepted.len() >= 2 * 2865, "{}", accepted.len());
}

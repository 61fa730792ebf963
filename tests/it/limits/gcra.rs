//! Why there is a store of our own: governor as it comes does not pass the test that ours passes.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::FakeRelativeClock;
use governor::{Quota, RateLimiter};

use super::*;

/// The worst window of governor's own limiter when there is always somebody asking, a hundred times per replenished request.
fn worst_of_governor(max: u32, window: Duration) -> usize {
    let clock = FakeRelativeClock::default();
    let quota = Quota::with_period(window / max).unwrap().allow_burst(NonZeroU32::new(max).unwrap());
    let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
    let step = window / max / 100;
    let mut accepted = Vec::new();
    let mut now = Duration::ZERO;
    while now < 2 * window {
        while limiter.check().is_ok() {
            accepted.push(i64::try_from(now.as_micros()).unwrap());
        }
        clock.advance(step);
        now += step;
    }
    worst(&accepted, i64::try_from(window.as_micros()).unwrap())
}

#[test]
fn plain_governor_lets_39_of_20_through_in_a_minute_and_5759_of_2880_in_a_day_l1() {
    assert_eq!(worst_of_governor(20, Duration::from_mins(1)), 39);
    assert_eq!(worst_of_governor(2880, Duration::from_hours(24)), 5759);
}

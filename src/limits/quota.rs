//! What is allowed, and the arithmetic of how a window for it is kept.

use std::num::NonZeroU32;
use std::time::Duration;

const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_hours(400 * 24);
const EVERY_INSTANT_UP_TO: u32 = 200;

/// So many in any window of such a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    max: u32,
    window: Duration,
}

impl Quota {
    /// At most `max` in any `window`; a `max` of 0 refuses always.
    ///
    /// The window is counted in whole microseconds. One shorter than a second or longer than 400 days is moved to that bound.
    #[must_use]
    pub fn new(max: u32, window: Duration) -> Self {
        let whole = Duration::from_micros(u64::try_from(window.as_micros()).unwrap_or(u64::MAX));
        Self { max, window: whole.clamp(SHORTEST, LONGEST) }
    }

    /// At most `max` in any 60 seconds.
    #[must_use]
    pub const fn per_minute(max: u32) -> Self {
        Self { max, window: Duration::from_mins(1) }
    }

    /// At most `max` in any 3,600 seconds.
    #[must_use]
    pub const fn per_hour(max: u32) -> Self {
        Self { max, window: Duration::from_hours(1) }
    }

    /// How many are accepted in any window.
    #[must_use]
    pub const fn max(self) -> u32 {
        self.max
    }

    /// The length of the window.
    #[must_use]
    pub const fn window(self) -> Duration {
        self.window
    }
}

/// How a window of one quota is kept (`product.md`, section 4).
///
/// Up to 200 requests every instant is kept. Beyond that a bucket takes ⌊0.5 % of `max`⌋ requests or spans 0.5 % of the window. With
/// at most one bucket partly out of the window, at most ⌊0.5 % of `max`⌋ − 1 requests are counted too long: fewer than what
/// a client 0.5 % below `max` leaves free, so it is never refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) quota: Quota,
    /// One per window. The burst is 1 already, so governor accepts exactly when the value handed to it has passed.
    pub(super) rate: governor::Quota,
    /// How many requests a bucket takes.
    pub(super) bucket: u32,
    /// How long a bucket stays open, in microseconds.
    pub(super) span: i64,
    /// Width of the count in a record; 0 where every record is one request.
    count_bits: u32,
    /// Width of the distance to the record before, in microseconds.
    delta_bits: u32,
}

impl Shape {
    pub(super) fn of(quota: Quota) -> Self {
        let rate = governor::Quota::with_period(quota.window).unwrap_or(governor::Quota::per_second(NonZeroU32::MIN));
        let window = micros(quota.window);
        if quota.max <= EVERY_INSTANT_UP_TO {
            return Self { quota, rate, bucket: 1, span: 0, count_bits: 0, delta_bits: bits(window.cast_unsigned()) };
        }
        let (bucket, span) = (quota.max / 200, window / 200);
        // 2.1 spans: below 2.08 a pattern of bursts and pauses would pay for two records so often that it costs more memory.
        let delta_bits = bits(span.cast_unsigned() * 21 / 10);
        Self { quota, rate, bucket, span, count_bits: bits(u64::from(bucket)), delta_bits }
    }

    /// Bits per record; at most 64 for every quota.
    pub(super) const fn width(&self) -> u32 {
        self.count_bits + self.delta_bits
    }

    pub(super) fn window(&self) -> i64 {
        micros(self.quota.window)
    }

    /// The distance in two halves. The upper one is zero unless the pause was longer than two spans.
    pub(super) const fn split(&self, delta: u64) -> (u64, u64) {
        (delta >> self.delta_bits, delta & !(u64::MAX << self.delta_bits))
    }

    pub(super) const fn join(&self, high: u64, low: u64) -> i64 {
        ((high << self.delta_bits) | low).cast_signed()
    }

    /// A record; one with count 0 holds the upper half of the distance of the record that follows.
    pub(super) fn pack(&self, delta: u64, count: u32) -> u64 {
        if self.count_bits == 0 { delta } else { (delta << self.count_bits) | u64::from(count) }
    }

    pub(super) fn unpack(&self, record: u64) -> (u64, u32) {
        if self.count_bits == 0 {
            return (record, 1);
        }
        let count = record & !(u64::MAX << self.count_bits);
        (record >> self.count_bits, u32::try_from(count).unwrap_or(u32::MAX))
    }
}

pub(super) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

const fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_hours(24);

    #[test]
    fn the_default_day_is_kept_in_buckets_of_14_requests_or_432_seconds_and_34_bits_each() {
        let shape = Shape::of(Quota::new(2880, DAY));
        assert_eq!((shape.bucket, shape.span, shape.width()), (14, 432_000_000, 34));
    }

    #[test]
    fn up_to_200_every_instant_is_kept() {
        assert_eq!(Shape::of(Quota::new(200, DAY)).bucket, 1);
        assert_eq!(Shape::of(Quota::new(20, Duration::from_mins(1))).width(), 26);
    }

    #[test]
    fn the_largest_quota_fits_a_record_of_64_bits_and_a_pause_of_a_whole_window() {
        for window in [Duration::ZERO, Duration::from_mins(1), DAY, Duration::MAX] {
            for max in [1, 200, 201, 100_000, u32::MAX] {
                let shape = Shape::of(Quota::new(max, window));
                let whole = shape.window().cast_unsigned();
                let (high, low) = shape.split(whole);
                assert!(shape.width() <= 64, "{shape:?}");
                assert_eq!(high >> shape.delta_bits, 0, "{shape:?}");
                assert_eq!(shape.join(high, low), shape.window());
                assert_eq!(shape.unpack(shape.pack(low, shape.bucket)), (low, shape.bucket));
            }
        }
    }

    #[test]
    fn a_window_outside_the_bounds_is_moved_to_them() {
        assert_eq!(Quota::new(1, Duration::ZERO).window(), SHORTEST);
        assert_eq!(Quota::new(1, Duration::MAX).window(), LONGEST);
        assert_eq!(Quota::new(1, Duration::from_nanos(1_500_000_700)).window(), Duration::from_millis(1500));
    }
}

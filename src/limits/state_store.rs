//! The decision, which is governor's, over our own store.
//!
//! governor is GCRA: with a quota of 20 per minute it lets 39 through in the first minute. It becomes exact by asking it for *one per
//! window* and handing back, as the state, the oldest of the last N values that it returned itself (accepted instant + window).
//! It then accepts exactly when that instant has come. Handing back the accepted instants themselves would limit nothing.

use std::cell::Cell;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{NotKeyed, StateStore};
use governor::{Quota, RateLimiter};

/// Time of one decision: it begins at the instant that was read under the entry's lock, and stands still.
///
/// governor would read its clock before it takes the store's lock, and two threads could then record out of order.
struct Stopped;

impl Clock for Stopped {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(0)
    }
}

/// Shows governor the state and keeps what it would have written, so that two windows are decided before either is recorded.
struct Peek {
    shown: Option<Nanos>,
    returned: Cell<Option<Nanos>>,
}

impl StateStore for Peek {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _: &NotKeyed, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (outcome, next) = decide(self.shown)?;
        self.returned.set(Some(next));
        Ok(outcome)
    }
}

/// Asks governor about one request now, with the oldest counted one leaving in `wait`, or with room when there is `None`.
///
/// `Ok` is how long from now this request is to be counted, `Err` how long from now the next one has to wait.
pub(super) fn decide(rate: Quota, wait: Option<Duration>) -> Result<Duration, Duration> {
    let peek = Peek { shown: wait.map(Nanos::from), returned: Cell::new(None) };
    let limiter = RateLimiter::<_, _, _, NoOpMiddleware<Nanos>>::new(rate, peek, Stopped);
    if let Err(until) = limiter.check() {
        return Err(until.wait_time_from(Nanos::new(0)));
    }
    let returned = limiter.into_state_store().returned.into_inner();
    Ok(returned.map_or(rate.replenish_interval(), Duration::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn rate() -> Quota {
        Quota::with_period(MINUTE).unwrap()
    }

    #[test]
    fn with_room_a_request_is_counted_for_one_window() {
        assert_eq!(decide(rate(), None), Ok(MINUTE));
        assert_eq!(decide(rate(), Some(Duration::ZERO)), Ok(MINUTE));
    }

    #[test]
    fn without_room_the_wait_is_until_the_oldest_leaves() {
        let wait = Duration::from_micros(1);
        assert_eq!(decide(rate(), Some(wait)), Err(wait));
        assert_eq!(decide(rate(), Some(MINUTE)), Err(MINUTE));
    }
}

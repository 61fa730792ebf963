//! How long to wait before a site is asked again.

use std::sync::Arc;
use std::time::Duration;

use crate::crypto::Random;

/// Up to this the pause grows while a site fails.
const LONGEST: Duration = Duration::from_mins(15);

/// The pauses between the questions to one site.
#[derive(Debug)]
pub(super) struct Pace {
    every: Duration,
    failures: u32,
    random: Arc<Random>,
}

impl Pace {
    /// Nothing has failed yet.
    pub(super) const fn new(every: Duration, random: Arc<Random>) -> Self {
        Self { every, failures: 0, random }
    }

    /// Whether this is longer than the user wants it, by whole seconds.
    pub(super) const fn is_slowed(&self, wait: Duration) -> bool {
        wait.as_secs() > self.every.as_secs()
    }

    /// After an answer: as often as the user wants it, where the limits have room for that.
    pub(super) fn after_answer(&mut self, pause: Duration) -> Duration {
        self.failures = 0;
        self.every.max(pause)
    }

    /// After a site has said when to come again: not before that.
    pub(super) fn after_refusal(&self, retry_after: Duration) -> Duration {
        self.every.max(retry_after)
    }

    /// After a failure: twice as long each time, and by chance somewhat less, so that those whom one failure hit do not
    /// all come back at once.
    pub(super) fn after_failure(&mut self) -> Duration {
        let longest = LONGEST.max(self.every);
        let whole = self.every.saturating_mul(2_u32.saturating_pow(self.failures)).min(longest);
        self.failures = self.failures.saturating_add(1);
        let [chance] = self.random.bytes();
        whole.saturating_sub((whole / 2) * u32::from(chance) / 255)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_make_it_slower_with_some_chance_and_an_answer_ends_that() {
        let minute = Duration::from_mins(1);
        let mut pace = Pace::new(minute, Arc::new(Random::seeded(1)));
        for whole in [1, 2, 4, 8, 15, 15, 15] {
            let (found, whole) = (pace.after_failure(), minute * whole);
            assert!(whole / 2 <= found && found <= whole, "{found:?} for {whole:?}");
        }
        assert_eq!(pace.after_answer(Duration::ZERO), minute);
        assert!(pace.after_failure() <= minute);
    }

    #[test]
    fn limits_and_requests_to_wait_only_make_it_slower() {
        let mut pace = Pace::new(Duration::from_secs(10), Arc::new(Random::seeded(1)));
        let seconds = |count| Duration::from_secs(count);
        assert_eq!([pace.after_answer(seconds(3)), pace.after_answer(seconds(30))], [10, 30].map(seconds));
        assert_eq!([pace.after_refusal(seconds(3)), pace.after_refusal(seconds(30))], [10, 30].map(seconds));
    }

    #[test]
    fn who_wants_to_ask_seldom_asks_seldom_after_failures_too() {
        let mut pace = Pace::new(Duration::from_hours(1), Arc::new(Random::seeded(1)));
        assert!((0..40).map(|_| pace.after_failure()).all(|wait| wait >= Duration::from_mins(30)));
    }
}

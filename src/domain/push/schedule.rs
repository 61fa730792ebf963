//! When a target that failed is tried again, and with how much, and when it is given up.

use std::time::Duration;

use crate::crypto::Random;
use crate::model::{PushTarget, Timestamp};

/// The longest wait after the first failure; it doubles with each further one in a row.
const FIRST: Duration = Duration::from_secs(30);

/// The longest wait at all.
const LONGEST: Duration = Duration::from_hours(1);

/// The shortest: a wait by chance could be none.
const SHORTEST: Duration = Duration::from_secs(1);

/// The most bytes of a failure that are kept: the other side has a say in them, as with what its certificate names.
const LONGEST_WORDS: usize = 300;

/// So often a target has to fail in a row before it is given up, ...
const FAILURES: u32 = 10;

/// ... and for so long.
const FAILING_FOR: Duration = Duration::from_hours(24);

/// The target after one more failure: given up, or due again after a while. Each waits by chance between nothing and the
/// longest of its turn, so that not all come back at once where many failed together.
pub(super) fn failed(mut target: PushTarget, mut words: String, now: Timestamp, random: &Random) -> PushTarget {
    target.failures = target.failures.saturating_add(1);
    let since = *target.failing_since.get_or_insert(now);
    words.truncate(words.floor_char_boundary(LONGEST_WORDS));
    target.last_failure = Some(words);
    target.due_at = now.plus(wait(target.failures, random));
    target.switched_off_at = (target.failures >= FAILURES && now.since(since) >= FAILING_FOR).then_some(now);
    target
}

/// How much of all that is due is sent: after each failure in a row half as much, one at least, so that what a receiver cannot
/// take comes to stand alone.
pub(super) fn part(all: usize, failures: u32) -> usize {
    all.checked_shr(failures).unwrap_or(0).max(1)
}

fn wait(failures: u32, random: &Random) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
    let most = FIRST.checked_mul(doubled).unwrap_or(LONGEST).min(LONGEST);
    let part = u32::from(u16::from_le_bytes(random.bytes()));
    (most * part / u32::from(u16::MAX)).max(SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PushUrl;

    const BEGIN: Timestamp = Timestamp::from_micros(1_795_348_800_000_000);

    fn target() -> PushTarget {
        PushTarget::new(PushUrl::parse("https://push.example/").unwrap(), BEGIN)
    }

    #[test]
    fn the_wait_doubles_up_to_an_hour_and_is_left_to_chance() {
        let random = Random::seeded(1);
        for (failures, most) in
            [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (9, 3600), (40, 3600), (u32::MAX, 3600)]
        {
            let waits: Vec<Duration> = (0..2000).map(|_| wait(failures, &random)).collect();
            let (least, longest) = (waits.iter().min().unwrap(), waits.iter().max().unwrap());
            let most = Duration::from_secs(most);
            assert!(*least >= SHORTEST && *least < most / 10, "{failures}: {least:?}");
            assert!(*longest <= most && *longest > most * 9 / 10, "{failures}: {longest:?}");
        }
    }

    #[test]
    fn after_each_failure_half_as_much_is_sent_and_one_at_least() {
        for (failures, expected) in [(0, 100), (1, 50), (2, 25), (6, 1), (7, 1), (u32::MAX, 1)] {
            assert_eq!(part(100, failures), expected, "{failures}");
        }
    }

    #[test]
    fn of_a_failure_so_much_is_kept_that_a_person_can_read_it() {
        let failing = failed(target(), "*".repeat(100_000), BEGIN, &Random::seeded(3));
        assert_eq!(failing.last_failure.unwrap(), "*".repeat(LONGEST_WORDS));
    }

    #[test]
    fn a_target_is_given_up_after_ten_failures_and_a_day_and_not_before() {
        let random = Random::seeded(2);
        let (mut failing, mut now) = (target(), BEGIN);
        for _ in 0..20 {
            failing = failed(failing, "no answer".to_owned(), now, &random);
            now = now.plus(Duration::from_hours(1));
            assert_eq!(failing.switched_off_at, None);
        }
        let end = BEGIN.plus(FAILING_FOR);
        assert_eq!(failed(failing, "no answer".to_owned(), end, &random).switched_off_at, Some(end));
        let late = PushTarget { failing_since: Some(BEGIN), failures: 8, ..target() };
        assert_eq!(failed(late, String::new(), end, &random).switched_off_at, None);
    }
}

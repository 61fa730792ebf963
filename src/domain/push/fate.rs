//! What becomes of something that was to be pushed, when its time has come.

use std::time::Duration;

use super::LONGEST_WAIT;
use crate::model::Timestamp;

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is sent.
    Send,
    /// It waits: the user may still be there.
    Wait(Timestamp),
    /// Nobody wants it any more.
    Drop,
}

/// `seen`: when the user was last seen. Who came after there was something to tell has been told by the site.
pub(super) fn fate(
    wanted: bool,
    created_at: Timestamp,
    seen: Option<Timestamp>,
    window: Duration,
    now: Timestamp,
) -> Fate {
    let too_old = now.since(created_at) >= LONGEST_WAIT;
    let seen = seen.filter(|_| !window.is_zero());
    match seen {
        _ if !wanted || too_old => Fate::Drop,
        Some(at) if at > created_at => Fate::Drop,
        Some(at) if at.plus(window) > now => Fate::Wait(at.plus(window)),
        Some(_) | None => Fate::Send,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Timestamp = Timestamp::from_micros(1_795_348_800_000_000);
    const WINDOW: Duration = Duration::from_mins(1);

    #[test]
    fn what_the_site_has_told_itself_is_not_pushed() {
        let now = MADE.plus(Duration::from_secs(90));
        let cases = [
            (None, Fate::Send),
            (Some(MADE.minus(Duration::from_mins(10))), Fate::Send),
            (Some(MADE), Fate::Send),
            (Some(MADE.plus(Duration::from_secs(1))), Fate::Drop),
        ];
        for (seen, expected) in cases {
            assert_eq!(fate(true, MADE, seen, WINDOW, now), expected, "{seen:?}");
        }
        assert_eq!(fate(true, MADE, Some(MADE), WINDOW, MADE), Fate::Wait(MADE.plus(WINDOW)));
        assert_eq!(fate(true, MADE, Some(now), Duration::ZERO, now), Fate::Send);
    }

    #[test]
    fn what_is_a_day_old_or_of_a_bad_key_is_not_pushed_c214() {
        assert_eq!(fate(false, MADE, None, WINDOW, MADE), Fate::Drop);
        let last = MADE.plus(LONGEST_WAIT).minus(Duration::from_secs(1));
        assert_eq!(fate(true, MADE, None, WINDOW, last), Fate::Send);
        assert_eq!(fate(true, MADE, None, WINDOW, MADE.plus(LONGEST_WAIT)), Fate::Drop);
    }
}

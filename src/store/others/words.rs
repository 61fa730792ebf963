//! What processes tell each other by way of a PostgreSQL server, and how late it is heard.
//!
//! Each word carries the server's clock at the time it was said, which is the one clock that all of them know. What that
//! clock shows now is known by the beats, which carry it too: at least as much as the last one said and what has gone by
//! since that one was *sent*. So a lag is never shown shorter than it was, and longer by a beat's way to the server at most.

use std::time::{Duration, Instant};

use crate::model::UserId;
use crate::store::freshness::Touched;

/// Where writers tell what they touched.
pub(super) const CHANGES: &str = "hallpass_changes";

/// Where writers tell for whom there are messages of the bus: a channel of its own, which nodes that know none do not hear.
pub(super) const MESSAGES: &str = "hallpass_messages";

/// What stands in place of a user's id where it may be whatever key there is.
const ANY: &str = "any";

/// The server's clock, microseconds since 1970.
const CLOCK: &str = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

/// What somebody touched, and what the server's clock showed then, if it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) touched: Touched,
    pub(super) said: Option<i64>,
}

impl Word {
    /// Bare is what somebody told by hand; what cannot be read may mean anything.
    pub(super) fn read(payload: &str) -> Self {
        let touched = |what: &str| what.parse().map_or(Touched::AnyKey, Touched::KeysOf);
        match payload.split_once(' ').map(|(what, clock)| (what, clock.parse())) {
            None => Self { touched: touched(payload), said: None },
            Some((what, Ok(clock))) => Self { touched: touched(what), said: Some(clock) },
            Some((_, Err(_))) => Self { touched: Touched::AnyKey, said: None },
        }
    }
}

/// The statement that tells the other processes, if they need to know.
pub(in crate::store) fn notification(touched: Touched) -> Option<String> {
    let what = match touched {
        Touched::NoKey => return None,
        Touched::KeysOf(user) => user.to_string(),
        Touched::AnyKey => ANY.to_owned(),
    };
    Some(format!("SELECT pg_notify('{CHANGES}', '{what} ' || {CLOCK})"))
}

/// The statement that has every process look for messages for this user.
pub(in crate::store) fn bus_word(user: UserId) -> String {
    format!("SELECT pg_notify('{MESSAGES}', '{user}')")
}

/// The statement of a beat.
pub(super) fn beat(channel: &str) -> String {
    format!("SELECT pg_notify('{channel}', {CLOCK}::text)")
}

/// What the server's clock showed in a beat, and when that was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServerClock {
    pub(super) shown: i64,
    pub(super) sent: Instant,
}

impl ServerClock {
    /// How long ago something was said, now.
    pub(super) fn since(&self, said: i64, now: Instant) -> Duration {
        let gone_by = i64::try_from(now.saturating_duration_since(self.sent).as_micros()).unwrap_or(i64::MAX);
        let shows = self.shown.saturating_add(gone_by);
        Duration::from_micros(u64::try_from(shows.saturating_sub(said)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_may_mean_any_key_and_what_an_older_node_says_is_read_l8() {
        let of = |id| Touched::KeysOf(UserId::parse(id).unwrap());
        let read = |payload| Word::read(payload);
        assert_eq!(read("17 1700000000000000"), Word { touched: of(17), said: Some(1_700_000_000_000_000) });
        assert_eq!(read("any 5"), Word { touched: Touched::AnyKey, said: Some(5) });
        assert_eq!(read("17"), Word { touched: of(17), said: None });
        for unclear in ["", "any", "17 ", "17 soon", "17  5", "17 5 6", "-3", "x 5 6"] {
            assert_eq!(read(unclear), Word { touched: Touched::AnyKey, said: None }, "{unclear:?}");
        }
        assert_eq!(read("x 5").touched, Touched::AnyKey);
    }

    #[test]
    fn a_lag_counts_from_the_sending_of_the_last_beat_and_is_never_negative() {
        let sent = Instant::now();
        let clock = ServerClock { shown: 5_000_000, sent };
        let later = sent + Duration::from_millis(300);
        assert_eq!(clock.since(5_200_000, later), Duration::from_millis(100));
        assert_eq!(clock.since(1_000_000, sent), Duration::from_secs(4), "said before the beat");
        assert_eq!(clock.since(6_000_000, later), Duration::ZERO, "the server's clock was set back");
    }
}

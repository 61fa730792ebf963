//! Days and spans of time in words, always with the year, always in UTC.

use jiff::Zoned;

use super::Words;
use crate::model::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// From this many days on a date says more than a count.
const LONGEST_COUNTED_DAYS: u64 = 30;

impl Words {
    /// The day: `21 February 2027`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        let at = zoned(at);
        self.say("date")
            .with("day", at.day().to_string())
            .count("month", u64::try_from(at.month()).unwrap_or(0))
            .with("year", at.year().to_string())
            .to_string()
    }

    /// The minute: `21 February 2027, 09:30 UTC`.
    #[must_use]
    pub fn exact(&self, at: Timestamp) -> String {
        let time = zoned(at).strftime("%H:%M").to_string();
        self.say("date-exact").with("date", self.date(at)).with("time", &time).to_string()
    }

    /// How long ago that was: `3 minutes ago`; the day once that says more.
    #[must_use]
    pub fn ago(&self, now: Timestamp, then: Timestamp) -> String {
        let seconds = now.since(then).as_secs();
        match seconds {
            0..MINUTE => self.say("ago-now").to_string(),
            MINUTE..HOUR => self.say("ago-minutes").count("count", seconds / MINUTE).to_string(),
            HOUR..DAY => self.say("ago-hours").count("count", seconds / HOUR).to_string(),
            _ if seconds / DAY <= LONGEST_COUNTED_DAYS => {
                self.say("ago-days").count("count", seconds / DAY).to_string()
            }
            _ => self.say("ago-date").with("date", self.date(then)).to_string(),
        }
    }

    /// A waiting time, rounded up: `40 seconds`, `2 minutes`.
    #[must_use]
    pub fn span(&self, seconds: u64) -> String {
        if seconds < 2 * MINUTE {
            self.say("span-seconds").count("count", seconds).to_string()
        } else {
            self.say("span-minutes").count("count", seconds.div_ceil(MINUTE)).to_string()
        }
    }
}

fn zoned(at: Timestamp) -> Zoned {
    let instant = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(jiff::tz::TimeZone::UTC)
}

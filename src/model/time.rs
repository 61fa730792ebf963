//! Instants, and who tells them.

use std::fmt::{self, Debug};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

/// An instant in microseconds since 1970-01-01T00:00:00Z: the one form of time in code and in both databases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant so many microseconds after 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970, as the databases keep them.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The instant this much later; the end of time where that overflows.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }

    /// The instant this much earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }

    /// The instant so many days earlier; none for 0, by which a setting says that nothing is ever old enough.
    #[must_use]
    pub fn days_earlier(self, days: u32) -> Option<Self> {
        (days > 0).then(|| self.minus(DAY * days))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// ISO 8601 in UTC with whole seconds, as `expires_at` of the payload has it (`C-077`): `2026-11-22T09:30:00Z`.
    #[must_use]
    pub fn iso_seconds(self) -> String {
        self.zoned().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// ISO 8601 in UTC with milliseconds, as JSON bodies carry instants.
    #[must_use]
    pub fn iso_millis(self) -> String {
        self.zoned().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    }

    /// The instant that a `Date` header names, in the one form of it that servers send (RFC 9110 5.6.7):
    /// `Tue, 24 Nov 2026 10:30:00 GMT`.
    #[must_use]
    pub fn parse_http(text: &str) -> Option<Self> {
        let zoned = jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned(text).ok()?;
        text.ends_with(" GMT").then(|| Self(zoned.timestamp().as_microsecond()))
    }

    fn zoned(self) -> jiff::Zoned {
        jiff::Timestamp::from_microsecond(self.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(jiff::tz::TimeZone::UTC)
    }
}

impl Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_millis())
    }
}

/// Tells the time. Handed in everywhere, so that a test can move it.
pub trait Clock: Debug + Send + Sync {
    /// The present instant, by the wall clock.
    fn now(&self) -> Timestamp;
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

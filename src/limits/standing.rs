//! What a key has left, and what a refusal says.

use std::time::Duration;

/// One of the two windows of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Any 60 seconds.
    Minute,
    /// Any 86,400 seconds.
    Day,
}

/// How one window stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowStanding {
    /// How many are accepted in any window.
    pub quota: u32,
    /// The length of the window.
    pub window: Duration,
    /// How many more would be accepted at once. In a window kept in buckets it may be up to 0.5 % too low, never too high.
    pub remaining: u32,
    /// How long until what is counted shrinks. With nothing remaining that is when the next slot is free; otherwise when the oldest
    /// counted request, in a window kept in buckets the oldest bucket of them, leaves. Zero when nothing is counted; the whole window
    /// when the quota is 0, which never frees.
    pub reset: Duration,
}

impl WindowStanding {
    /// The reset in whole seconds, rounded up, as headers and JSON carry it.
    #[must_use]
    pub fn reset_seconds(&self) -> u64 {
        ceil_seconds(self.reset)
    }
}

/// How both windows of a key stand at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The window of 60 seconds.
    pub minute: WindowStanding,
    /// The window of a day.
    pub day: WindowStanding,
}

impl Standing {
    /// Appends `RateLimit-Policy` and `RateLimit` as lines of a head (`security.md L2`).
    pub fn write_lines(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(b"ratelimit-policy: ");
        self.write_policy(text);
        text.extend_from_slice(b"\r\nratelimit: ");
        self.write_limits(text);
        text.extend_from_slice(b"\r\n");
    }

    /// Appends the value of `RateLimit-Policy` (`security.md L2`): `"minute";q=20;w=60, "day";q=2880;w=86400`.
    pub fn write_policy(&self, text: &mut Vec<u8>) {
        let Self { minute: m, day: d } = self;
        let (minute, day) = (ceil_seconds(m.window), ceil_seconds(d.window));
        write(
            text,
            [(MINUTE, "q=", m.quota.into()), ("", ";w=", minute), (DAY, "q=", d.quota.into()), ("", ";w=", day)],
        );
    }

    /// Appends the value of `RateLimit` (`security.md L2`), seconds rounded up: `"minute";r=3;t=17, "day";r=2100;t=41000`.
    pub fn write_limits(&self, text: &mut Vec<u8>) {
        let Self { minute: m, day: d } = self;
        let (minute, day) = (m.reset_seconds(), d.reset_seconds());
        let (now, today) = (m.remaining.into(), d.remaining.into());
        write(text, [(MINUTE, "r=", now), ("", ";t=", minute), (DAY, "r=", today), ("", ";t=", day)]);
    }
}

const MINUTE: &str = r#""minute";"#;
const DAY: &str = r#", "day";"#;

/// By hand, because one of them goes out with every request: a quarter of the time that `format!` takes.
fn write(text: &mut Vec<u8>, parts: [(&str, &str, u64); 4]) {
    let mut number = itoa::Buffer::new();
    for (window, name, value) in parts {
        for part in [window, name, number.format(value)] {
            text.extend_from_slice(part.as_bytes());
        }
    }
}

/// A request that was not accepted, and did not cost anything (`C-275`, deviation of `C-274`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the limit of the {which:?} window is reached; the next request may come in {} s", retry_after.as_secs())]
pub struct Refused {
    /// The window that refused; the minute when both did.
    pub which: Window,
    /// When to come again: whole seconds, at least 1, rounded up. If nothing else happens, the request is then accepted, so it
    /// spans the longer wait when both windows refused. With a quota of 0 it is the window's length, and no promise.
    pub retry_after: Duration,
    /// How both windows stand.
    pub standing: Standing,
}

/// A wait as `Retry-After` carries it: whole seconds, at least 1, rounded up.
pub(super) fn retry_after(wait: Duration) -> Duration {
    Duration::from_secs(ceil_seconds(wait).max(1))
}

fn ceil_seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(quota: u32, window: u64, remaining: u32, reset: Duration) -> WindowStanding {
        WindowStanding { quota, window: Duration::from_secs(window), remaining, reset }
    }

    #[test]
    fn the_headers_are_lists_of_both_windows_with_seconds_rounded_up_l2() {
        let minute = window(20, 60, 3, Duration::from_millis(16_001));
        let standing = Standing { minute, day: window(2880, 86_400, 2100, Duration::from_secs(41_000)) };
        let mut text = Vec::new();
        standing.write_lines(&mut text);
        let lines = [
            "ratelimit-policy: \"minute\";q=20;w=60, \"day\";q=2880;w=86400\r\n",
            "ratelimit: \"minute\";r=3;t=17, \"day\";r=2100;t=41000\r\n",
        ];
        assert_eq!(String::from_utf8(text).unwrap(), lines.concat());
    }

    #[test]
    fn a_wait_is_at_least_one_second_and_rounded_up_l2() {
        let waits = [0, 1, 1_000_000, 1_000_001].map(Duration::from_micros).map(retry_after);
        assert_eq!(waits, [1, 1, 1, 2].map(Duration::from_secs));
    }
}

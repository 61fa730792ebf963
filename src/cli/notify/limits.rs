//! What an answer says about when to come again.

use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::http::header::RETRY_AFTER;

use crate::model::Timestamp;

/// Longer than this nobody waits, whatever a header says.
const LONGEST: Duration = Duration::from_hours(24);

/// The pause between requests that the key's limits leave room for: what is left in a window, spread over the whole of it.
/// Alone on a key that settles at half of the limit. Where more than half is gone, others use the key too, and each gives way
/// the more the less is left.
pub(super) fn pause(headers: &HeaderMap) -> Duration {
    let policies = members(headers, "ratelimit-policy");
    let pauses = members(headers, "ratelimit").into_iter().filter_map(|limit| {
        let policy = policies.iter().find(|policy| policy.name == limit.name);
        let (length, quota) = (policy.and_then(|it| it.number("w")), policy.and_then(|it| it.number("q")));
        let (remaining, reset) = (limit.number("r")?, limit.number("t"));
        match remaining {
            0 => Some(seconds(reset.or(length)?)),
            _ => spread(seconds(length.or(reset)?), remaining, quota.unwrap_or_default()),
        }
    });
    pauses.max().unwrap_or_default()
}

fn spread(length: Duration, remaining: u64, quota: u64) -> Option<Duration> {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    let pause = length.checked_div(number(remaining))?;
    let giving_way = pause.saturating_mul(number(quota)).checked_div(number(remaining.saturating_mul(2)))?;
    Some(pause.max(giving_way).min(LONGEST))
}

/// How long the site asks to be left alone: in seconds, or until an instant (RFC 9110 10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let until = || Timestamp::parse_http(text).map(|then| then.since(now).min(LONGEST));
    text.parse().ok().map(seconds).or_else(until)
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count).min(LONGEST)
}

/// A member of a list, as these headers have it: `"minute";r=3;t=17`.
#[derive(Debug)]
struct Member {
    name: String,
    numbers: Vec<(String, u64)>,
}

impl Member {
    fn parse(text: &str) -> Self {
        let mut parts = split(text, ';');
        let name = parts.next().unwrap_or_default().trim().trim_matches('"').to_owned();
        let number = |part: &str| {
            let (name, value) = part.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().parse().ok()?))
        };
        Self { name, numbers: parts.filter_map(number).collect() }
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.numbers.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    }
}

/// What cannot be read is left out: another site's limits may look otherwise, and say nothing to us then.
fn members(headers: &HeaderMap, header: &str) -> Vec<Member> {
    let lines = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| split(line, ',')).map(Member::parse).collect()
}

/// At this character, where it stands outside of quotes.
fn split(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == at && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#""minute";q=20;w=60, "day";q=2880;w=86400"#;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn what_is_left_is_spread_over_the_whole_window() {
        let rows = [
            (r#""minute";r=19;t=60, "day";r=2879;t=86400"#, 30),
            (r#""minute";r=4;t=60, "day";r=2879;t=86400"#, 37),
            (r#""minute";r=1;t=9, "day";r=2879;t=86400"#, 600),
            (r#""minute";r=0;t=9, "day";r=2879;t=86400"#, 30),
            (r#""minute";r=19;t=60, "day";r=1440;t=7"#, 60),
            (r#""minute";r=19;t=60, "day";r=24;t=7"#, 86_400),
            (r#""minute";r=19;t=60, "day";r=0;t=41000"#, 41_000),
            (r#""another, kind";r=5;t=50"#, 10),
            (r#""another";r=0"#, 0),
            ("limit=10, remaining=0, reset=7", 0),
            ("\"minute\";r=x;t=9", 0),
            ("", 0),
        ];
        for (limit, pause_seconds) in rows {
            let found = pause(&headers(&[("ratelimit-policy", POLICY), ("ratelimit", limit)]));
            assert_eq!(found.as_secs(), pause_seconds, "{limit}");
        }
    }

    #[test]
    fn a_limit_that_others_use_too_is_not_run_into() {
        for users in [1, 2, 3] {
            let (mut now, mut used, mut next) = (0.0, Vec::<f64>::new(), vec![0.0_f64; users]);
            while now < 3000.0 {
                let who = (0..users).min_by(|a, b| next[*a].total_cmp(&next[*b])).unwrap();
                now = next[who];
                used.retain(|then| *then > now - 60.0);
                assert!(used.len() < 20, "{users} users of one key ran into its limit after {now} s");
                used.push(now);
                let reset = (used[0] + 60.0 - now).ceil();
                let limit = format!("\"minute\";r={};t={reset}", 20 - used.len());
                let wait = pause(&headers(&[("ratelimit-policy", POLICY), ("ratelimit", &limit)]));
                next[who] = now + wait.as_secs_f64().max(0.1);
            }
        }
    }

    #[test]
    fn a_wait_is_given_in_seconds_or_as_an_instant() {
        let now = Timestamp::parse_http("Tue, 24 Nov 2026 10:30:00 GMT").unwrap();
        let rows = [
            ("17", Some(17)),
            (" 0 ", Some(0)),
            ("Tue, 24 Nov 2026 10:31:00 GMT", Some(60)),
            ("Tue, 24 Nov 2026 10:29:00 GMT", Some(0)),
            ("99999999999", Some(86_400)),
            ("soon", None),
            ("-1", None),
        ];
        for (value, wait) in rows {
            let found = retry_after(&headers(&[("retry-after", value)]), now);
            assert_eq!(found, wait.map(Duration::from_secs), "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}

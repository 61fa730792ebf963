//! Do public answers and this machine have the same time? Forms, sign-ins and keys end by it.

use super::Scene;
use super::finding::Finding;
use crate::app::SystemClock;
use crate::model::{Clock, Timestamp};

/// `Date` has whole seconds, and an answer takes a while.
const SECONDS: u64 = 5;

pub(super) fn check(scene: &Scene) -> Finding {
    let answer = scene.live.head(&format!("{}/user-api-key/new", scene.live.base));
    judge(answer.header("date"), SystemClock.now())
}

fn judge(date: Option<&str>, now: Timestamp) -> Finding {
    let Some(date) = date else {
        return Finding::warning("clock", "the answers have no Date", "have the proxy send it, programs count on it");
    };
    let Some(then) = Timestamp::parse_http(date) else {
        let wish = "it has to be like Tue, 24 Nov 2026 10:30:00 GMT";
        return Finding::failed("clock", format!("the answers have the Date {date:?}"), wish);
    };
    let (ahead, behind) = (then.since(now).as_secs(), now.since(then).as_secs());
    if ahead.max(behind) <= SECONDS {
        return Finding::ok("clock", "the answers and this machine have the same time");
    }
    let (seconds, word) = if ahead > behind { (ahead, "ahead of") } else { (behind, "behind") };
    let advice = "set both clocks by NTP, and see that no cache answers in place of Hallpass";
    Finding::failed("clock", format!("the Date of the answers is {seconds} s {word} this machine"), advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Outcome;

    #[test]
    fn a_few_seconds_are_nothing_and_more_are_told() {
        let now = Timestamp::parse_http("Tue, 24 Nov 2026 10:30:00 GMT").unwrap();
        let rows = [
            ("Tue, 24 Nov 2026 10:30:04 GMT", Outcome::Ok, "same time"),
            ("Tue, 24 Nov 2026 10:29:55 GMT", Outcome::Ok, "same time"),
            ("Tue, 24 Nov 2026 10:31:00 GMT", Outcome::Failed, "60 s ahead of"),
            ("Tue, 24 Nov 2026 10:29:00 GMT", Outcome::Failed, "60 s behind"),
            ("yesterday", Outcome::Failed, "yesterday"),
        ];
        for (date, outcome, words) in rows {
            let finding = judge(Some(date), now);
            assert!(finding.outcome == outcome && finding.says.contains(words), "{finding:?}");
        }
        assert_eq!(judge(None, now).outcome, Outcome::Warning);
    }
}

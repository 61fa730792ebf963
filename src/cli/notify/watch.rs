//! Watching one site.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::calls::{Answer, Calls, Said};
use super::keys::Kept;
use super::pace::Pace;
use crate::cli::handshake::Site;
use crate::cli::print::{talk, visible};
use crate::crypto::Random;
use crate::model::Clock;

/// Names that others chose are cut after so many characters.
const LONGEST_NAME: usize = 100;

/// How things stand at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// What the site calls itself; its address where it does not say.
    pub(super) title: String,
    /// Whose notifications they are, where the site says it.
    pub(super) username: Option<String>,
    /// Notifications that were neither read nor seen, personal messages among them.
    pub(super) new: u64,
    /// Those that are of high priority and were not read, seen or not, where the site says it.
    pub(super) high_priority: Option<u64>,
}

/// What there is to tell of a site.
#[derive(Debug)]
pub(super) enum News {
    /// It has answered.
    Standing(Standing),
    /// It has not, and will be asked again.
    Trouble(String),
    /// Its key has ended, and it will not be asked again.
    KeyEnded,
    /// There is no key, and it cannot be asked.
    NoKey(String),
}

/// What watches have in common.
#[derive(Clone, Debug)]
pub(super) struct Means {
    pub(super) every: Duration,
    pub(super) once: bool,
    pub(super) random: Arc<Random>,
    pub(super) clock: Arc<dyn Clock>,
}

/// One site under watch.
#[derive(Debug)]
pub(super) struct Watch {
    site: Site,
    calls: Calls,
    pace: Pace,
    title: Option<String>,
    totals: Option<Totals>,
    current: Option<Current>,
}

/// What `notifications/totals.json` says. Sites leave out what they do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Totals {
    username: Option<String>,
    notifications: u64,
    messages: u64,
}

/// What `session/current.json` says beside.
#[derive(Clone, Debug)]
struct Current {
    username: Option<String>,
    high_priority: Option<u64>,
}

impl Watch {
    pub(super) fn new(site: Site, kept: Kept, means: &Means) -> Self {
        let calls = Calls::new(site.clone(), kept, Arc::clone(&means.clock));
        let pace = Pace::new(means.every, Arc::clone(&means.random));
        Self { site, calls, pace, title: None, totals: None, current: None }
    }

    /// Tells news until the key ends or nobody listens; of a watch that looks once, those of one look.
    pub(super) fn run(mut self, once: bool, tell: impl Fn(News) -> bool) {
        let mut is_told = false;
        loop {
            let (news, wait) = self.look();
            let goes_on = !once && !matches!(news, News::KeyEnded);
            if goes_on && !is_told && matches!(news, News::Standing(_)) && self.pace.is_slowed(wait) {
                is_told = true;
                talk(&format!(
                    "{}: asked less often, because of its limits; now after {} s",
                    self.site,
                    wait.as_secs()
                ));
            }
            if !tell(news) || !goes_on {
                return;
            }
            thread::sleep(wait);
        }
    }

    /// Looks once; gives also how long to wait.
    fn look(&mut self) -> (News, Duration) {
        let Answer { said, pause } = self.calls.totals();
        match said {
            Said::Json(body) => {
                let pause = self.take(Totals::read(&body)).max(pause);
                (News::Standing(self.standing()), self.pace.after_answer(pause))
            }
            Said::KeyRefused => (News::KeyEnded, Duration::ZERO),
            Said::Later(after) => {
                let trouble = format!("it asks to come again in {} s", after.as_secs());
                (News::Trouble(trouble), self.pace.after_refusal(after))
            }
            Said::Failed(why) => (News::Trouble(why), self.pace.after_failure()),
        }
    }

    /// The rest is asked only when the totals have changed, because it costs a request; and while something of high priority is
    /// unread, because that was seen maybe, and the totals do not change when it is read.
    fn take(&mut self, totals: Totals) -> Duration {
        if self.title.is_none() {
            let title = self.calls.title().map(|title| name(&title)).filter(|title| !title.is_empty());
            self.title = Some(title.unwrap_or_else(|| self.site.to_string()));
        }
        let is_urgent = |current: &Current| current.high_priority.is_some_and(|high| high > 0);
        let is_known = self.current.as_ref().is_some_and(|current| !is_urgent(current));
        if is_known && self.totals.as_ref() == Some(&totals) {
            return Duration::ZERO;
        }
        self.totals = Some(totals);
        let Answer { said, pause } = self.calls.session();
        self.current = if let Said::Json(body) = said { Some(Current::read(&body)) } else { None };
        pause
    }

    fn standing(&self) -> Standing {
        let (totals, current) = (self.totals.as_ref(), self.current.as_ref());
        let named = totals.and_then(|totals| totals.username.as_ref());
        Standing {
            title: self.title.clone().unwrap_or_default(),
            username: named.or(current.and_then(|current| current.username.as_ref())).cloned(),
            new: totals.map_or(0, |totals| totals.notifications.saturating_add(totals.messages)),
            high_priority: current.and_then(|current| current.high_priority),
        }
    }
}

impl Totals {
    fn read(body: &Value) -> Self {
        let count = |member| body.get(member).and_then(Value::as_u64).unwrap_or(0);
        Self {
            username: username(body),
            notifications: count("unread_notifications"),
            messages: count("unread_personal_messages"),
        }
    }
}

impl Current {
    fn read(body: &Value) -> Self {
        let user = body.get("current_user").unwrap_or(&Value::Null);
        let high_priority = user.get("unread_high_priority_notifications").and_then(Value::as_u64);
        Self { username: username(user), high_priority }
    }
}

fn username(of: &Value) -> Option<String> {
    of.get("username")?.as_str().map(name)
}

/// Fit for a terminal and for a line.
fn name(text: &str) -> String {
    visible(text).chars().take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

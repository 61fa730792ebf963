//! The applications that may use an account, and the way to end them.

use askama::Template;

use super::destination::Destination;
use super::expiry::{Expiry, Soon};
use super::frame::Frame;
use super::scope::ScopeLine;
use crate::model::ApplicationName;
use crate::model::Timestamp;

/// Days without use after which the page offers to end an application.
pub const UNUSED_DAYS: u32 = 60;
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

/// The list at `{base}/u/{owner}/preferences/apps`. Its forms post `authenticity_token` to `…/{id}/end`, `…/{id}/undo` and
/// `…/end-unused`.
#[derive(Template)]
#[template(path = "pages/apps.html")]
pub struct AppsPage {
    /// The frame, with an account.
    pub frame: Frame,
    /// Whose applications these are: part of every path.
    pub owner: String,
    /// Whether that is the signed-in account; if not, an administrator is looking.
    pub own: bool,
    /// The present instant.
    pub now: Timestamp,
    /// What has just been done.
    pub notice: Option<AppsNotice>,
    /// The applications, in the order to show them.
    pub apps: Vec<AppRow>,
}

/// One application.
#[derive(Clone, Debug)]
pub struct AppRow {
    /// The id of its key, as the paths carry it.
    pub id: String,
    /// What it calls itself.
    pub application: ApplicationName,
    /// What it may do.
    pub scopes: Vec<ScopeLine>,
    /// When the user allowed it.
    pub approved: Timestamp,
    /// When it last used its key.
    pub last_used: Option<Timestamp>,
    /// When its key ends.
    pub expiry: Expiry,
    /// That its key ends soon.
    pub soon: Option<Soon>,
    /// Until when the key that it had before works too, unless it uses the new one earlier.
    pub before_until: Option<Timestamp>,
    /// Whether nothing is pushed to it any more.
    pub push_is_off: bool,
    /// Where it got its key, where that is known.
    pub received: Option<Destination>,
    /// How many requests it made today.
    pub used_today: u32,
    /// The most requests a day.
    pub per_day: u32,
    /// Whether it may still use the account.
    pub state: AppState,
}

/// Whether an application may use the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppState {
    /// It may.
    Active,
    /// Its access was ended while this list was open, and can be given back.
    Ended,
}

/// What has just been done with the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppsNotice {
    /// Access of one application ended.
    Ended(ApplicationName),
    /// It was given back.
    Undone(ApplicationName),
    /// Access of so many unused applications ended.
    UnusedEnded(u32),
}

impl AppRow {
    fn is_unused(&self, now: Timestamp) -> bool {
        let used = self.last_used.unwrap_or(self.approved);
        self.state == AppState::Active && now.since(used).as_secs() >= u64::from(UNUSED_DAYS) * SECONDS_A_DAY
    }

    /// The short labels of the scopes on one line.
    fn may(&self, frame: &Frame) -> String {
        if self.scopes.is_empty() {
            return frame.say("apps-may-nothing").to_string();
        }
        frame.words.listed(self.scopes.iter().map(|line| line.short.as_str()))
    }
}

impl AppsPage {
    /// How many applications were not used for [`UNUSED_DAYS`]. The page offers to end them when there are any.
    #[must_use]
    pub fn unused(&self) -> u64 {
        let unused = self.apps.iter().filter(|app| app.is_unused(self.now)).count();
        u64::try_from(unused).unwrap_or(u64::MAX)
    }

    /// How many applications lose their access soon.
    #[must_use]
    pub fn ending_soon(&self) -> u64 {
        u64::try_from(self.apps.iter().filter(|app| app.soon.is_some()).count()).unwrap_or(u64::MAX)
    }

    /// The sentence about what has just been done.
    #[must_use]
    pub fn notice_sentence(&self) -> Option<String> {
        let phrase = match self.notice.as_ref()? {
            AppsNotice::Ended(name) => self.frame.say("apps-notice-ended").application(name),
            AppsNotice::Undone(name) => self.frame.say("apps-notice-undone").application(name),
            AppsNotice::UnusedEnded(count) => self.frame.say("apps-notice-unused").count("count", *count),
        };
        Some(phrase.to_string())
    }
}

//! A request of an application that cannot be answered.

use askama::Template;

use super::frame::Frame;
use super::words::RefusalWords;
use crate::model::ApplicationName;

/// What is wrong: for the user in plain words, and folded below for the application's author. It never leads to an address
/// out of the request (`security.md` C11).
#[derive(Template)]
#[template(path = "pages/refused.html")]
pub struct RefusedPage {
    /// The frame.
    pub frame: Frame,
    /// What the application calls itself, where that much could be read.
    pub application: Option<ApplicationName>,
    /// The stable word: one of [`REASONS`](super::words::REASONS).
    pub reason: String,
    /// What is wrong, for the application's author.
    pub message: String,
}

impl RefusedPage {
    /// The refusal in words for the user.
    #[must_use]
    pub fn words(&self) -> RefusalWords {
        self.frame.words.refusal(&self.reason, &self.frame.site_title)
    }
}

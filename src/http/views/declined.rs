//! The user said no.

use askama::Template;

use super::frame::Frame;
use crate::model::ApplicationName;

/// Nothing was shared. It leads to the site, never to the application (`security.md` C11).
#[derive(Template)]
#[template(path = "pages/declined.html")]
pub struct DeclinedPage {
    /// The frame.
    pub frame: Frame,
    /// What the application calls itself, where that is known.
    pub application: Option<ApplicationName>,
}

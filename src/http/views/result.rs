//! The encrypted key, to be copied into the application (`C-084`).

use askama::Template;

use super::frame::Frame;
use crate::model::ApplicationName;

/// The payload in the page's first `<code>`, with a button that copies it without white space (`clients.md` 2, item 12).
#[derive(Template)]
#[template(path = "pages/result.html")]
pub struct ResultPage {
    /// The frame, with an account.
    pub frame: Frame,
    /// What the application calls itself.
    pub application: ApplicationName,
    /// The encrypted payload in base64, line breaks and all.
    pub payload: String,
}

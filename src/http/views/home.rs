//! The first page.

use askama::Template;

use super::frame::Frame;

/// What the service is for, and the way to sign in or to the user's applications.
#[derive(Template)]
#[template(path = "pages/home.html")]
pub struct HomePage {
    /// The frame.
    pub frame: Frame,
    /// Whether there is no administrator yet.
    pub needs_setup: bool,
}

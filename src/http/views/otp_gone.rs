//! Somebody came with a one-time password that is not good, or no longer.

use askama::Template;

use super::frame::Frame;

/// That the link does not work, and what to do (`C-238`).
#[derive(Template)]
#[template(path = "pages/otp_gone.html")]
pub struct OtpGonePage {
    /// The frame.
    pub frame: Frame,
}

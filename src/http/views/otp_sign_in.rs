//! Somebody came with a good one-time password.

use askama::Template;

use super::frame::Frame;

/// Who will be signed in, and one button (`C-235`). Its form posts to the page's own address.
#[derive(Template)]
#[template(path = "pages/otp_sign_in.html")]
pub struct OtpSignInPage {
    /// The frame; with an account where somebody else is signed in.
    pub frame: Frame,
    /// Whom the one-time password signs in.
    pub username: String,
    /// The CSRF token of the form.
    pub csrf: String,
    /// Where the form goes: `{base}/session/otp/…`.
    pub action: String,
}

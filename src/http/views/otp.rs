//! The question: may this application sign in as you?

use askama::Template;

use super::consent::{PasswordQuestion, Standing};
use super::destination::Destination;
use super::frame::Frame;
use crate::model::ApplicationName;

/// The question about a one-time password (`C-226`). Its form posts `fields` to `{base}/user-api-key/otp`.
#[derive(Template)]
#[template(path = "pages/otp.html")]
pub struct OtpPage {
    /// The frame, with an account.
    pub frame: Frame,
    /// What the application calls itself.
    pub application: ApplicationName,
    /// Whether the site knows the application.
    pub standing: Standing,
    /// Where the one-time password goes.
    pub destination: Destination,
    /// The password question, where the sign-in is too old for what is asked (`security.md` C6): the field `password`.
    pub password: Option<PasswordQuestion>,
    /// The hidden inputs, `authenticity_token` among them, in the order to send them.
    pub fields: Vec<(String, String)>,
    /// The way back to this question after another account has signed in, sealed: the field `return` of `{base}/logout`.
    pub sealed_return: String,
}

impl OtpPage {
    /// The sentence about the last password.
    #[must_use]
    pub fn password_sentence(&self) -> Option<String> {
        self.password.and_then(|question| question.sentence(&self.frame))
    }
}

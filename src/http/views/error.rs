//! Anything that went wrong outside a page's own form.

use askama::Template;

use super::frame::Frame;

/// What happened, what to do, and the request's id for whoever helps.
#[derive(Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub frame: Frame,
    /// The HTTP status.
    pub status: u16,
    /// What happened.
    pub kind: ErrorKind,
    /// The id of the request, as the log has it.
    pub request_id: String,
}

/// What happened, as the page puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request makes no sense.
    BadRequest,
    /// Nobody is signed in.
    SignInFirst,
    /// The account may not see this.
    Forbidden,
    /// The form's token is no longer good.
    FormTooOld,
    /// There is no such page.
    NotFound,
    /// The set-up link has been used.
    SetupOver,
    /// The body is too large.
    TooLarge,
    /// Too many requests.
    TooManyTries {
        /// Seconds to wait.
        seconds: u64,
    },
    /// A fault of ours.
    Internal,
    /// Something we need does not answer.
    Unavailable,
}

impl ErrorPage {
    /// What happened.
    #[must_use]
    pub fn happened(&self) -> String {
        self.frame.say(self.id()).to_string()
    }

    /// What the person can do.
    #[must_use]
    pub fn advice(&self) -> String {
        let seconds = if let ErrorKind::TooManyTries { seconds } = self.kind { seconds } else { 0 };
        let span = self.frame.words.span(seconds);
        self.frame.say(&format!("{}.advice", self.id())).with("span", &span).to_string()
    }

    const fn id(&self) -> &'static str {
        match self.kind {
            ErrorKind::BadRequest => "error-bad-request",
            ErrorKind::SignInFirst => "error-sign-in",
            ErrorKind::Forbidden => "error-forbidden",
            ErrorKind::FormTooOld => "error-form-too-old",
            ErrorKind::NotFound => "error-not-found",
            ErrorKind::SetupOver => "error-setup-over",
            ErrorKind::TooLarge => "error-too-large",
            ErrorKind::TooManyTries { .. } => "error-too-many",
            ErrorKind::Internal => "error-internal",
            ErrorKind::Unavailable => "error-unavailable",
        }
    }
}

//! Sign-in.

use askama::Template;

use super::frame::Frame;
use crate::model::ApplicationName;

/// The sign-in form: `POST {base}/login` with `authenticity_token`, `return`, `login` and `password`.
#[derive(Template)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    /// The frame.
    pub frame: Frame,
    /// The CSRF token of the form.
    pub csrf: String,
    /// Where to go afterwards, sealed (`security.md` W5): the field `return`.
    pub sealed_return: Option<String>,
    /// The application that waits for an answer.
    pub waiting: Option<ApplicationName>,
    /// What was typed as the name before.
    pub login: String,
    /// Why the last try failed.
    pub problem: Option<LoginProblem>,
}

/// Why a sign-in failed. An unknown name and a wrong password are one case (`security.md` W6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginProblem {
    /// The name and the password do not belong together.
    WrongNameOrPassword,
    /// Too many tries.
    TooManyTries {
        /// Seconds to wait.
        seconds: u64,
    },
    /// The account is suspended.
    Suspended,
    /// The form's token is no longer good.
    FormTooOld,
}

impl LoginPage {
    /// The sentence about the last try.
    #[must_use]
    pub fn problem_sentence(&self) -> Option<String> {
        let say = |id| self.frame.say(id).to_string();
        self.problem.map(|problem| match problem {
            LoginProblem::WrongNameOrPassword => say("login-wrong"),
            LoginProblem::TooManyTries { seconds } => {
                self.frame.say("login-too-many").with("span", self.frame.words.span(seconds)).to_string()
            }
            LoginProblem::Suspended => say("login-suspended"),
            LoginProblem::FormTooOld => say("login-form-too-old"),
        })
    }
}

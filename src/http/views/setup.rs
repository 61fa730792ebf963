//! Set-up: the first administrator.

use askama::Template;

use super::frame::Frame;

/// The set-up form: `POST {base}/setup/{token}` with `authenticity_token`, `username`, `email`, `password` and
/// `password_again`.
#[derive(Template)]
#[template(path = "pages/setup.html")]
pub struct SetupPage {
    /// The frame.
    pub frame: Frame,
    /// The CSRF token of the form.
    pub csrf: String,
    /// The token of the set-up link, part of the form's path.
    pub token: String,
    /// The fewest characters of a password.
    pub least_password: u32,
    /// What was typed as the username before.
    pub username: String,
    /// What was typed as the e-mail address before.
    pub email: String,
    /// What is wrong with each field.
    pub problems: SetupProblems,
}

/// What is wrong with each field of the set-up form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetupProblems {
    /// The username.
    pub username: Option<FieldProblem>,
    /// The e-mail address.
    pub email: Option<FieldProblem>,
    /// The password.
    pub password: Option<FieldProblem>,
    /// The password typed again.
    pub password_again: Option<FieldProblem>,
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// It is empty.
    Missing,
    /// It is not a username.
    UsernameShape,
    /// Somebody else has the username.
    UsernameTaken,
    /// It is not an e-mail address.
    EmailShape,
    /// Somebody else has the address.
    EmailTaken,
    /// The password is too short.
    PasswordTooShort {
        /// The fewest characters.
        least: u32,
    },
    /// The password is too long.
    PasswordTooLong {
        /// The most characters.
        most: u32,
    },
    /// The second password is another one.
    PasswordsDiffer,
}

impl SetupPage {
    /// Whether any field has a problem.
    #[must_use]
    pub fn has_problems(&self) -> bool {
        self.problems != SetupProblems::default()
    }

    /// The sentence about one field.
    #[must_use]
    pub fn problem_sentence(&self, problem: FieldProblem) -> String {
        let say = |id| self.frame.say(id);
        match problem {
            FieldProblem::Missing => say("field-missing"),
            FieldProblem::UsernameShape => say("field-username-shape"),
            FieldProblem::UsernameTaken => say("field-username-taken"),
            FieldProblem::EmailShape => say("field-email-shape"),
            FieldProblem::EmailTaken => say("field-email-taken"),
            FieldProblem::PasswordTooShort { least } => say("field-password-short").count("least", least),
            FieldProblem::PasswordTooLong { most } => say("field-password-long").count("most", most),
            FieldProblem::PasswordsDiffer => say("field-passwords-differ"),
        }
        .to_string()
    }
}

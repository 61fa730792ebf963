//! The question: may this application use your account?

use askama::Template;

use super::destination::{Destination, WebAddress};
use super::expiry::Expiry;
use super::frame::Frame;
use super::scope::ScopeLine;
use crate::model::ApplicationName;
use crate::model::Timestamp;

/// The consent page (`security.md` C2). Its form posts `fields` to `{base}/user-api-key`, which is the approval.
#[derive(Template)]
#[template(path = "pages/consent.html")]
pub struct ConsentPage {
    /// The frame, with an account.
    pub frame: Frame,
    /// What the application calls itself.
    pub application: ApplicationName,
    /// Whether the site knows the application.
    pub standing: Standing,
    /// Where the key goes.
    pub destination: Destination,
    /// Where notifications are sent as well.
    pub push_to: Option<WebAddress>,
    /// What the application will be able to do, in the order to show it.
    pub scopes: Vec<ScopeLine>,
    /// How long the key works.
    pub expiry: Expiry,
    /// How many requests the application may make.
    pub limits: RequestLimits,
    /// The application's public key by its fingerprint.
    pub fingerprint: Fingerprint,
    /// When this user last allowed this application.
    pub approved_before: Option<Timestamp>,
    /// The password question, where the sign-in is too old for what is asked (`security.md` C6): the field `password`.
    pub password: Option<PasswordQuestion>,
    /// The hidden inputs, `authenticity_token` among them, in the order to send them.
    pub fields: Vec<(String, String)>,
    /// The way back to this question after another account has signed in, sealed: the field `return` of `{base}/logout`.
    pub sealed_return: String,
}

/// Whether the site knows an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The site lists it.
    Registered {
        /// Since when.
        since: Timestamp,
    },
    /// It gave its name itself, and nobody has checked it.
    SelfNamed,
}

/// How many requests a key may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// In any 60 seconds.
    pub per_minute: u32,
    /// In any 24 hours.
    pub per_day: u32,
}

/// The application's public key, as a person compares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Short groups of hex digits: `7f3a 91c2 04be d811`.
    pub shown: String,
    /// Whether this user has allowed the same one before.
    pub history: KeyHistory,
}

/// What this user has seen of an application's public key before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHistory {
    /// The user has not allowed this application before.
    FirstTime,
    /// The same public key as on that day.
    SameAs(Timestamp),
    /// The application came with another public key on that day.
    ChangedSince(Timestamp),
}

/// The password is asked for once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordQuestion {
    /// What was wrong with the last answer.
    pub problem: Option<PasswordProblem>,
}

/// Why a password was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// It is missing.
    Missing,
    /// It is another one.
    Wrong,
    /// Too many tries.
    TooManyTries {
        /// Seconds to wait.
        seconds: u64,
    },
}

impl ConsentPage {
    /// The scopes that change nothing, or the ones that do.
    #[must_use]
    pub fn scopes_that(&self, change: bool) -> Vec<&ScopeLine> {
        self.scopes.iter().filter(|line| line.dangerous == change).collect()
    }

    /// The day of the fingerprint this user knew, when the application now has another.
    #[must_use]
    pub const fn changed_since(&self) -> Option<Timestamp> {
        match self.fingerprint.history {
            KeyHistory::ChangedSince(day) => Some(day),
            KeyHistory::FirstTime | KeyHistory::SameAs(_) => None,
        }
    }

    /// What the user knows of the fingerprint.
    #[must_use]
    pub fn history_sentence(&self) -> String {
        let on = |id, day| self.frame.say(id).with("date", self.frame.words.date(day)).to_string();
        match self.fingerprint.history {
            KeyHistory::FirstTime => self.frame.say("consent-fingerprint-first").to_string(),
            KeyHistory::SameAs(day) => on("consent-fingerprint-same", day),
            KeyHistory::ChangedSince(day) => on("consent-fingerprint-changed", day),
        }
    }

    /// The sentence about the last password.
    #[must_use]
    pub fn password_sentence(&self) -> Option<String> {
        self.password.and_then(|question| question.sentence(&self.frame))
    }
}

impl PasswordQuestion {
    /// The sentence about the last answer.
    #[must_use]
    pub fn sentence(&self, frame: &Frame) -> Option<String> {
        let phrase = match self.problem? {
            PasswordProblem::Missing => frame.say("consent-password-missing"),
            PasswordProblem::Wrong => frame.say("consent-password-wrong"),
            PasswordProblem::TooManyTries { seconds } => {
                frame.say("consent-password-too-many").with("span", frame.words.span(seconds))
            }
        };
        Some(phrase.to_string())
    }
}

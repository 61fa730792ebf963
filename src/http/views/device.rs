//! The pages of the device flow: type the code, read what is asked, done.

use askama::Template;

use super::consent::{ConsentPage, Standing};
use super::destination::Destination;
use super::expiry::Expiry;
use super::frame::Frame;
use crate::model::{ApplicationName, UserAgent};

/// Step one: the field for the code. `POST {base}/user-api-key/activate` with `authenticity_token` and `code`.
#[derive(Template)]
#[template(path = "pages/activate.html")]
pub struct ActivatePage {
    /// The frame, with an account.
    pub frame: Frame,
    /// What was wrong with the last code.
    pub problem: Option<CodeProblem>,
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// There is no such code.
    Unknown,
    /// Its request is over.
    Expired,
}

/// Step two: the same question as on the consent page, with where the request came from.
#[derive(Template)]
#[template(path = "pages/device.html")]
pub struct DevicePage {
    /// The frame, with an account; the question's own again, for the layout.
    pub frame: Frame,
    /// The question. Its `fields` are the hidden inputs of the form that allows.
    pub question: ConsentPage,
    /// Where the request came from.
    pub asked: Asked,
    /// How the user answers.
    pub step: Step,
}

/// Where a request came from.
#[derive(Clone, Debug)]
pub struct Asked {
    /// How long ago, seconds.
    pub seconds: u64,
    /// From which address.
    pub address: String,
    /// With which program, as it says itself.
    pub program: UserAgent,
}

/// How the user answers.
#[derive(Clone)]
pub enum Step {
    /// The code was typed; this token answers.
    Typed {
        /// For the form that denies.
        approval_token: String,
    },
    /// The request came with a link; the code is typed beside the answer (`security.md` C9).
    Link {
        /// What was typed before, and is no code of this request.
        wrong: Option<String>,
    },
}

/// Step three: the answer was yes.
#[derive(Template)]
#[template(path = "pages/device_done.html")]
pub struct DeviceDonePage {
    /// The frame, with an account.
    pub frame: Frame,
    /// What the application calls itself.
    pub application: ApplicationName,
}

impl ActivatePage {
    /// The sentence about the last code.
    #[must_use]
    pub fn problem_sentence(&self) -> Option<String> {
        let id = match self.problem? {
            CodeProblem::Unknown => "activate-unknown",
            CodeProblem::Expired => "activate-expired",
        };
        Some(self.frame.say(id).to_string())
    }
}

impl DevicePage {
    /// `40 seconds ago from 203.0.113.7`; a second at least, since nobody says that it was none.
    #[must_use]
    pub fn asked_sentence(&self) -> String {
        let span = self.frame.words.span(self.asked.seconds.max(1));
        self.frame.say("device-asked-text").with("span", span).with("address", &self.asked.address).to_string()
    }

    /// `with curl on Linux`.
    #[must_use]
    pub fn program_sentence(&self) -> String {
        match (self.asked.program.program(), self.asked.program.system()) {
            (Some(program), Some(system)) => {
                self.frame.say("device-program-on").with("program", program).with("system", system).to_string()
            }
            (Some(program), None) => self.frame.say("device-program").with("program", program).to_string(),
            (None, Some(system)) => self.frame.say("device-program-some").with("system", system).to_string(),
            (None, None) => self.frame.say("device-program-silent").to_string(),
        }
    }

    /// The sentence about a wrong code.
    #[must_use]
    pub fn wrong_sentence(&self) -> Option<String> {
        let Step::Link { wrong: Some(_) } = &self.step else { return None };
        Some(self.frame.say("device-wrong-code").to_string())
    }

    /// What was typed before.
    #[must_use]
    pub fn typed(&self) -> &str {
        match &self.step {
            Step::Link { wrong: Some(typed) } => typed,
            Step::Link { wrong: None } | Step::Typed { .. } => "",
        }
    }

    /// Whether the code is still to be typed.
    #[must_use]
    pub const fn has_link(&self) -> bool {
        matches!(self.step, Step::Link { .. })
    }

    /// Whether the key would last until somebody ends it.
    #[must_use]
    pub const fn never_ends(&self) -> bool {
        !matches!(self.question.expiry, Expiry::On(_))
    }
}

//! What one check has to say.

use serde::Serialize;

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// As it has to be.
    Ok,
    /// Not wrong, or not surely, but somebody should look.
    Warning,
    /// Wrong.
    Failed,
    /// Nobody knows: something that it needs was not given.
    NotChecked,
}

impl Outcome {
    /// The word for people.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::NotChecked => "not checked",
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    /// The check's name: stable, for scripts.
    pub(super) check: &'static str,
    /// How it went.
    pub(super) outcome: Outcome,
    /// What was seen.
    pub(super) says: String,
    /// What to change, unless it is well.
    pub(super) advice: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Ok, says: says.into(), advice: None }
    }

    pub(super) fn warning(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Warning, says: says.into(), advice: Some(advice.into()) }
    }

    pub(super) fn failed(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Failed, says: says.into(), advice: Some(advice.into()) }
    }

    pub(super) fn not_checked(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::NotChecked, says: says.into(), advice: Some(advice.into()) }
    }
}

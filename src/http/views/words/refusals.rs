//! Why a request was refused, for the person who sees it. The application's author reads the reason itself.

use super::Words;

/// The reasons that have words of their own: stable, part of what applications may rely on (`deviations.md`, C-036).
pub const REASONS: [&str; 21] = [
    "disabled",
    "missing_parameter",
    "repeated_parameter",
    "parameter_too_long",
    "unknown_scope",
    "bad_public_key",
    "key_too_small",
    "bad_padding",
    "redirect_not_allowed",
    "bad_redirect",
    "bad_expiry",
    "payload_too_large",
    "reserved_name",
    "too_many_keys",
    "dangerous_scope_refused",
    "not_allowed",
    "bad_encoding",
    "request_changed",
    "scope_not_registered",
    "client_blocked",
    "scope_reserved",
];

/// A refusal in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalWords {
    /// What is wrong.
    pub happened: String,
    /// What the user can do, or who can change it.
    pub advice: String,
}

impl Words {
    /// The words for a refusal; general ones for a reason without words of its own.
    #[must_use]
    pub fn refusal(&self, reason: &str, site: &str) -> RefusalWords {
        let known = if REASONS.contains(&reason) { reason } else { "other" };
        let words = |part: &str| self.say(&format!("refusal-{known}{part}")).with("site", site).to_string();
        RefusalWords { happened: words(""), advice: words(".advice") }
    }
}

//! What went wrong, for the wire, and what is told of it.
//!
//! `table.rs` is the one table: status, words for programs, sentence, kind of page. `json.rs` makes the body and the headers,
//! `acts.rs` and `admin.rs` turn the errors of the acts into these.

mod acts;
mod admin;
mod json;
mod table;

use std::fmt::{self, Display};

use actix_web::http::StatusCode;

use crate::limits::Standing;
use crate::model::Seldom;
pub(super) use json::{JSON, json_refusal, put_headers, put_lines, write_body, write_lines};
pub(super) use table::BAD_CSRF;
pub use table::table;

/// What went wrong, for the wire. Details that are not the client's business are for the log only.
#[derive(Clone, Debug)]
pub enum Problem {
    /// Nobody is signed in, and somebody has to be (`C-027`).
    NotLoggedIn,
    /// The caller may not (`C-276`).
    InvalidAccess {
        /// The stable word, where there is more to say than "no".
        reason: Option<&'static str>,
        /// What stands in the way.
        message: Option<String>,
    },
    /// A key is needed and none was presented (`security.md W9`).
    KeyNeeded,
    /// A back end asks about keys without the secret (RFC 7662 2.1, `security.md L7`).
    NotACaller,
    /// A key of the admin API is needed and none was presented.
    AdminKeyNeeded,
    /// The presented key is not good; which way, is not told (`C-271`, `security.md K3`).
    KeyRefused,
    /// The change was not asked for on one of our pages (`C-025`).
    BadCsrf,
    /// A parameter is missing (`C-033`).
    Missing(&'static str),
    /// A parameter is wrong.
    Invalid {
        /// Which; `base` for the whole.
        parameter: String,
        /// What is wrong, and what to write instead.
        message: String,
        /// The stable word.
        reason: &'static str,
    },
    /// There is no such thing.
    NotFound,
    /// There is no such thing, and the caller may know what is missing.
    NoSuch(String),
    /// The address takes other methods: these.
    WrongMethod(String),
    /// Too many requests.
    Limited {
        /// When one will be accepted again, whole seconds.
        seconds: u64,
        /// Of the key's limiters only (`C-273`, `C-274`).
        code: Option<&'static str>,
        /// Of the key's limiters only.
        standing: Option<Standing>,
    },
    /// The body is over `body_limit_bytes`.
    TooLarge,
    /// The site has its first administrator.
    SetUpOver,
    /// Our fault. The text is for the log.
    Internal(String),
    /// The disk of the database is full. The text is for the log, where the store has told it already.
    Full(String),
    /// What counts the limits does not answer, and nobody is let in uncounted. That is told when it begins and when it ends.
    Uncounted,
    /// The database does not answer. The text is for the log.
    Unavailable(String),
}

impl Problem {
    /// The caller may not, and there is no more to say.
    pub(super) const fn forbidden() -> Self {
        Self::InvalidAccess { reason: None, message: None }
    }

    pub(super) fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string())
    }

    pub(super) fn invalid(parameter: &str, fault: &(impl Display + ?Sized), reason: &'static str) -> Self {
        Self::Invalid { parameter: parameter.to_owned(), message: fault.to_string(), reason }
    }

    fn base(fault: &(impl Display + ?Sized), reason: &'static str) -> Self {
        Self::invalid("base", fault, reason)
    }

    pub(super) fn bad_encoding() -> Self {
        Self::base("the parameters are not UTF-8 text without NUL; percent-encode such a text", "bad_encoding")
    }

    pub(super) fn bad_json(fault: &str) -> Self {
        Self::base(&format!("the body is no JSON object with the parameters as members: {fault}"), "bad_json")
    }

    /// The same of one member, by its place.
    pub(super) fn bad_member(place: &str, fault: &str) -> Self {
        Self::invalid(place, &format!("{place}: {fault}"), "bad_json")
    }

    /// A parameter has a value that it cannot have.
    pub(super) fn wrong(parameter: &str, fault: &(impl Display + ?Sized)) -> Self {
        Self::invalid(parameter, fault, "bad_value")
    }

    /// The same of one entry of a list.
    pub(super) fn at(self, index: usize) -> Self {
        match self {
            Self::Invalid { parameter, message, reason } => {
                Self::Invalid { message: format!("entry {index}: {parameter}: {message}"), parameter, reason }
            }
            Self::Missing(name) => Self::wrong(name, &format!("entry {index}: {name} is missing")),
            other => other,
        }
    }

    pub(super) fn bad_query(fault: &impl Display) -> Self {
        Self::base(&format!("the query cannot be read: {fault}"), "bad_request")
    }

    /// The consent form came back with other fields than the user was shown (`security.md C7`).
    pub(super) fn tampered() -> Self {
        Self::base("the request is not the one that was shown; open the application's link again", "request_changed")
    }

    /// No registered application has this `client_id` (`C-258`).
    pub(super) fn not_registered() -> Self {
        Self::invalid("client_id", "client_id: no registered application has it", "not_registered")
    }

    /// The caller may not, and this is why.
    pub(super) fn refused(reason: &'static str, message: &(impl Display + ?Sized)) -> Self {
        Self::InvalidAccess { reason: Some(reason), message: Some(message.to_string()) }
    }

    /// More than one key, and not the same (`security.md K5`).
    pub(super) fn two_credentials() -> Self {
        Self::refused("two_credentials", "The request carries two different keys; send one.")
    }

    /// Somebody asks about keys who is not to (`security.md W8`).
    pub(super) fn not_a_peer() -> Self {
        let message = "This address is not in verify.peers of the configuration, and the header Hallpass-Secret is not \
                       verify.secret.";
        Self::refused("not_a_peer", message)
    }

    /// The proxy does not say what it asks about.
    pub(super) fn no_request() -> Self {
        let message = "The proxy has to send the site's request in X-Original-Method and X-Original-URI, or in \
                       X-Forwarded-Method and X-Forwarded-Uri.";
        Self::refused("no_original_request", message)
    }

    /// Two words on one request: one may be the client's own (`security.md W10`).
    pub(super) fn two_requests() -> Self {
        let message = "X-Original-Method and X-Original-URI, or X-Forwarded-Method and X-Forwarded-Uri, are there more \
                       than once and differ, or are not plain text; the proxy has to set or remove all four.";
        Self::refused("two_original_requests", message)
    }

    /// What names a key is not read from an address (`security.md K4`).
    pub(super) fn query_not_read() -> Self {
        let message = "the address has a query, which ends up in logs; send every parameter in the body";
        Self::base(message, "query_not_read")
    }

    pub(super) fn slow_body() -> Self {
        Self::base("the body did not arrive within ten seconds", "bad_request")
    }

    pub(super) fn nested(name: &str) -> Self {
        let message = format!("{name} is a list or an object; send a string, a number or a boolean");
        Self::invalid(name, &message, "bad_json")
    }

    /// What actix itself refuses: a body that is too large, a broken request.
    pub(super) fn from_actix(error: &actix_web::Error) -> Self {
        match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::NOT_FOUND => Self::NotFound,
            status if status.is_client_error() => {
                Self::base(&format!("the request cannot be read: {error}"), "bad_request")
            }
            _ => Self::internal(error),
        }
    }

    /// What is for the log only.
    pub(super) fn cause(&self) -> Option<&str> {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) | Self::Full(cause) => Some(cause),
            _ => None,
        }
    }

    /// What is to be told now as a failure of ours. That the disk is full the store tells, less often than it is met; so is it
    /// told here that the database does not answer, which whoever asks meets and nobody pays for.
    pub(super) fn failure(&self, outage: &Seldom) -> Option<&str> {
        match self {
            Self::Full(_) => None,
            Self::Unavailable(_) if !outage.is_due() => None,
            _ => self.cause(),
        }
    }

    /// The stable word in the JSON body, beside what the protocol has.
    pub(super) const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::InvalidAccess { reason, .. } => *reason,
            Self::Invalid { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// The stable word, also of the problem whose JSON body the protocol keeps without one (`C-033`).
    pub(super) const fn word(&self) -> Option<&'static str> {
        match self {
            Self::Missing(_) => Some("missing_parameter"),
            _ => self.reason(),
        }
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause().unwrap_or(&self.answer().sentence))
    }
}

//! The one table: what went wrong → status, words for programs, kind of page, log level.
//!
//! Bodies are those of section 12 of the protocol; sentences are ours. One file although long: it is read as a whole.

use std::borrow::Cow;
use std::fmt::{self, Display};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use super::middleware::json_refusal;
use super::views::error::ErrorKind;
use crate::domain::accounts::AccountError;
use crate::domain::apps::AppsError;
use crate::domain::authorize::{ApproveError, Refusal};
use crate::domain::client_id::ClientIdError;
use crate::domain::clients::RegisterError;
use crate::domain::device::DeviceError;
use crate::domain::otp::RedeemError;
use crate::domain::revoke::RevokeError;
use crate::domain::session::SignInError;
use crate::domain::verify::VerifyError;
use crate::limits::{ActRefused, Standing, Unreachable, Window};
use crate::model::{Repeated, ScopeError};
use crate::store::StoreError;

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
    /// The database does not answer, or what counts the limits. The text is for the log.
    Unavailable(String),
}

/// What the table says of a [`Problem`].
pub(super) struct Answer<'a> {
    pub(super) status: StatusCode,
    /// `error_type` of the JSON body; none for missing parameters.
    pub(super) error_type: Option<&'static str>,
    pub(super) sentence: Cow<'a, str>,
    pub(super) page: ErrorKind,
}

impl Problem {
    /// The caller may not, and there is no more to say.
    pub(super) const fn forbidden() -> Self {
        Self::InvalidAccess { reason: None, message: None }
    }

    pub(super) fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string())
    }

    fn base(message: String, reason: &'static str) -> Self {
        Self::Invalid { parameter: "base".to_owned(), message, reason }
    }

    pub(super) fn bad_encoding() -> Self {
        Self::base(
            "the parameters are not UTF-8 text without NUL; percent-encode such a text".to_owned(),
            "bad_encoding",
        )
    }

    pub(super) fn bad_json(fault: &str) -> Self {
        Self::base(format!("the body is no JSON object with the parameters as members: {fault}"), "bad_json")
    }

    /// The consent form came back with other fields than the user was shown (`security.md C7`).
    pub(super) fn tampered() -> Self {
        let message = "the request is not the one that was shown; open the application's link again";
        Self::base(message.to_owned(), "request_changed")
    }

    /// No registered application has this `client_id` (`C-258`).
    pub(super) fn not_registered() -> Self {
        let message = "client_id: no registered application has it".to_owned();
        Self::Invalid { parameter: "client_id".to_owned(), message, reason: "not_registered" }
    }

    fn refused(reason: &'static str, message: &str) -> Self {
        Self::InvalidAccess { reason: Some(reason), message: Some(message.to_owned()) }
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

    pub(super) fn slow_body() -> Self {
        Self::base("the body did not arrive within ten seconds".to_owned(), "bad_request")
    }

    pub(super) fn nested(name: &str) -> Self {
        let message = format!("{name} is a list or an object; send a string, a number or a boolean");
        Self::Invalid { parameter: name.to_owned(), message, reason: "bad_json" }
    }

    /// What actix itself refuses: a body that is too large, a broken request.
    pub(super) fn from_actix(error: &actix_web::Error) -> Self {
        match error.as_response_error().status_code() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::NOT_FOUND => Self::NotFound,
            status if status.is_client_error() => {
                Self::base(format!("the request cannot be read: {error}"), "bad_request")
            }
            _ => Self::internal(error),
        }
    }

    /// What is for the log only.
    pub(super) fn cause(&self) -> Option<&str> {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => Some(cause),
            _ => None,
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

    /// The table.
    pub(super) fn answer(&self) -> Answer<'_> {
        fn row<'a>(
            status: StatusCode,
            error_type: &'static str,
            sentence: impl Into<Cow<'a, str>>,
            page: ErrorKind,
        ) -> Answer<'a> {
            Answer { status, error_type: Some(error_type), sentence: sentence.into(), page }
        }
        match self {
            Self::NotLoggedIn => row(
                StatusCode::FORBIDDEN,
                "not_logged_in",
                "You need to be signed in to do that.",
                ErrorKind::SignInFirst,
            ),
            Self::KeyNeeded => row(
                StatusCode::UNAUTHORIZED,
                "not_logged_in",
                "A key is needed: send it in the header User-Api-Key.",
                ErrorKind::SignInFirst,
            ),
            Self::InvalidAccess { message, .. } => row(
                StatusCode::FORBIDDEN,
                "invalid_access",
                message.as_deref().unwrap_or(NOT_PERMITTED),
                ErrorKind::Forbidden,
            ),
            Self::KeyRefused => row(StatusCode::FORBIDDEN, "invalid_access", NOT_PERMITTED, ErrorKind::Forbidden),
            Self::BadCsrf => row(StatusCode::FORBIDDEN, "bad_csrf", BAD_CSRF, ErrorKind::FormTooOld),
            Self::Missing(name) => Answer {
                status: StatusCode::BAD_REQUEST,
                error_type: None,
                sentence: format!("param is missing or the value is empty or invalid: {name}").into(),
                page: ErrorKind::BadRequest,
            },
            Self::Invalid { parameter, message, .. } => {
                row(StatusCode::BAD_REQUEST, "invalid_parameters", naming(parameter, message), ErrorKind::BadRequest)
            }
            Self::NotFound => {
                row(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.", ErrorKind::NotFound)
            }
            Self::Limited { seconds, .. } => row(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit",
                format!("Too many requests. Please wait {} before the next one.", time_left(*seconds)),
                ErrorKind::TooManyTries { seconds: *seconds },
            ),
            Self::TooLarge => row(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "The request is larger than this service reads.",
                ErrorKind::TooLarge,
            ),
            Self::SetUpOver => {
                row(StatusCode::NOT_FOUND, "not_found", "This set-up link is over.", ErrorKind::SetupOver)
            }
            Self::Internal(_) => row(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong on our side. The request id is in the header X-Request-Id.",
                ErrorKind::Internal,
            ),
            Self::Unavailable(_) => row(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The service cannot answer at present. Try again in a moment.",
                ErrorKind::Unavailable,
            ),
        }
    }

    /// The JSON body.
    pub(super) fn body(&self) -> String {
        let answer = self.answer();
        let wait = |seconds: u64| Extras { wait_seconds: seconds, time_left: time_left(seconds) };
        let extras = if let Self::Limited { seconds, .. } = self { Some(wait(*seconds)) } else { None };
        let body = Body { errors: [&answer.sentence], error_type: answer.error_type, reason: self.reason(), extras };
        serde_json::to_string(&body).unwrap_or_default()
    }
}

/// Section 12 of the protocol.
#[derive(Serialize)]
struct Body<'a> {
    errors: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extras: Option<Extras>,
}

#[derive(Serialize)]
struct Extras {
    wait_seconds: u64,
    time_left: String,
}

const NOT_PERMITTED: &str = "You are not permitted to view the requested resource.";
pub(super) const BAD_CSRF: &str = "[\"BAD CSRF\"]";

/// Programs look for the name of the parameter in the sentence (section 12).
fn naming(parameter: &str, message: &str) -> String {
    if parameter == "base" || message.contains(parameter) {
        message.to_owned()
    } else {
        format!("{parameter}: {message}")
    }
}

/// A span for people, in the protocol's steps (section 12).
fn time_left(seconds: u64) -> String {
    match seconds {
        0..=3 => "a few seconds".to_owned(),
        4..60 => format!("{seconds} seconds"),
        60..120 => "1 minute".to_owned(),
        120..3600 => format!("{} minutes", seconds / 60),
        3600..7200 => "1 hour".to_owned(),
        _ => format!("{} hours", seconds / 3600),
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause().unwrap_or(&self.answer().sentence))
    }
}

// On the public listener the middleware `errors` replaces this answer by one in the form the client reads; it alone knows
// the request. The internal listener speaks JSON.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.answer().status
    }

    fn error_response(&self) -> HttpResponse {
        json_refusal(self, self.status_code())
    }
}

impl From<ActRefused> for Problem {
    fn from(refused: ActRefused) -> Self {
        Self::Limited { seconds: refused.retry_after.as_secs(), code: None, standing: None }
    }
}

impl From<Unreachable> for Problem {
    fn from(error: Unreachable) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) | StoreError::Unavailable(_) => Self::Unavailable(error.to_string()),
            StoreError::Conflict(_) | StoreError::Corrupt { .. } | StoreError::Query(_) => Self::internal(error),
        }
    }
}

impl From<Repeated> for Problem {
    fn from(error: Repeated) -> Self {
        let message = error.to_string();
        Self::Invalid { parameter: error.0, message, reason: "repeated_parameter" }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Malformed
            | VerifyError::Unknown
            | VerifyError::Revoked
            | VerifyError::Replaced
            | VerifyError::Expired => Self::KeyRefused,
            VerifyError::ClientId(error) => error.into(),
            VerifyError::Scope | VerifyError::Ambiguous(_) | VerifyError::OwnerSuspended => Self::forbidden(),
            VerifyError::Guessing(refused) | VerifyError::OwnerLimited(refused) => refused.into(),
            VerifyError::Limited(refused) => {
                let code = match refused.which {
                    Window::Minute => "user_api_key_limiter_60_secs",
                    Window::Day => "user_api_key_limiter_1_day",
                };
                let seconds = refused.retry_after.as_secs();
                Self::Limited { seconds, code: Some(code), standing: Some(refused.standing) }
            }
            VerifyError::Limits(error) => error.into(),
            VerifyError::Store(error) => error.into(),
        }
    }
}

impl From<ClientIdError> for Problem {
    fn from(error: ClientIdError) -> Self {
        let message = error.to_string();
        match error {
            ClientIdError::TooLong(_) => {
                Self::Invalid { parameter: "client_id".to_owned(), message, reason: "too_long" }
            }
            ClientIdError::Registered => {
                Self::InvalidAccess { reason: Some("client_id_registered"), message: Some(message) }
            }
            ClientIdError::Store(error) => error.into(),
        }
    }
}

// What the POST answers (section 4.1 of the protocol); GET shows a page or a model instead.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing(name) => Self::Missing(name),
            Refusal::Disabled
            | Refusal::Scopes(ScopeError::Name(_))
            | Refusal::UnknownScope { .. }
            | Refusal::DangerousScope(_)
            | Refusal::BadRedirect(_)
            | Refusal::RedirectNotAllowed(_)
            | Refusal::OtherRedirect(_)
            | Refusal::ScopeNotRegistered { .. }
            | Refusal::ReservedName(_)
            | Refusal::NotAllowed(_)
            | Refusal::Suspended
            | Refusal::TooManyKeys(_) => {
                Self::InvalidAccess { reason: Some(refusal.reason()), message: Some(refusal.to_string()) }
            }
            Refusal::Repeated(_)
            | Refusal::TooLong(_)
            | Refusal::Scopes(ScopeError::TooMany)
            | Refusal::PublicKey(_)
            | Refusal::Padding(_)
            | Refusal::TwoRedirects
            | Refusal::Expiry(_)
            | Refusal::ApplicationName(_)
            | Refusal::PayloadTooLarge { .. } => Self::Invalid {
                parameter: refusal.parameter().to_owned(),
                message: refusal.to_string(),
                reason: refusal.reason(),
            },
        }
    }
}

impl From<ApproveError> for Problem {
    fn from(error: ApproveError) -> Self {
        match error {
            ApproveError::Refused(refusal) => refusal.into(),
            ApproveError::Handover(error) => Refusal::BadRedirect(error).into(),
            ApproveError::Encrypt(error) => Self::internal(error),
            ApproveError::Store(error) => error.into(),
        }
    }
}

impl From<RedeemError> for Problem {
    fn from(error: RedeemError) -> Self {
        match error {
            RedeemError::Gone => Self::NotFound,
            RedeemError::Limited(refused) => refused.into(),
            RedeemError::Limits(error) => error.into(),
            RedeemError::Store(error) => error.into(),
        }
    }
}

// The device flow names every parameter in an `invalid_parameters` (section 6.1 of the protocol).
impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let invalid = |parameter: &str, reason| Self::Invalid {
            parameter: parameter.to_owned(),
            message: error.to_string(),
            reason,
        };
        match error {
            DeviceError::Missing(_) => invalid("base", "missing_parameter"),
            DeviceError::TooLarge { .. } => invalid("base", "parameter_too_long"),
            DeviceError::Refused(Refusal::Missing(name)) => invalid(name, "missing_parameter"),
            DeviceError::Refused(Refusal::Scopes(ScopeError::TooMany)) => invalid("scopes", "parameter_too_long"),
            DeviceError::ScopeNotHere | DeviceError::Refused(Refusal::Scopes(ScopeError::Name(_))) => {
                invalid("scopes", "unknown_scope")
            }
            DeviceError::NoFreeCode | DeviceError::Gone => Self::forbidden(),
            DeviceError::Limited(refused) => refused.into(),
            DeviceError::Refused(refusal) => refusal.into(),
            DeviceError::Approve(error) => error.into(),
            DeviceError::Limits(error) => error.into(),
            DeviceError::Store(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        let reason = match error {
            RegisterError::Limited(refused) => {
                return refused.into();
            }
            RegisterError::Refused(refusal) => return refusal.into(),
            RegisterError::Limits(error) => return error.into(),
            RegisterError::Store(error) => return error.into(),
            RegisterError::Off => "registration_off",
            RegisterError::Scope { .. } => "unknown_scope",
            RegisterError::Taken(_) => "client_id_taken",
        };
        Self::InvalidAccess { reason: Some(reason), message: Some(error.to_string()) }
    }
}

impl From<RevokeError> for Problem {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::NotFound => Self::NotFound,
            RevokeError::NotYours => Self::forbidden(),
            RevokeError::TooManyKeys(_) => {
                Self::InvalidAccess { reason: Some("too_many_keys"), message: Some(error.to_string()) }
            }
            RevokeError::Store(error) => error.into(),
        }
    }
}

impl From<AppsError> for Problem {
    fn from(error: AppsError) -> Self {
        match error {
            AppsError::NotFound => Self::NotFound,
            AppsError::NotYours => Self::forbidden(),
            AppsError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Limited(refused) => refused.into(),
            SignInError::Wrong | SignInError::Suspended => Self::forbidden(),
            SignInError::Password(error) => Self::internal(error),
            SignInError::Limits(error) => error.into(),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotFound(_) => Self::NotFound,
            AccountError::AlreadySetUp => Self::SetUpOver,
            AccountError::UsernameTaken(_) | AccountError::EmailTaken | AccountError::Rule(_) => {
                Self::base(error.to_string(), "bad_account")
            }
            AccountError::Password(error) => Self::internal(error),
            AccountError::Store(error) => error.into(),
        }
    }
}

/// Every row of the table with an example: name, status, JSON body. The snapshot of it is the API's error reference.
#[must_use]
pub fn table() -> Vec<(String, u16, serde_json::Value)> {
    let refused = Some("redirect_not_allowed");
    let wrong = ("padding".to_owned(), "padding is pkcs1, oaep or oaep-sha256".to_owned(), "bad_padding");
    let rows = [
        Problem::NotLoggedIn,
        Problem::forbidden(),
        Problem::InvalidAccess {
            reason: refused, message: Some("auth_redirect: … is not on this site's list".into())
        },
        Problem::KeyRefused,
        Problem::BadCsrf,
        Problem::Missing("nonce"),
        Problem::Invalid { parameter: wrong.0, message: wrong.1, reason: wrong.2 },
        Problem::NotFound,
        Problem::Limited { seconds: 42, code: Some("user_api_key_limiter_60_secs"), standing: None },
        Problem::TooLarge,
        Problem::SetUpOver,
        Problem::Internal("not shown".into()),
        Problem::Unavailable("not shown".into()),
    ];
    let name = |problem: &Problem| {
        let debug = format!("{problem:?}");
        debug.split([' ', '(']).next().unwrap_or_default().to_owned()
    };
    let body = |problem: &Problem| serde_json::from_str(&problem.body()).unwrap_or_default();
    rows.iter().map(|problem| (name(problem), problem.answer().status.as_u16(), body(problem))).collect()
}

//! The one table: what went wrong → status, words for programs, sentence, kind of page. Bodies are those of section 12 of the
//! protocol; sentences are ours.

use std::borrow::Cow;

use actix_web::http::StatusCode;

use super::Problem;
use super::json::body;
use crate::http::views::error::ErrorKind;

const NOT_PERMITTED: &str = "You are not permitted to view the requested resource.";
pub(in crate::http) const BAD_CSRF: &str = "[\"BAD CSRF\"]";

/// What the table says of a [`Problem`].
pub(in crate::http) struct Answer<'a> {
    pub(in crate::http) status: StatusCode,
    /// `error_type` of the JSON body; none for missing parameters.
    pub(in crate::http) error_type: Option<&'static str>,
    pub(in crate::http) sentence: Cow<'a, str>,
    pub(in crate::http) page: ErrorKind,
}

impl Problem {
    /// The table.
    pub(in crate::http) fn answer(&self) -> Answer<'_> {
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
            Self::AdminKeyNeeded => row(
                StatusCode::UNAUTHORIZED,
                "not_logged_in",
                "A key of the admin API is needed: send it in the header Api-Key. `hallpass admin-key create` makes one.",
                ErrorKind::SignInFirst,
            ),
            Self::NotACaller => row(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Send verify.secret of the configuration, which has to be set there, as Authorization: Bearer, or as the password of Basic.",
                ErrorKind::Forbidden,
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
            Self::NoSuch(what) => row(StatusCode::NOT_FOUND, "not_found", what.as_str(), ErrorKind::NotFound),
            Self::WrongMethod(others) => row(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                format!("This address takes {others}."),
                ErrorKind::NotFound,
            ),
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
                "Something went wrong on our side. The service's log says what, by X-Request-Id where the answer has one.",
                ErrorKind::Internal,
            ),
            Self::Unavailable(_) | Self::Uncounted => row(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The service cannot answer at present. Try again in a moment.",
                ErrorKind::Unavailable,
            ),
            Self::Full(_) => row(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The service cannot store anything at present. Nothing was changed; try again later.",
                ErrorKind::Unavailable,
            ),
        }
    }
}

/// Programs look for the name of the parameter in the sentence (section 12).
fn naming(parameter: &str, message: &str) -> String {
    if parameter == "base" || message.contains(parameter) {
        message.to_owned()
    } else {
        format!("{parameter}: {message}")
    }
}

/// A span for people, in the protocol's steps (section 12).
pub(super) fn time_left(seconds: u64) -> String {
    match seconds {
        0..=3 => "a few seconds".to_owned(),
        4..60 => format!("{seconds} seconds"),
        60..120 => "1 minute".to_owned(),
        120..3600 => format!("{} minutes", seconds / 60),
        3600..7200 => "1 hour".to_owned(),
        _ => format!("{} hours", seconds / 3600),
    }
}

/// Every row of the table with an example: name, status, JSON body. The snapshot of it is the API's error reference.
#[must_use]
pub fn table() -> Vec<(String, u16, serde_json::Value)> {
    let refused = Some("redirect_not_allowed");
    let rows = [
        Problem::NotLoggedIn,
        Problem::forbidden(),
        Problem::InvalidAccess {
            reason: refused, message: Some("auth_redirect: … is not on this site's list".into())
        },
        Problem::KeyNeeded,
        Problem::AdminKeyNeeded,
        Problem::KeyRefused,
        Problem::two_credentials(),
        Problem::not_a_peer(),
        Problem::no_request(),
        Problem::two_requests(),
        Problem::NotACaller,
        Problem::BadCsrf,
        Problem::Missing("nonce"),
        Problem::invalid("padding", "padding is pkcs1, oaep or oaep-sha256", "bad_padding"),
        Problem::NotFound,
        Problem::NoSuch("there is no user 99".into()),
        Problem::WrongMethod("GET, PATCH".into()),
        Problem::Limited { seconds: 42, code: Some("user_api_key_limiter_60_secs"), standing: None },
        Problem::TooLarge,
        Problem::SetUpOver,
        Problem::Internal("not shown".into()),
        Problem::Unavailable("not shown".into()),
        Problem::Full("not shown".into()),
        Problem::Uncounted,
    ];
    let name = |problem: &Problem| {
        let debug = format!("{problem:?}");
        debug.split([' ', '(']).next().unwrap_or_default().to_owned()
    };
    let told = |problem: &Problem| serde_json::from_slice(&body(problem)).unwrap_or_default();
    rows.iter().map(|problem| (name(problem), problem.answer().status.as_u16(), told(problem))).collect()
}

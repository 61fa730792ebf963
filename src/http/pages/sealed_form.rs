//! A form that is sealed over what it shows and may want the password once more: of consent, and of one-time passwords.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use secrecy::SecretString;

use crate::app::App;
use crate::domain::session::{SignInError, sign_in};
use crate::http::error::Problem;
use crate::http::extract::{Caller, SignedIn, client_address};
use crate::http::views::consent::PasswordProblem;
use crate::model::Fields;

/// How long after the password was given a scope that changes things may be granted without it (`security.md C6`).
const FRESH: Duration = Duration::from_mins(10);

/// Those of the named fields that were sent, in the order of the names.
pub(super) fn sent_fields(fields: &Fields, names: &[&str]) -> Vec<(String, String)> {
    let value = |name: &str| fields.get(name).ok().flatten().map(str::to_owned);
    let sent = |name: &str| value(name).map(|value| (name.to_owned(), value));
    // An optional field that is empty means absent, but for the redirect: there empty is refused before this.
    names.iter().copied().filter_map(sent).filter(|(_, value)| !value.is_empty()).collect()
}

/// The mark that binds a form to what it shows; nothing for programs, whose requests carry their own fields.
pub(super) fn seal(app: &App, caller: &Caller, purpose: &str, shown: &[(String, String)]) -> String {
    caller.signed_in().map(|signed_in| app.sealer.mac(purpose, &parts(signed_in, shown))).unwrap_or_default()
}

// A browser turns every line break of a hidden field into CR LF before it posts it, so line breaks count as one.
fn parts(signed_in: &SignedIn, fields: &[(String, String)]) -> Vec<Vec<u8>> {
    let one_kind = |value: &str| value.replace("\r\n", "\n").replace('\r', "\n").into_bytes();
    let pairs = fields.iter().flat_map(|(name, value)| [name.clone().into_bytes(), one_kind(value)]);
    std::iter::once(signed_in.session.to_string().into_bytes()).chain(pairs).collect()
}

pub(super) fn query(fields: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Checks that a form came back for exactly what was shown.
pub(super) fn check_seal(
    app: &App,
    signed_in: &SignedIn,
    purpose: &str,
    posted: &Fields,
    shown: &[(String, String)],
) -> Result<(), Problem> {
    let posted = posted.get("authenticity_token")?.unwrap_or_default();
    let mac = posted.split_once('~').map(|(_, mac)| mac).unwrap_or_default();
    if app.sealer.verify(purpose, &parts(signed_in, shown), mac) { Ok(()) } else { Err(Problem::tampered()) }
}

/// What is wrong with the password that was given once more.
pub(super) async fn password_problem(
    app: &App,
    request: &HttpRequest,
    signed_in: &SignedIn,
    fields: &Fields,
) -> Result<Option<PasswordProblem>, Problem> {
    let Some(password) = fields.filled("password")? else { return Ok(Some(PasswordProblem::Missing)) };
    let (name, address) = (signed_in.user.username.as_str(), client_address(request, app));
    match sign_in(&app.cx, name, SecretString::from(password.to_owned()), address).await {
        Ok(_) => Ok(None),
        Err(SignInError::Wrong) => Ok(Some(PasswordProblem::Wrong)),
        Err(SignInError::Limited(refused)) => {
            Ok(Some(PasswordProblem::TooManyTries { seconds: refused.retry_after.as_secs() }))
        }
        Err(other) => Err(other.into()),
    }
}

/// Whether the password was given too long ago to let an application change things.
pub(super) fn password_needed(app: &App, caller: &Caller) -> bool {
    caller.signed_in().is_some_and(|signed_in| app.cx.now().since(signed_in.since) > FRESH)
}

/// How a question is sent whose password was wrong.
pub(super) const fn password_status(problem: Option<PasswordProblem>) -> (StatusCode, Option<u64>) {
    match problem {
        None => (StatusCode::OK, None),
        Some(PasswordProblem::TooManyTries { seconds }) => (StatusCode::TOO_MANY_REQUESTS, Some(seconds)),
        Some(PasswordProblem::Missing | PasswordProblem::Wrong) => (StatusCode::FORBIDDEN, None),
    }
}

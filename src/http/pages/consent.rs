//! The consent page: what it shows, and whether its form came back as it was sent.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::authorize::current_user;
use super::login::seal_return;
use super::scopes::{scope_label, scope_line};
use super::sealed_form::{check_seal, password_needed, password_problem, password_status, query, seal, sent_fields};
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::authorize::{AuthorizationRequest, Consent, FingerprintHistory, consider};
use crate::http::error::Problem;
use crate::http::extract::{Caller, Csrf, TokenFrom};
use crate::http::views::consent::{
    ConsentPage, Fingerprint, KeyHistory, PasswordProblem, PasswordQuestion, RequestLimits, Standing,
};
use crate::http::views::destination::{Destination, WebAddress};
use crate::http::views::expiry::Expiry;
use crate::http::views::scope::ScopeLine;
use crate::model::{self, Fields, KeyRules, RedirectUri, Timestamp, User};

/// The fields of the consent form, in the order in which they are sealed. The user approves these and no others
/// (`security.md C7`).
const FIELDS: [&str; 10] = [
    "application_name",
    "public_key",
    "nonce",
    "client_id",
    "scopes",
    "auth_redirect",
    "redirect_uri",
    "push_url",
    "padding",
    "expires_in_seconds",
];

/// What the seal of the consent form is for.
const PURPOSE: &str = "consent";

/// What a posted consent form amounts to.
pub(super) enum Answered {
    /// Go on.
    Yes,
    /// Show this page: a password is needed first.
    Again(HttpResponse),
}

/// The JSON model `ready`: every member present, null where unset (`C-046`).
pub(super) fn model(app: &App, user: &User, wish: &AuthorizationRequest, known: &Consent) -> Result<Value, Problem> {
    let raw = |name| wish.raw.get(name).map_err(Problem::from);
    let labels: Vec<String> = wish.scopes.iter().map(|scope| scope_label(app, scope)).collect();
    Ok(json!({
        "state": "ready",
        "application_name": wish.application_name.as_str(),
        "public_key": wish.public_key_text,
        "nonce": wish.nonce.as_str(),
        "client_id": wish.client_id.as_str(),
        "auth_redirect": wish.auth_redirect.as_ref().map(RedirectUri::as_str),
        "redirect_uri": wish.auth_redirect.as_ref().and_then(RedirectUri::host_label),
        "push_url": raw("push_url")?,
        "localized_scopes": labels,
        "scopes": raw("scopes")?,
        "write_scope": wish.scopes.has("write"),
        "padding": raw("padding")?,
        "expires_in_seconds": wish.expires_in.map(model::ExpiresIn::seconds),
        "expires_at": known.expires_at.map(Timestamp::iso_seconds),
        "current_user": current_user(app, user),
    }))
}

/// The page; `problem` is what was wrong with the password given on it before.
pub(super) fn page(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &AuthorizationRequest,
    known: &Consent,
    problem: Option<PasswordProblem>,
) -> HttpResponse {
    let fields = sent_fields(&wish.raw, &FIELDS);
    let csrf = Csrf::of(app, request, caller);
    let token = format!("{}~{}", csrf.token, seal(app, caller, PURPOSE, &shown(wish)));
    let again = format!("{}/user-api-key/new?{}", app.public_url.base_path(), query(&fields));
    let hidden = std::iter::once(("authenticity_token".to_owned(), token)).chain(fields);
    let page = ConsentPage {
        destination: destination(wish),
        fields: hidden.collect(),
        sealed_return: seal_return(app, &again),
        ..question(app, request, caller, wish, known, problem)
    };
    let (status, retry_after) = password_status(problem);
    let form_action = wish.auth_redirect.as_ref().map(RedirectUri::form_action);
    Shell { status, form_action, isolated: false, cookie: csrf.cookie, retry_after }.send(&page)
}

/// What the page says of the application and its wish, the same for every way to ask; where the key goes and what the form
/// sends is the way's to say.
pub(super) fn question(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &AuthorizationRequest,
    known: &Consent,
    problem: Option<PasswordProblem>,
) -> ConsentPage {
    let rules = &app.cx.rules;
    ConsentPage {
        frame: frame(app, request, caller),
        application: wish.application_name.clone(),
        standing: standing(wish.registered_since),
        destination: Destination::ShownHere,
        push_to: wish.push_url.as_ref().and_then(|url| RedirectUri::parse(url.as_str()).ok()).and_then(|url| web(&url)),
        scopes: scope_lines(app, wish, known),
        expiry: shown_expiry(rules, app.cx.now(), known.expires_at),
        limits: RequestLimits {
            per_minute: rules.max_user_api_reqs_per_minute,
            per_day: rules.max_user_api_reqs_per_day,
        },
        fingerprint: fingerprint(wish, known),
        approved_before: known.before.as_ref().map(|before| before.approved_at),
        password: (dangerous(app, wish) && password_needed(app, caller)).then_some(PasswordQuestion { problem }),
        fields: Vec::new(),
        sealed_return: String::new(),
    }
}

/// What is wrong with the password on a form that grants what changes things, if one is needed there (`security.md C6`).
pub(super) async fn check_password(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &AuthorizationRequest,
    fields: &Fields,
) -> Result<Option<PasswordProblem>, Problem> {
    match caller.signed_in().filter(|_| dangerous(app, wish) && password_needed(app, caller)) {
        Some(signed_in) => password_problem(app, request, signed_in, fields).await,
        None => Ok(None),
    }
}

/// Judges a posted consent form: a token from the form must seal exactly the fields that came, and what changes things
/// needs a fresh password. A request whose token is in the header carries its own fields, as the protocol has it.
pub(super) async fn check(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &AuthorizationRequest,
    fields: &Fields,
    token: TokenFrom,
) -> Result<Answered, Problem> {
    let Some(signed_in) = caller.signed_in().filter(|_| token == TokenFrom::Form) else { return Ok(Answered::Yes) };
    check_seal(app, signed_in, PURPOSE, fields, &shown(wish))?;
    match check_password(app, request, caller, wish, fields).await? {
        None => Ok(Answered::Yes),
        Some(problem) => {
            let known = consider(&app.cx, &signed_in.user, wish).await?;
            Ok(Answered::Again(page(app, request, caller, wish, &known, Some(problem))))
        }
    }
}

fn dangerous(app: &App, wish: &AuthorizationRequest) -> bool {
    wish.scopes.iter().any(|scope| app.cx.scopes.is_dangerous(scope))
}

/// Whether the site knows the application.
pub(super) fn standing(registered_since: Option<Timestamp>) -> Standing {
    registered_since.map_or(Standing::SelfNamed, |since| Standing::Registered { since })
}

/// What the form is bound to: its fields and, for a registered application, what was shown in place of fields.
fn shown(wish: &AuthorizationRequest) -> Vec<(String, String)> {
    let facts = |since: Timestamp| {
        let key = wish.public_key.fingerprint().to_hex();
        ("registered".to_owned(), format!("{} {key} {}", since.as_micros(), wish.application_name.as_str()))
    };
    sent_fields(&wish.raw, &FIELDS).into_iter().chain(wish.registered_since.map(facts)).collect()
}

fn scope_lines(app: &App, wish: &AuthorizationRequest, known: &Consent) -> Vec<ScopeLine> {
    let new = |scope: &model::Scope| known.before.as_ref().is_some_and(|before| !before.scopes.contains(scope));
    wish.scopes.iter().map(|scope| scope_line(app, scope, new(scope))).collect()
}

fn fingerprint(wish: &AuthorizationRequest, known: &Consent) -> Fingerprint {
    let history = match known.history {
        FingerprintHistory::FirstTime => KeyHistory::FirstTime,
        FingerprintHistory::SameAs(then) => KeyHistory::SameAs(then),
        FingerprintHistory::ChangedSince(then) => KeyHistory::ChangedSince(then),
    };
    Fingerprint { shown: wish.public_key.fingerprint().short(), history }
}

/// How long a key made at an instant works, as a person sees it.
pub(super) fn shown_expiry(rules: &KeyRules, made: Timestamp, expires_at: Option<Timestamp>) -> Expiry {
    match (rules.ends_by_age(made, expires_at), rules.revoke_user_api_keys_unused_days) {
        (Some(day), _) => Expiry::On(day),
        (None, 0) => Expiry::UntilEnded,
        (None, days) => Expiry::UntilUnused { days },
    }
}

/// Where the key goes, as a person sees it.
pub(super) fn destination(wish: &AuthorizationRequest) -> Destination {
    wish.auth_redirect.as_ref().map_or(Destination::ShownHere, shown_destination)
}

/// The same for a stored redirect.
pub(super) fn shown_destination(redirect: &RedirectUri) -> Destination {
    match redirect.destination() {
        model::Destination::Loopback { host, port } => Destination::OnThisComputer { host, port: Some(port) },
        model::Destination::Private { scheme } => Destination::AppScheme { scheme },
        web_address @ model::Destination::Web { .. } => {
            address(web_address).map_or(Destination::ShownHere, Destination::Web)
        }
    }
}

fn web(url: &RedirectUri) -> Option<WebAddress> {
    address(url.destination())
}

fn address(destination: model::Destination) -> Option<WebAddress> {
    match destination {
        model::Destination::Web { scheme, host, host_unicode, port } => {
            let scheme = (scheme != "https").then_some(scheme);
            Some(WebAddress { scheme, host, readable: host_unicode, port })
        }
        model::Destination::Loopback { .. } | model::Destination::Private { .. } => None,
    }
}

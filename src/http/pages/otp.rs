//! `/user-api-key/otp`: an application asks to sign its user in (sections 10.1 and 10.2 of the protocol).

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde_json::json;

use super::authorize::{hand_over, not_allowed, refused_page};
use super::consent::{shown_destination, standing};
use super::login::{seal_return, sign_in_first};
use super::sealed_form::{check_seal, password_needed, password_problem, password_status, query, seal, sent_fields};
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::authorize::Refusal;
use crate::domain::otp::{OtpRequest, check_may_make, make};
use crate::http::api::json_ok;
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Csrf, Format, Query, TokenFrom, check_csrf, origin};
use crate::http::middleware::NoStore;
use crate::http::views::consent::{PasswordProblem, PasswordQuestion};
use crate::http::views::handed_over::HandedOverPage;
use crate::http::views::otp::OtpPage;
use crate::model::Fields;

/// The fields of the form, in the order in which they are sealed (`security.md C7`).
const FIELDS: [&str; 5] = ["application_name", "public_key", "auth_redirect", "redirect_uri", "padding"];

/// What the seal of the form is for.
const PURPOSE: &str = "otp";

/// The question, or its model.
pub(in crate::http) async fn get_otp(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Query,
    format: Format,
) -> Result<HttpResponse, Problem> {
    request.extensions_mut().insert(NoStore);
    let wish = OtpRequest::read(&app.cx, &fields.0).await??;
    let Some(user) = caller.user() else { return Ok(sign_in_first(&app, &request)) };
    if format == Format::Json {
        return Ok(json_ok(&json!({
            "application_name": wish.application_name.as_str(),
            "public_key": wish.raw.get("public_key")?,
            "auth_redirect": wish.auth_redirect.as_str(),
            "padding": wish.raw.get("padding")?,
        })));
    }
    // Programs are told when they post; a person is told before they answer.
    match check_may_make(&app.cx, user) {
        Ok(()) => Ok(page(&app, &request, &caller, &wish, None)),
        Err(Refusal::NotAllowed(_)) => Ok(not_allowed(&app, &request, &caller, wish.application_name)),
        Err(refusal) => Ok(refused_page(&app, &request, &caller, Some(wish.application_name), &refusal)),
    }
}

/// The answer.
pub(in crate::http) async fn post_otp(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let user = caller.known()?;
    let token = check_csrf(&app, &request, &caller, &fields.0)?;
    request.extensions_mut().insert(NoStore);
    let wish = OtpRequest::read(&app.cx, &fields.0).await??;
    if let Some(problem) = check(&app, &request, &caller, &wish, &fields.0, token).await? {
        return Ok(page(&app, &request, &caller, &wish, Some(problem)));
    }
    let url = make(&app.cx, user, &wish, origin(&request, &app, &caller)).await?;
    if format == Format::Json {
        return Ok(json_ok(&json!({ "redirect_url": url })));
    }
    Ok(hand_over(&HandedOverPage {
        frame: frame(&app, &request, &caller),
        application: wish.application_name,
        destination: shown_destination(&wish.auth_redirect),
        link: url,
    }))
}

/// As for the consent form: a token from the form must seal what was shown, and the password must be fresh.
async fn check(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &OtpRequest,
    fields: &Fields,
    token: TokenFrom,
) -> Result<Option<PasswordProblem>, Problem> {
    let Some(signed_in) = caller.signed_in().filter(|_| token == TokenFrom::Form) else { return Ok(None) };
    check_seal(app, signed_in, PURPOSE, fields, &shown(wish))?;
    if password_needed(app, caller) { password_problem(app, request, signed_in, fields).await } else { Ok(None) }
}

fn page(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &OtpRequest,
    problem: Option<PasswordProblem>,
) -> HttpResponse {
    let fields = sent_fields(&wish.raw, &FIELDS);
    let csrf = Csrf::of(app, request, caller);
    let token = format!("{}~{}", csrf.token, seal(app, caller, PURPOSE, &shown(wish)));
    let again = format!("{}/user-api-key/otp?{}", app.public_url.base_path(), query(&fields));
    let hidden = std::iter::once(("authenticity_token".to_owned(), token)).chain(fields);
    let page = OtpPage {
        frame: frame(app, request, caller),
        application: wish.application_name.clone(),
        standing: standing(wish.registered_since),
        destination: shown_destination(&wish.auth_redirect),
        password: password_needed(app, caller).then_some(PasswordQuestion { problem }),
        fields: hidden.collect(),
        sealed_return: seal_return(app, &again),
    };
    let (status, retry_after) = password_status(problem);
    let form_action = Some(wish.auth_redirect.form_action());
    Shell { form_action, cookie: csrf.cookie, retry_after, ..Shell::with_status(status) }.send(&page)
}

/// What the form is bound to: its fields, and the registration that gave the shown name.
fn shown(wish: &OtpRequest) -> Vec<(String, String)> {
    let name = wish.application_name.as_str();
    let since = wish.registered_since.map(|since| ("registered".to_owned(), format!("{} {name}", since.as_micros())));
    sent_fields(&wish.raw, &FIELDS).into_iter().chain(since).collect()
}

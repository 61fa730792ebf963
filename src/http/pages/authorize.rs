//! `/user-api-key/new` and `/user-api-key`: the handshake's two requests (sections 2 to 4 of the protocol).

use actix_web::http::header::LOCATION;
use actix_web::http::{StatusCode, header::HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest as _, HttpMessage, HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::consent::{self, Answered};
use super::login::sign_in_first;
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::authorize::{Approved, AuthorizationRequest, Refusal, approve, consider};
use crate::domain::clients;
use crate::http::api::{avatar_template, json_ok};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Format, Query, TokenFrom, check_csrf, origin};
use crate::http::middleware::NoStore;
use crate::http::views::handed_over::HandedOverPage;
use crate::http::views::not_allowed::NotAllowedPage;
use crate::http::views::refused::RefusedPage;
use crate::http::views::result::ResultPage;
use crate::model::{ApplicationName, Client, Fields, User};

/// Says what this site speaks; never looks at parameters (`C-029`, `C-030`).
pub(in crate::http) async fn head_authorize(app: Data<App>, request: HttpRequest) -> HttpResponse {
    request.extensions_mut().insert(NoStore);
    let mut response = HttpResponse::Ok();
    response.insert_header((HeaderName::from_static("auth-api-version"), "4"));
    if app.cx.rules.allow_device_authorization {
        response.insert_header((HeaderName::from_static("auth-api-device-code"), "true"));
    }
    response.finish()
}

/// The consent page, or its model.
pub(in crate::http) async fn get_authorize(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Query,
    format: Format,
) -> Result<HttpResponse, Problem> {
    request.extensions_mut().insert(NoStore);
    let client = clients::of_request(&app.cx, &fields.0).await?;
    let wish = match AuthorizationRequest::parse(&fields.0, client.as_ref(), &app.cx.rules, &app.cx.scopes) {
        Ok(wish) => wish,
        Err(refusal) => {
            let application = claimed_name(&fields.0, client.as_ref());
            return refused(&app, &request, &caller, application, format, refusal);
        }
    };
    let Some(user) = caller.user() else { return Ok(sign_in_first(&app, &request)) };
    if app.cx.check_may_approve(user).is_err() {
        return Ok(match format {
            Format::Json => json_ok(&json!({
                "state": "no_trust_level",
                "application_name": wish.application_name.as_str(),
                "current_user": current_user(&app, user),
            })),
            Format::Html => not_allowed(&app, &request, &caller, wish.application_name),
        });
    }
    if let Err(reserved) = app.cx.scopes.check_held(&wish.scopes, user) {
        return refused(&app, &request, &caller, Some(wish.application_name), format, reserved.into());
    }
    let known = consider(&app.cx, user, &wish).await?;
    match format {
        Format::Json => Ok(json_ok(&consent::model(&app, user, &wish, &known)?)),
        Format::Html => Ok(consent::page(&app, &request, &caller, &wish, &known, None)),
    }
}

/// What GET does with a refusal: mostly a 200 that says so (`C-036`…`C-043`), with our reason and message.
fn refused(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    application: Option<ApplicationName>,
    format: Format,
    refusal: Refusal,
) -> Result<HttpResponse, Problem> {
    if matches!(refusal, Refusal::Missing(_) | Refusal::Repeated(_) | Refusal::Padding(_) | Refusal::TwoRedirects) {
        return Err(refusal.into());
    }
    if format == Format::Json {
        let (reason, message) = (refusal.reason(), refusal.to_string());
        return Ok(json_ok(&json!({ "state": "generic_error", "reason": reason, "message": message })));
    }
    Ok(refused_page(app, request, caller, application, &refusal))
}

/// The page that says what is wrong with a request.
pub(super) fn refused_page(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    application: Option<ApplicationName>,
    refusal: &Refusal,
) -> HttpResponse {
    let (reason, message) = (refusal.reason().to_owned(), refusal.to_string());
    Shell::default().send(&RefusedPage { frame: frame(app, request, caller), application, reason, message })
}

/// What a page calls an application whose request is not, or not yet, taken apart: a registered one by its own name, any
/// other by what it claims.
pub(super) fn claimed_name(fields: &Fields, client: Option<&Client>) -> Option<ApplicationName> {
    let registered = client.filter(|client| client.registration.is_some());
    let claim = || ApplicationName::parse(fields.get("application_name").ok().flatten()?).ok();
    registered.map(|client| client.application_name.clone()).or_else(claim)
}

/// The page that says which group is needed.
pub(super) fn not_allowed(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    application: ApplicationName,
) -> HttpResponse {
    let groups = app.cx.rules.user_api_key_allowed_groups.iter().map(ToString::to_string).collect();
    let frame = frame(app, request, caller);
    Shell::default().send(&NotAllowedPage { frame, application, groups })
}

/// `{username, avatar_template}`, as the models carry it.
pub(super) fn current_user(app: &App, user: &User) -> Value {
    json!({ "username": user.username.as_str(), "avatar_template": avatar_template(app, user) })
}

/// The approval.
pub(in crate::http) async fn post_authorize(
    app: Data<App>,
    request: HttpRequest,
    fields: Body,
    format: Format,
) -> Result<HttpResponse, Problem> {
    // Both ask the database, and neither needs the other's answer.
    let (caller, client) = tokio::join!(Caller::extract(&request), clients::of_request(&app.cx, &fields.0));
    let caller = caller?;
    let user = caller.known()?;
    let token = check_csrf(&app, &request, &caller, &fields.0)?;
    request.extensions_mut().insert(NoStore);
    let fields = if token == TokenFrom::Form { fields.0.with_line_feeds() } else { fields.0 };
    let wish = AuthorizationRequest::parse(&fields, client?.as_ref(), &app.cx.rules, &app.cx.scopes)?;
    if let Answered::Again(page) = consent::check(&app, &request, &caller, &wish, &fields, token).await? {
        return Ok(page);
    }
    let approved = approve(&app.cx, user, &wish, origin(&request, &app, &caller)).await?;
    Ok(answer(&app, &request, &caller, &wish, &approved, format))
}

fn answer(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    wish: &AuthorizationRequest,
    approved: &Approved,
    format: Format,
) -> HttpResponse {
    let application = wish.application_name.clone();
    match (&approved.handover, format) {
        (Some(url), Format::Json) => json_ok(&json!({ "redirect_url": url })),
        (None, Format::Json) => {
            let instructions = app.words.say("result-instructions").application(&application).to_string();
            json_ok(&json!({ "payload": approved.payload, "instructions": instructions }))
        }
        (None, Format::Html) => {
            let page =
                ResultPage { frame: frame(app, request, caller), application, payload: approved.payload.clone() };
            Shell::default().send(&page)
        }
        (Some(url), Format::Html) => {
            let page = HandedOverPage {
                frame: frame(app, request, caller),
                application,
                destination: consent::destination(wish),
                link: url.clone(),
            };
            hand_over(&page)
        }
    }
}

/// The redirect to the application, with a page for browsers that cannot follow it.
pub(super) fn hand_over(page: &HandedOverPage) -> HttpResponse {
    let mut response = Shell::with_status(StatusCode::FOUND).send(page);
    match page.link.parse() {
        Ok(location) => drop(response.headers_mut().insert(LOCATION, location)),
        Err(_not_a_header) => return HttpResponse::InternalServerError().finish(),
    }
    response
}

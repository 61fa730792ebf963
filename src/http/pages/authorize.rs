//! `/user-api-key/new` and `/user-api-key`: the handshake's two requests (sections 2 to 4 of the protocol).

use actix_web::http::header::LOCATION;
use actix_web::http::{StatusCode, header::HeaderName};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::consent::{self, Answered};
use super::login_url;
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::authorize::{Approved, AuthorizationRequest, Refusal, approve, consider};
use crate::http::api::{avatar_template, json_ok};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Format, Query, TokenFrom, check_csrf, origin};
use crate::http::middleware::NoStore;
use crate::http::views::handed_over::HandedOverPage;
use crate::http::views::not_allowed::NotAllowedPage;
use crate::http::views::refused::RefusedPage;
use crate::http::views::result::ResultPage;
use crate::model::{ApplicationName, Fields, User};

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
    let wish = match AuthorizationRequest::parse(&fields.0, &app.cx.rules, &app.cx.scopes) {
        Ok(wish) => wish,
        Err(refusal) => return refused(&app, &request, &caller, &fields.0, format, refusal),
    };
    let Some(user) = caller.user() else {
        let here = format!("{}?{}", request.path(), request.query_string());
        return Ok(HttpResponse::Found().insert_header((LOCATION, login_url(&app, Some(&here)))).finish());
    };
    if app.cx.check_may_approve(user).is_err() {
        return Ok(not_allowed(&app, &request, &caller, user, &wish, format));
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
    fields: &Fields,
    format: Format,
    refusal: Refusal,
) -> Result<HttpResponse, Problem> {
    if matches!(refusal, Refusal::Missing(_) | Refusal::Repeated(_) | Refusal::Padding(_) | Refusal::TwoRedirects) {
        return Err(refusal.into());
    }
    let (reason, message) = (refusal.reason(), refusal.to_string());
    if format == Format::Json {
        return Ok(json_ok(&json!({ "state": "generic_error", "reason": reason, "message": message })));
    }
    let name = fields.get("application_name").ok().flatten();
    let application = name.and_then(|name| ApplicationName::parse(name).ok());
    let page = RefusedPage { frame: frame(app, request, caller), application, reason: reason.to_owned(), message };
    Ok(Shell::default().send(&page))
}

fn not_allowed(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    user: &User,
    wish: &AuthorizationRequest,
    format: Format,
) -> HttpResponse {
    if format == Format::Json {
        return json_ok(&json!({
            "state": "no_trust_level",
            "application_name": wish.application_name.as_str(),
            "current_user": current_user(app, user),
        }));
    }
    let groups = app.cx.rules.user_api_key_allowed_groups.iter().map(ToString::to_string).collect();
    let frame = frame(app, request, caller);
    Shell::default().send(&NotAllowedPage { frame, application: wish.application_name.clone(), groups, contact: None })
}

/// `{username, avatar_template}`, as the models carry it.
pub(super) fn current_user(app: &App, user: &User) -> Value {
    json!({ "username": user.username.as_str(), "avatar_template": avatar_template(app) })
}

/// The approval.
pub(in crate::http) async fn post_authorize(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let user = caller.known()?;
    let token = check_csrf(&app, &request, &caller, &fields.0)?;
    request.extensions_mut().insert(NoStore);
    let fields = if token == TokenFrom::Form { fields.0.with_line_feeds() } else { fields.0 };
    let wish = AuthorizationRequest::parse(&fields, &app.cx.rules, &app.cx.scopes)?;
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
            let destination = consent::destination(wish);
            let frame = frame(app, request, caller);
            let page = HandedOverPage { frame, application, destination, link: url.clone() };
            let mut response = Shell::with_status(StatusCode::FOUND).send(&page);
            match url.parse() {
                Ok(location) => drop(response.headers_mut().insert(LOCATION, location)),
                Err(_not_a_header) => return HttpResponse::InternalServerError().finish(),
            }
            response
        }
    }
}

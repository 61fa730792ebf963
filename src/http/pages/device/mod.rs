//! `/user-api-key/activate` and the two answers: the user's side of the device flow (section 7 of the protocol).
//!
//! The handlers are here; what they answer, as JSON or as a page, is in `shown.rs`.

mod shown;

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use secrecy::ExposeSecret;

use self::shown::{Desk, Why};
use super::{consent, login_url};
use crate::app::App;
use crate::domain::device::{self, Entered, Facts, Here, Opened, Proof};
use crate::http::api::check_is_there;
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Format, Query, SignedIn, TokenFrom, check_csrf, client_address, origin};
use crate::http::middleware::NoStore;
use crate::http::views::consent::PasswordProblem;
use crate::model::{Fields, RequestToken};

const ACTIVATE: &str = "/user-api-key/activate";

/// The field for the code, or the request of a link.
pub(in crate::http) async fn get_activate(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Query,
    format: Format,
) -> Result<HttpResponse, Problem> {
    begin(&app, &request)?;
    let token = fields.0.filled("request")?;
    let Some(signed_in) = person(&caller)? else { return Ok(sign_in_first(&app, token)) };
    if fields.0.get("code")?.is_some() {
        // A code in an address was put there by somebody else than who types it (`C-147`, `security.md C9`).
        return Ok(see(&app.public_url.path(ACTIVATE)));
    }
    let desk = Desk { app: &app, request: &request, caller: &caller, format };
    let Some(token) = token else { return Ok(desk.enter_code(None)) };
    let here = here(&app, &request, signed_in);
    Ok(match device::look_up(&app.cx, &here, token).await? {
        Some(facts) => desk.linked(signed_in, &facts, None, None),
        None => desk.enter_code(Some(Why::Expired)),
    })
}

/// A typed code.
pub(in crate::http) async fn post_activate(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
    format: Format,
) -> Result<HttpResponse, Problem> {
    check_is_there(&app)?;
    check_csrf(&app, &request, &caller, &fields.0)?;
    begin(&app, &request)?;
    let Some(signed_in) = person(&caller)? else {
        return Ok(sign_in_first(&app, fields.0.filled("request")?));
    };
    let desk = Desk { app: &app, request: &request, caller: &caller, format };
    let here = here(&app, &request, signed_in);
    let typed = fields.0.get("code")?.unwrap_or_default();
    Ok(match device::enter(&app.cx, &here, typed).await? {
        Entered::Unknown => desk.enter_code(Some(Why::Unknown)),
        Entered::Expired => desk.enter_code(Some(Why::Expired)),
        Entered::NotAllowed(facts) => desk.not_allowed(signed_in, &facts),
        Entered::Yours(facts, token) => desk.typed(signed_in, &facts, token.expose_secret(), None),
    })
}

/// Yes.
pub(in crate::http) async fn post_device_authorize(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let desk = Desk { app: &app, request: &request, caller: &caller, format };
    let (signed_in, here, from) = answering(&desk, &fields.0)?;
    app.cx.check_may_approve(&signed_in.user)?;
    let proof = proof(&fields.0)?;
    let facts = match device::open(&app.cx, &here, proof).await? {
        Opened::Expired => return Ok(desk.enter_code(Some(Why::Expired))),
        Opened::WrongCode(facts) => return Ok(desk.linked(signed_in, &facts, typed(proof), None)),
        Opened::Ready(facts) => facts,
    };
    if let Some(problem) = password_problem(&desk, &facts, &fields.0, from).await? {
        return Ok(match proof {
            Proof::Token(token) => desk.typed(signed_in, &facts, token, Some(problem)),
            Proof::Code { .. } => desk.linked(signed_in, &facts, None, Some(problem)),
        });
    }
    let token = if let Proof::Token(token) = proof { Some(token) } else { None };
    let done = device::authorize(&app.cx, &here, &facts, token, origin(&request, &app, &caller)).await?;
    Ok(if done { desk.allowed(&facts.wish.application_name) } else { desk.enter_code(Some(Why::Expired)) })
}

/// No.
pub(in crate::http) async fn post_device_deny(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let desk = Desk { app: &app, request: &request, caller: &caller, format };
    let (_, here, _) = answering(&desk, &fields.0)?;
    if fields.0.get("request")?.is_some() {
        // A link alone lets nobody refuse what another is about to allow (`C-179`).
        return Ok(desk.enter_code(Some(Why::Expired)));
    }
    let token = fields.0.filled("approval_token")?.ok_or(Problem::Missing("approval_token"))?;
    Ok(match device::deny(&app.cx, &here, token).await? {
        Some(refused) => desk.denied(refused.application),
        None => desk.enter_code(Some(Why::Expired)),
    })
}

fn begin(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    check_is_there(app)?;
    request.extensions_mut().insert(NoStore);
    Ok(())
}

/// Who answers on our page or by its token: a person, never a program (`C-165`).
fn answering<'d>(desk: &Desk<'d>, fields: &Fields) -> Result<(&'d SignedIn, Here<'d>, TokenFrom), Problem> {
    check_is_there(desk.app)?;
    let signed_in = person(desk.caller)?.ok_or(Problem::NotLoggedIn)?;
    let from = check_csrf(desk.app, desk.request, desk.caller, fields)?;
    begin(desk.app, desk.request)?;
    Ok((signed_in, here(desk.app, desk.request, signed_in), from))
}

/// The person at the browser; `None` before sign-in. A program with a key is refused: it could let others in, in its owner's
/// name, and approval tokens belong to sessions, of which it has none (`C-161`).
fn person(caller: &Caller) -> Result<Option<&SignedIn>, Problem> {
    match caller {
        Caller::Anonymous => Ok(None),
        Caller::User(signed_in) => Ok(Some(signed_in)),
        Caller::Key(_) => Err(Problem::forbidden()),
    }
}

fn here<'s>(app: &App, request: &HttpRequest, signed_in: &'s SignedIn) -> Here<'s> {
    Here { user: &signed_in.user, session: signed_in.session, address: client_address(request, app) }
}

/// To sign in, and back: with the token of a link if it is one, never with a code (`C-143`…`C-146`).
fn sign_in_first(app: &App, request: Option<&str>) -> HttpResponse {
    let token = request.and_then(RequestToken::parse);
    see(&login_url(app, Some(&shown::activate_path(app, token.as_ref()))))
}

fn see(address: &str) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, address)).finish()
}

/// With `request` there, an approval token is not looked at (`C-170`).
fn proof(fields: &Fields) -> Result<Proof<'_>, Problem> {
    let filled = |name| fields.filled(name).map_err(Problem::from);
    match filled("request")? {
        Some(request) => Ok(Proof::Code { request, code: fields.get("code")?.unwrap_or_default() }),
        None => filled("approval_token")?.map(Proof::Token).ok_or(Problem::Missing("approval_token")),
    }
}

const fn typed(proof: Proof<'_>) -> Option<&str> {
    match proof {
        Proof::Code { code, .. } => Some(code),
        Proof::Token(_) => None,
    }
}

/// Only the page asks for a password, as on the consent page (`security.md C6`).
async fn password_problem(
    desk: &Desk<'_>,
    facts: &Facts,
    fields: &Fields,
    from: TokenFrom,
) -> Result<Option<PasswordProblem>, Problem> {
    match from {
        TokenFrom::Header => Ok(None),
        TokenFrom::Form => consent::check_password(desk.app, desk.request, desk.caller, &facts.wish, fields).await,
    }
}

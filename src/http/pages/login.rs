//! Sign-in and sign-out. The waiting request travels through sign-in in a signed value of the page's own form: no
//! cookie to overwrite in another tab, no free redirect (`security.md W5`, deviation from `C-044`).

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use secrecy::{ExposeSecret as _, SecretString};
use url::form_urlencoded;

use super::authorize::claimed_name;
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::clients;
use crate::domain::session::{self, SignInError, sign_in};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Csrf, Query, check_csrf, client_address};
use crate::http::session_store::{TOKEN, token};
use crate::http::views::login::{LoginPage, LoginProblem};
use crate::model::{ApplicationName, Fields, User};

const PURPOSE: &str = "return";

/// The sign-in page's address, which leads back to a path of ours.
pub(in crate::http) fn login_url(app: &App, back_to: Option<&str>) -> String {
    let login = app.public_url.path("/login");
    back_to.map_or(login.clone(), |path| format!("{login}?return={}", seal_return(app, path)))
}

/// To sign in, and then back to what was asked for.
pub(super) fn sign_in_first(app: &App, request: &HttpRequest) -> HttpResponse {
    let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    HttpResponse::Found().insert_header((LOCATION, login_url(app, Some(asked)))).finish()
}

/// A path of ours, signed, for the field `return`.
pub(super) fn seal_return(app: &App, path: &str) -> String {
    app.sealer.seal(PURPOSE, path)
}

fn sealed_return(app: &App, fields: &Fields) -> Option<(String, String)> {
    let sealed = fields.get("return").ok().flatten()?;
    app.sealer.open(PURPOSE, sealed).map(|path| (sealed.to_owned(), path))
}

/// Begins a session: the old one, if any, ends, and the token is a new one (`security.md W4`).
pub(in crate::http) async fn begin_session(app: &App, state: &Session, user: &User) -> Result<(), Problem> {
    let token = session::begin(&app.cx, user.id, token(state).as_ref()).await?;
    state.clear();
    state.renew();
    state.insert(TOKEN, token.expose_secret()).map_err(Problem::internal)
}

/// Ends the caller's session, if there is one; a key is none.
pub(in crate::http) async fn end_session(app: &App, state: &Session, caller: &Caller) -> Result<(), Problem> {
    if let Some(signed_in) = caller.signed_in() {
        session::end(&app.cx, signed_in.session, signed_in.user.id).await?;
        state.purge();
    }
    Ok(())
}

/// The sign-in form.
pub(in crate::http) async fn get_login(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Query,
) -> Result<HttpResponse, Problem> {
    match caller.signed_in() {
        Some(signed_in) => Ok(go_on(&app, &signed_in.user, &fields.0)),
        None => form(&app, &request, &caller, &fields.0, None).await,
    }
}

/// Signs in, and leads back to what was waiting.
pub(in crate::http) async fn post_login(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    session: Session,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let fields = fields.0;
    if check_csrf(&app, &request, &caller, &fields).is_err() {
        return form(&app, &request, &caller, &fields, Some(LoginProblem::FormTooOld)).await;
    }
    let login = fields.get("login")?.unwrap_or_default();
    let password = SecretString::from(fields.get("password")?.unwrap_or_default().to_owned());
    let problem = match sign_in(&app.cx, login, password, client_address(&request, &app)).await {
        Ok(user) => {
            begin_session(&app, &session, &user).await?;
            return Ok(go_on(&app, &user, &fields));
        }
        Err(SignInError::Wrong) => LoginProblem::WrongNameOrPassword,
        Err(SignInError::Suspended) => LoginProblem::Suspended,
        Err(SignInError::Limited(refused)) => LoginProblem::TooManyTries { seconds: refused.retry_after.as_secs() },
        Err(other) => return Err(other.into()),
    };
    form(&app, &request, &caller, &fields, Some(problem)).await
}

/// Signs out.
pub(in crate::http) async fn post_logout(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    session: Session,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    caller.known()?;
    check_csrf(&app, &request, &caller, &fields.0)?;
    end_session(&app, &session, &caller).await?;
    let back_to = sealed_return(&app, &fields.0).map(|(_, path)| path);
    let next = back_to.map_or_else(|| app.public_url.path("/"), |path| login_url(&app, Some(&path)));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, next)).finish())
}

fn go_on(app: &App, user: &User, fields: &Fields) -> HttpResponse {
    let apps = || app.public_url.path(&format!("/u/{}/preferences/apps", user.username));
    let next = sealed_return(app, fields).map_or_else(apps, |(_, path)| path);
    HttpResponse::SeeOther().insert_header((LOCATION, next)).finish()
}

async fn form(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    fields: &Fields,
    problem: Option<LoginProblem>,
) -> Result<HttpResponse, Problem> {
    let csrf = Csrf::of(app, request, caller);
    let (sealed_return, path) = sealed_return(app, fields).unzip();
    let waiting = match path {
        Some(path) => waiting_application(app, &path).await?,
        None => None,
    };
    let page = LoginPage {
        frame: frame(app, request, caller),
        csrf: csrf.token,
        sealed_return,
        waiting,
        login: fields.get("login").ok().flatten().unwrap_or_default().to_owned(),
        problem,
    };
    let (status, retry_after) = match problem {
        None => (StatusCode::OK, None),
        Some(LoginProblem::TooManyTries { seconds }) => (StatusCode::TOO_MANY_REQUESTS, Some(seconds)),
        Some(_) => (StatusCode::FORBIDDEN, None),
    };
    Ok(Shell { cookie: csrf.cookie, retry_after, ..Shell::with_status(status) }.send(&page))
}

async fn waiting_application(app: &App, path: &str) -> Result<Option<ApplicationName>, Problem> {
    let Some((_, query)) = path.split_once('?') else { return Ok(None) };
    let fields = Fields::new(form_urlencoded::parse(query.as_bytes()).into_owned().collect());
    let client = clients::of_request(&app.cx, &fields).await?;
    Ok(claimed_name(&fields, client.as_ref()))
}

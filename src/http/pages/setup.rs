//! Set-up: the link printed at the first start makes the first administrator.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use secrecy::SecretString;

use super::login::begin_session;
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::accounts::{self, AccountError};
use crate::domain::session;
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Csrf, check_csrf, origin};
use crate::http::views::setup::{FieldProblem, SetupPage, SetupProblems};
use crate::http::views::welcome::WelcomePage;
use crate::model::{Email, Fields, NewUser, Staff, TrustLevel, Username};

const LEAST_PASSWORD: u32 = 10;
const MOST_PASSWORD: u32 = 200;

/// Whether the link is the one that was printed, and still good.
async fn check_link(app: &App, token: &str) -> Result<(), Problem> {
    if !app.setup.is(token) || !accounts::needs_set_up(&app.cx).await? {
        return Err(Problem::SetUpOver);
    }
    Ok(())
}

/// The set-up form.
pub(in crate::http) async fn get_setup(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    check_link(&app, &token).await?;
    Ok(form(&app, &request, &caller, &token, &Fields::default(), SetupProblems::default()))
}

/// Makes the first administrator and signs them in.
pub(in crate::http) async fn post_setup(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    session: Session,
    token: Path<String>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    check_link(&app, &token).await?;
    check_csrf(&app, &request, &caller, &fields.0)?;
    let (account, password) = match parse(&fields.0)? {
        Ok(parsed) => parsed,
        Err(problems) => return Ok(form(&app, &request, &caller, &token, &fields.0, problems)),
    };
    match accounts::set_up(&app.cx, account, password, origin(&request, &app, &caller)).await {
        Ok(id) => {
            let user = session::user(&app.cx, id).await?.ok_or(Problem::NotFound)?;
            begin_session(&app, &session, &user).await?;
            Ok(HttpResponse::SeeOther().insert_header((LOCATION, app.public_url.path("/welcome"))).finish())
        }
        Err(AccountError::UsernameTaken(_)) => {
            let problems = SetupProblems { username: Some(FieldProblem::UsernameTaken), ..SetupProblems::default() };
            Ok(form(&app, &request, &caller, &token, &fields.0, problems))
        }
        Err(AccountError::EmailTaken) => {
            let problems = SetupProblems { email: Some(FieldProblem::EmailTaken), ..SetupProblems::default() };
            Ok(form(&app, &request, &caller, &token, &fields.0, problems))
        }
        Err(other) => Err(other.into()),
    }
}

/// What to do next, for administrators.
pub(in crate::http) async fn get_welcome(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    if !caller.known()?.staff.admin {
        return Err(Problem::forbidden());
    }
    let page = WelcomePage {
        frame: frame(&app, &request, &caller),
        connect_command: format!("hallpass connect {}", app.public_url.join("")),
        settings_command: "hallpass config sample > hallpass.sample.toml".to_owned(),
        user_command: "hallpass user create NAME --password-stdin".to_owned(),
    };
    Ok(Shell::isolated().send(&page))
}

type Parsed = Result<(NewUser, SecretString), SetupProblems>;

fn parse(fields: &Fields) -> Result<Parsed, Problem> {
    let text = |name| Ok::<_, Problem>(fields.get(name)?.unwrap_or_default());
    let (password, again) = (text("password")?, text("password_again")?);
    let username = Username::parse(text("username")?);
    let email = fields.filled("email")?.map(Email::parse).transpose();
    let problems = SetupProblems {
        username: match &username {
            Err(_) if text("username")?.is_empty() => Some(FieldProblem::Missing),
            Err(_) => Some(FieldProblem::UsernameShape),
            Ok(_) => None,
        },
        email: email.is_err().then_some(FieldProblem::EmailShape),
        password: password_problem(password),
        password_again: (password != again).then_some(FieldProblem::PasswordsDiffer),
    };
    Ok(match (username, email) {
        (Ok(username), Ok(email)) if problems == SetupProblems::default() => {
            Ok((administrator(username, email), SecretString::from(password.to_owned())))
        }
        _ => Err(problems),
    })
}

fn password_problem(password: &str) -> Option<FieldProblem> {
    match u32::try_from(password.chars().count()).unwrap_or(u32::MAX) {
        0 => Some(FieldProblem::Missing),
        1..LEAST_PASSWORD => Some(FieldProblem::PasswordTooShort { least: LEAST_PASSWORD }),
        LEAST_PASSWORD..=MOST_PASSWORD => None,
        _ => Some(FieldProblem::PasswordTooLong { most: MOST_PASSWORD }),
    }
}

fn administrator(username: Username, email: Option<Email>) -> NewUser {
    NewUser {
        username,
        name: String::new(),
        email,
        staff: Staff { admin: true, moderator: false },
        trust_level: TrustLevel::default(),
        named_groups: std::collections::BTreeSet::new(),
    }
}

fn form(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    token: &str,
    fields: &Fields,
    problems: SetupProblems,
) -> HttpResponse {
    let csrf = Csrf::of(app, request, caller);
    let text = |name| fields.get(name).ok().flatten().unwrap_or_default().to_owned();
    let status = if problems == SetupProblems::default() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = SetupPage {
        frame: frame(app, request, caller),
        csrf: csrf.token,
        token: token.to_owned(),
        least_password: LEAST_PASSWORD,
        username: text("username"),
        email: text("email"),
        problems,
    };
    Shell { cookie: csrf.cookie, isolated: true, ..Shell::with_status(status) }.send(&page)
}

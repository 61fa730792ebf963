//! Who is signed in, for programs: shapes of `clients.md` section 1.

use actix_session::Session;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{avatar_template, done, json_ok};
use crate::app::App;
use crate::domain::apps::{self, list};
use crate::domain::notifications::totals;
use crate::domain::session::{SignInError, sign_in};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Csrf, check_csrf, client_address};
use crate::http::pages;
use crate::model::{Totals, User, Username};

/// The caller; 404 without a body for nobody (`C-293`).
pub(in crate::http) async fn get_current(app: Data<App>, caller: Caller) -> Result<HttpResponse, Problem> {
    let Some(user) = caller.user() else { return Ok(HttpResponse::NotFound().finish()) };
    let mut current = as_json(&app, user);
    if let (Some(members), Value::Object(new)) =
        (current.as_object_mut(), what_is_new(&totals(&app.cx, user.id).await?))
    {
        members.extend(new);
    }
    Ok(json_ok(&json!({ "current_user": current })))
}

fn what_is_new(totals: &Totals) -> Value {
    json!({
        "unread_notifications": totals.unread,
        "unread_high_priority_notifications": totals.unread_high_priority,
        "all_unread_notifications_count": totals.all_unread,
        "unread_personal_messages": totals.personal_messages,
        "seen_notification_id": totals.seen_notification_id,
    })
}

fn as_json(app: &App, user: &User) -> Value {
    json!({
        "id": user.id.get(),
        "username": user.username.as_str(),
        "name": user.name,
        "avatar_template": avatar_template(app, user),
        "trust_level": user.trust_level.get(),
        "admin": user.staff.admin,
        "moderator": user.staff.moderator,
        "can_create_topic": false,
    })
}

/// A user with their applications (`C-299`): for themselves and for staff.
pub(in crate::http) async fn get_user(
    app: Data<App>,
    caller: Caller,
    username: Path<String>,
) -> Result<HttpResponse, Problem> {
    let username = Username::parse(&username).map_err(|_no_name| Problem::NotFound)?;
    let owner = apps::owner(&app.cx, caller.known()?, &username).await?;
    let keys = list(&app.cx, owner.id, None).await?;
    let mut user = as_json(&app, &owner);
    if let Some(members) = user.as_object_mut() {
        members.insert("user_api_keys".to_owned(), pages::keys_as_json(&app, &keys));
    }
    Ok(json_ok(&json!({ "user": user })))
}

/// A token for the next change, and the cookie it hangs on.
pub(in crate::http) async fn get_csrf(app: Data<App>, request: HttpRequest, caller: Caller) -> HttpResponse {
    let csrf = Csrf::of(&app, &request, &caller);
    let mut response = json_ok(&json!({ "csrf": csrf.token }));
    if let Some(cookie) = csrf.cookie {
        // A cookie we built ourselves always fits a header.
        drop(response.add_cookie(&cookie));
    }
    response
}

/// Signs in. What is wrong comes with 200, as this protocol has it.
pub(in crate::http) async fn post_session(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    session: Session,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    check_csrf(&app, &request, &caller, &fields.0)?;
    let login = fields.0.filled("login")?.ok_or(Problem::Missing("login"))?;
    let password = fields.0.get("password")?.ok_or(Problem::Missing("password"))?;
    let password = SecretString::from(password.to_owned());
    match sign_in(&app.cx, login, password, client_address(&request, &app)).await {
        Ok(user) => {
            pages::begin_session(&app, &session, &user).await?;
            Ok(json_ok(&json!({ "user": as_json(&app, &user) })))
        }
        Err(SignInError::Wrong) => Ok(json_ok(&json!({ "error": app.words.say("login-wrong").to_string() }))),
        Err(SignInError::Suspended) => {
            let error = app.words.say("login-suspended").to_string();
            Ok(json_ok(&json!({ "error": error, "reason": "suspended" })))
        }
        Err(other) => Err(other.into()),
    }
}

/// Signs out. A program that speaks with a key has no session to end and is told that all is well (`clients.md` 1).
pub(in crate::http) async fn delete_session(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    session: Session,
    username: Path<String>,
) -> Result<HttpResponse, Problem> {
    let user = caller.known()?;
    check_csrf(&app, &request, &caller, &crate::model::Fields::default())?;
    if user.username.folded() != username.to_lowercase() {
        return Err(Problem::forbidden());
    }
    pages::end_session(&app, &session, &caller).await?;
    Ok(done())
}

//! The applications of a user, and their end.

use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::consent::{shown_destination, shown_expiry};
use super::login::sign_in_first;
use super::scopes::{scope_label, scope_line};
use super::shell::{Shell, frame};
use crate::app::App;
use crate::domain::apps::{self, EndsBy, list};
use crate::domain::revoke::{Wisher, revoke, revoke_unused, undo_revoke};
use crate::http::api::json_ok;
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Format, Query, check_csrf, origin};
use crate::http::views::apps::{AppRow, AppState, AppsNotice, AppsPage, UNUSED_DAYS};
use crate::http::views::expiry::Soon;
use crate::model::{Fields, KeyId, KeyState, Timestamp, User, Username};

/// The list: a page for people, most recently used first; the protocol's array for programs, the other way round
/// (`C-299`).
pub(in crate::http) async fn get_apps(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    username: Path<String>,
    fields: Query,
    format: Format,
) -> Result<HttpResponse, Problem> {
    let Some(reader) = caller.user() else {
        return match format {
            Format::Json => Err(Problem::NotLoggedIn),
            Format::Html => Ok(sign_in_first(&app, &request)),
        };
    };
    let owner = owner(&app, reader, &username).await?;
    let ended = number(&fields.0, "ended");
    let apps = list(&app.cx, owner.id, ended).await?;
    if format == Format::Json {
        return Ok(json_ok(&json!({ "user_api_keys": keys_as_json(&app, &apps) })));
    }
    let page = AppsPage {
        frame: frame(&app, &request, &caller),
        owner: owner.username.to_string(),
        own: owner.id == reader.id,
        now: app.cx.now(),
        notice: notice(&apps, &fields.0),
        apps: apps.iter().rev().filter(|one| can_use_the_account(one)).map(|one| row(&app, one)).collect(),
    };
    Ok(Shell::isolated().send(&page))
}

/// The page is about what can use the account, or could again; an expired key cannot. The protocol's array keeps it.
const fn can_use_the_account(one: &apps::App) -> bool {
    !matches!(one.state, KeyState::Expired(_))
}

async fn owner(app: &App, reader: &User, username: &str) -> Result<User, Problem> {
    Ok(apps::owner(&app.cx, reader, &name(username)?).await?)
}

/// What is no user name is nobody's page, and must not come back as part of an address.
fn name(username: &str) -> Result<Username, Problem> {
    Username::parse(username).map_err(|_no_name| Problem::NotFound)
}

fn number(fields: &Fields, name: &str) -> Option<KeyId> {
    fields.get(name).ok().flatten()?.parse().ok()
}

fn notice(apps: &[apps::App], fields: &Fields) -> Option<AppsNotice> {
    let name = |id: KeyId| apps.iter().find(|one| one.key.id == id).map(|one| one.key.application_name.clone());
    let count = fields.get("ended_unused").ok().flatten().and_then(|count| count.parse().ok());
    let ended = number(fields, "ended").and_then(name).map(AppsNotice::Ended);
    let undone = || number(fields, "restored").and_then(name).map(AppsNotice::Undone);
    ended.or_else(undone).or(count.map(AppsNotice::UnusedEnded))
}

fn row(app: &App, one: &apps::App) -> AppRow {
    let key = &one.key;
    let day = one.standing.day;
    AppRow {
        id: key.id.to_string(),
        application: key.application_name.clone(),
        scopes: key.scopes.iter().map(|scope| scope_line(app, scope, false)).collect(),
        approved: key.created_at,
        last_used: (key.last_used_at > key.created_at).then_some(key.last_used_at),
        expiry: shown_expiry(&app.cx.rules, key.created_at, key.expires_at),
        soon: one.ends_soon(app.cx.now()).map(|(at, by)| soon(at, by)),
        before_until: one.before_until,
        push_is_off: one.push_is_off,
        received: key.auth_redirect.as_ref().map(shown_destination),
        used_today: day.quota.saturating_sub(day.remaining),
        per_day: day.quota,
        state: if matches!(one.state, KeyState::Revoked(_)) { AppState::Ended } else { AppState::Active },
    }
}

const fn soon(at: Timestamp, by: EndsBy) -> Soon {
    match by {
        EndsBy::Age => Soon::On(at),
        EndsBy::Disuse => Soon::UnlessUsed(at),
    }
}

/// The live keys as the protocol's JSON has them; null for none (`C-299`).
pub(in crate::http) fn keys_as_json(app: &App, apps: &[apps::App]) -> Value {
    let live = apps.iter().filter(|one| !matches!(one.state, KeyState::Revoked(_)));
    let keys: Vec<Value> = live.map(|one| as_json(app, one)).collect();
    if keys.is_empty() { Value::Null } else { Value::Array(keys) }
}

fn as_json(app: &App, one: &apps::App) -> Value {
    let key = &one.key;
    let labels: Vec<String> = key.scopes.iter().map(|scope| scope_label(app, scope)).collect();
    json!({
        "id": key.id.get(),
        "application_name": key.application_name.as_str(),
        "scopes": labels,
        "created_at": key.created_at.iso_millis(),
        "last_used_at": key.last_used_at.iso_millis(),
        "expires_at": key.expires_at.map(Timestamp::iso_seconds),
    })
}

/// Ends a key, then shows the list with the way to take it back.
pub(in crate::http) async fn post_end(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: Path<(String, KeyId)>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let (username, id) = (name(&path.0)?, path.1);
    let user = check(&app, &request, &caller, &fields)?;
    revoke(&app.cx, Wisher::User(user), Some(id), origin(&request, &app, &caller)).await?;
    Ok(back(&app, &username, &format!("?ended={id}")))
}

/// Takes the end of a key back.
pub(in crate::http) async fn post_undo(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: Path<(String, KeyId)>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let (username, id) = (name(&path.0)?, path.1);
    let user = check(&app, &request, &caller, &fields)?;
    undo_revoke(&app.cx, Wisher::User(user), Some(id), origin(&request, &app, &caller)).await?;
    Ok(back(&app, &username, &format!("?restored={id}")))
}

/// Ends everything that was not used for a long time.
pub(in crate::http) async fn post_end_unused(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    username: Path<String>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let user = check(&app, &request, &caller, &fields)?;
    let owner = owner(&app, user, &username).await?;
    if owner.id != user.id && !user.staff.admin {
        return Err(Problem::forbidden());
    }
    let count = revoke_unused(&app.cx, &owner, UNUSED_DAYS.into(), origin(&request, &app, &caller)).await?;
    Ok(back(&app, &owner.username, &format!("?ended_unused={count}")))
}

/// These forms are for people at a browser; programs have `/user-api-key/revoke`.
fn check<'a>(app: &App, request: &HttpRequest, caller: &'a Caller, fields: &Body) -> Result<&'a User, Problem> {
    let signed_in = caller.signed_in().ok_or(Problem::NotLoggedIn)?;
    check_csrf(app, request, caller, &fields.0)?;
    Ok(&signed_in.user)
}

fn back(app: &App, username: &Username, query: &str) -> HttpResponse {
    let apps = app.public_url.path(&format!("/u/{username}/preferences/apps{query}"));
    HttpResponse::SeeOther().insert_header((LOCATION, apps)).finish()
}

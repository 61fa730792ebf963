//! `/admin/users`.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, delete, get, patch, post, put};

use super::body::Sent;
use super::caller::Admin;
use super::shown::{
    Done, PageBody, PasswordBody, UpsertedBody, UserBody, UserChangeBody, UserEntriesBody, UserEntryBody, UsersQuery,
};
use super::{done, ok};
use crate::app::App;
use crate::domain::admin::users;
use crate::http::error::Problem;
use crate::model::{AdminScope, UserChange, UserId};

/// Users, in the order in which they were made
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:read"])),
    params(UsersQuery),
    responses((status = 200, description = "A page of them", body = PageBody<UserBody>))
)]
#[get("/users")]
pub(super) async fn list_users(
    app: Data<App>,
    admin: Admin,
    query: Query<UsersQuery>,
) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::UsersRead)?;
    let (filter, paging) = query.parse()?;
    ok(&PageBody::of(users::list(&app.cx, filter, paging).await?, UserBody::from))
}

/// A user
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:read"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "The user", body = UserBody))
)]
#[get("/users/{id}")]
pub(super) async fn get_user(app: Data<App>, admin: Admin, id: Path<UserId>) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::UsersRead)?;
    ok(&UserBody::from(users::find(&app.cx, *id).await?))
}

/// Make a user
///
/// They have no password until one is set.
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:write"])),
    request_body = UserEntryBody,
    responses((status = 200, description = "The user", body = UserBody))
)]
#[post("/users")]
pub(super) async fn post_user(app: Data<App>, admin: Admin, sent: Sent) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::UsersWrite)?;
    let users::Entry { username, more } = sent.read::<UserEntryBody>()?.parse()?;
    ok(&UserBody::from(users::create(&app.cx, username, more, origin).await?))
}

/// Make the users there are not, and change those there are
///
/// All of it or nothing. A user is found by `external_id` where the entry has one, else, or where nobody has that yet, by
/// `username`. One of the staff is given no `external_id` so: the answer is 400 with `reason` `staff`.
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:write"])),
    request_body = UserEntriesBody,
    responses((status = 200, description = "What became of them", body = UpsertedBody))
)]
#[put("/users")]
pub(super) async fn put_users(app: Data<App>, admin: Admin, sent: Sent) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::UsersWrite)?;
    let entries = sent.read::<UserEntriesBody>()?.parse()?;
    ok(&UpsertedBody::from(users::upsert(&app.cx, entries, origin).await?))
}

/// Change a user
///
/// It counts from their next request on. What is left out stays as it is.
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:write"])),
    params(("id" = i64, Path, minimum = 1)),
    request_body = UserChangeBody,
    responses((status = 200, description = "The user", body = UserBody))
)]
#[patch("/users/{id}")]
pub(super) async fn patch_user(
    app: Data<App>,
    admin: Admin,
    id: Path<UserId>,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::UsersWrite)?;
    let change = UserChange::try_from(sent.read::<UserChangeBody>()?)?;
    ok(&UserBody::from(users::update(&app.cx, *id, change, origin).await?))
}

/// Set a user's password
///
/// Their sessions end.
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:write"])),
    params(("id" = i64, Path, minimum = 1)),
    request_body = PasswordBody,
    responses((status = 200, description = "It is set", body = Done))
)]
#[put("/users/{id}/password")]
pub(super) async fn put_password(
    app: Data<App>,
    admin: Admin,
    id: Path<UserId>,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::UsersWrite)?;
    let PasswordBody { password } = sent.read()?;
    users::set_password(&app.cx, *id, password, origin).await?;
    done()
}

/// Delete a user
///
/// Their sessions and keys go with them; what the log says of them stays.
#[utoipa::path(
    tag = "users",
    security(("admin_key" = ["users:write"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "They are deleted", body = Done))
)]
#[delete("/users/{id}")]
pub(super) async fn delete_user(app: Data<App>, admin: Admin, id: Path<UserId>) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::UsersWrite)?;
    users::delete(&app.cx, *id, origin).await?;
    done()
}

//! `/admin/notifications`, and those of a user.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, delete, get, post};

use super::body::Sent;
use super::caller::Admin;
use super::shown::{DedupeQuery, Done, NotificationBody, NotificationsQuery, PageBody, PublishBody, PublishedBody};
use super::{done, ok};
use crate::app::App;
use crate::domain::admin::notifications::{self, Which};
use crate::domain::notifications::publish;
use crate::http::error::Problem;
use crate::model::{AdminScope, NotificationId, UserId};

/// Tell users something
///
/// All of them or nobody. A notification that a user has already, by its `dedupe_id`, is given back as it is, and not made
/// again. Users who are suspended are told too: it waits for them.
#[utoipa::path(
    tag = "notifications",
    security(("admin_key" = ["notifications:write"])),
    request_body = PublishBody,
    responses((status = 200, description = "What became of it, in the order of the users", body = PublishedBody))
)]
#[post("/notifications")]
pub(super) async fn post_notification(app: Data<App>, admin: Admin, sent: Sent) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::NotificationsWrite)?;
    let (to, notification) = sent.read::<PublishBody>()?.parse()?;
    ok(&PublishedBody::from(publish(&app.cx, to, notification, origin).await?))
}

/// What a user was told, newest first
#[utoipa::path(
    tag = "notifications",
    security(("admin_key" = ["notifications:read"])),
    params(("id" = i64, Path, minimum = 1), NotificationsQuery),
    responses((status = 200, description = "A page of it", body = PageBody<NotificationBody>))
)]
#[get("/users/{id}/notifications")]
pub(super) async fn list_notifications(
    app: Data<App>,
    admin: Admin,
    id: Path<UserId>,
    query: Query<NotificationsQuery>,
) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::NotificationsRead)?;
    ok(&PageBody::of(notifications::list(&app.cx, *id, query.parse()?).await?, NotificationBody::from))
}

/// Mark a notification as read
#[utoipa::path(
    tag = "notifications",
    security(("admin_key" = ["notifications:write"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "It is read", body = Done))
)]
#[post("/notifications/{id}/read")]
pub(super) async fn post_read(app: Data<App>, admin: Admin, id: Path<NotificationId>) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::NotificationsWrite)?;
    notifications::mark_read(&app.cx, Which::Id(*id), origin).await?;
    done()
}

/// Mark what a user was told as read
///
/// The one with this `dedupe_id`; without it all.
#[utoipa::path(
    tag = "notifications",
    security(("admin_key" = ["notifications:write"])),
    params(("id" = i64, Path, minimum = 1), DedupeQuery),
    responses((status = 200, description = "It is read", body = Done))
)]
#[post("/users/{id}/notifications/read")]
pub(super) async fn post_user_read(
    app: Data<App>,
    admin: Admin,
    id: Path<UserId>,
    query: Query<DedupeQuery>,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::NotificationsWrite)?;
    match query.parse()? {
        Some(called) => notifications::mark_read(&app.cx, Which::Called(*id, called), origin).await?,
        None => notifications::mark_all_read(&app.cx, *id, origin).await?,
    }
    done()
}

/// Delete a notification
#[utoipa::path(
    tag = "notifications",
    security(("admin_key" = ["notifications:write"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "It is deleted", body = Done))
)]
#[delete("/notifications/{id}")]
pub(super) async fn delete_notification(
    app: Data<App>,
    admin: Admin,
    id: Path<NotificationId>,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::NotificationsWrite)?;
    notifications::delete(&app.cx, Which::Id(*id), origin).await?;
    done()
}

/// Delete the notification of a user that the site calls so
#[utoipa::path(
    tag = "notifications",
    security(("admin_key" = ["notifications:write"])),
    params(("id" = i64, Path, minimum = 1), DedupeQuery),
    responses((status = 200, description = "It is deleted", body = Done))
)]
#[delete("/users/{id}/notifications")]
pub(super) async fn delete_user_notification(
    app: Data<App>,
    admin: Admin,
    id: Path<UserId>,
    query: Query<DedupeQuery>,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::NotificationsWrite)?;
    let called = query.parse()?.ok_or(Problem::Missing("dedupe_id"))?;
    notifications::delete(&app.cx, Which::Called(*id, called), origin).await?;
    done()
}

//! `/admin/clients`.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};

use super::caller::Admin;
use super::shown::{Blocked, ClientBody, ClientsQuery, Done, PageBody};
use super::{done, ok};
use crate::app::App;
use crate::domain::admin::clients;
use crate::http::error::Problem;
use crate::model::{AdminScope, ClientRowId};

/// Applications, in the order in which they were first seen
#[utoipa::path(
    tag = "clients",
    security(("admin_key" = ["clients:read"])),
    params(ClientsQuery),
    responses((status = 200, description = "A page of them", body = PageBody<ClientBody>))
)]
#[get("/clients")]
pub(super) async fn list_clients(
    app: Data<App>,
    admin: Admin,
    query: Query<ClientsQuery>,
) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::ClientsRead)?;
    let (filter, paging) = query.parse()?;
    ok(&PageBody::of(clients::list(&app.cx, filter, paging).await?, ClientBody::from))
}

/// An application
#[utoipa::path(
    tag = "clients",
    security(("admin_key" = ["clients:read"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "The application", body = ClientBody))
)]
#[get("/clients/{id}")]
pub(super) async fn get_client(app: Data<App>, admin: Admin, id: Path<ClientRowId>) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::ClientsRead)?;
    ok(&ClientBody::from(clients::find(&app.cx, *id).await?))
}

/// Block an application
///
/// Every key that it has ends now, whoever's it is, and nobody can give it another.
#[utoipa::path(
    tag = "clients",
    security(("admin_key" = ["clients:write"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "It is blocked", body = Blocked))
)]
#[post("/clients/{id}/block")]
pub(super) async fn post_block(app: Data<App>, admin: Admin, id: Path<ClientRowId>) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::ClientsWrite)?;
    ok(&Blocked { keys_ended: clients::block(&app.cx, *id, origin).await? })
}

/// Let users give an application keys again
///
/// Those that ended stay ended.
#[utoipa::path(
    tag = "clients",
    security(("admin_key" = ["clients:write"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "It is blocked no more", body = Done))
)]
#[post("/clients/{id}/unblock")]
pub(super) async fn post_unblock(app: Data<App>, admin: Admin, id: Path<ClientRowId>) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::ClientsWrite)?;
    clients::unblock(&app.cx, *id, origin).await?;
    done()
}

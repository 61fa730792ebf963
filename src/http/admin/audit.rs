//! `/admin/audit`.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};

use super::caller::Admin;
use super::ok;
use super::shown::{AuditBody, AuditQuery, PageBody};
use crate::app::App;
use crate::domain::admin::audit;
use crate::http::error::Problem;
use crate::model::AdminScope;

/// What was done to whom, newest first
#[utoipa::path(
    tag = "audit",
    security(("admin_key" = ["audit:read"])),
    params(AuditQuery),
    responses((status = 200, description = "A page of the log", body = PageBody<AuditBody>))
)]
#[get("/audit")]
pub(super) async fn list_audit(
    app: Data<App>,
    admin: Admin,
    query: Query<AuditQuery>,
) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::AuditRead)?;
    let (filter, paging) = query.parse()?;
    ok(&PageBody::of(audit::list(&app.cx, filter, paging).await?, AuditBody::from))
}

//! `/api/auth`.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};

use super::body::Sent;
use super::caller::Admin;
use super::ok;
use super::shown::{AuthBody, AuthenticatedBody};
use crate::app::App;
use crate::domain::admin::auth;
use crate::http::error::Problem;
use crate::http::extract::peer_address;
use crate::model::AdminScope;

/// Ask whether somebody is the user they say they are
///
/// With `create_key` they get a key, which is in the answer this once; the admin key then needs `keys:mint` too. Where they are
/// not, it is 400 with `reason` `wrong_credentials`, whether there is such a user or not. Tries are limited as on the page for
/// signing in.
#[utoipa::path(
    tag = "auth",
    security(("admin_key" = ["auth"])),
    request_body = AuthBody,
    responses((status = 200, description = "They are", body = AuthenticatedBody))
)]
#[post("/auth")]
pub(super) async fn post_auth(
    app: Data<App>,
    admin: Admin,
    request: HttpRequest,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::Auth)?;
    let body: AuthBody = sent.read()?;
    if body.creates_key() {
        admin.may(AdminScope::KeysMint)?;
    }
    let asked = body.parse(app.cx.rules.max_user_api_key_expiry_days, peer_address(&request))?;
    let known = auth::authenticate(&app.cx, asked, origin).await?;
    ok(&AuthenticatedBody::of(known, app.cx.now()))
}

//! `/admin/keys`, and keys that are made in a user's name.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, patch, post};

use super::body::Sent;
use super::caller::Admin;
use super::shown::{Done, ExpiryBody, KeyBody, KeysQuery, MintBody, MintedBody, PageBody};
use super::{done, ok};
use crate::app::App;
use crate::domain::admin::{keys, mint};
use crate::domain::revoke::{Wisher, revoke};
use crate::http::error::Problem;
use crate::model::{AdminScope, KeyId, UserId};

/// Keys, in the order in which they were made
#[utoipa::path(
    tag = "keys",
    security(("admin_key" = ["keys:read"])),
    params(KeysQuery),
    responses((status = 200, description = "A page of them, ended ones too", body = PageBody<KeyBody>))
)]
#[get("/keys")]
pub(super) async fn list_keys(app: Data<App>, admin: Admin, query: Query<KeysQuery>) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::KeysRead)?;
    let (user, paging) = query.parse()?;
    let now = app.cx.now();
    ok(&PageBody::of(keys::list(&app.cx, user, paging).await?, |key| KeyBody::of(&key, now)))
}

/// A key
#[utoipa::path(
    tag = "keys",
    security(("admin_key" = ["keys:read"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "The key", body = KeyBody))
)]
#[get("/keys/{id}")]
pub(super) async fn get_key(app: Data<App>, admin: Admin, id: Path<KeyId>) -> Result<HttpResponse, Problem> {
    admin.may(AdminScope::KeysRead)?;
    ok(&KeyBody::of(&keys::find(&app.cx, *id).await?, app.cx.now()))
}

/// Say when a key ends by itself
///
/// Of one that still works: for one that was ended, or whose time is up, the answer is 403 with `reason` `key_revoked`.
#[utoipa::path(
    tag = "keys",
    security(("admin_key" = ["keys:write"])),
    params(("id" = i64, Path, minimum = 1)),
    request_body = ExpiryBody,
    responses((status = 200, description = "The key", body = KeyBody))
)]
#[patch("/keys/{id}")]
pub(super) async fn patch_key(
    app: Data<App>,
    admin: Admin,
    id: Path<KeyId>,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::KeysWrite)?;
    let ends_in = sent.read::<ExpiryBody>()?.parse(app.cx.rules.max_user_api_key_expiry_days)?;
    ok(&KeyBody::of(&keys::set_expiry(&app.cx, *id, ends_in, origin).await?, app.cx.now()))
}

/// End a key now
///
/// And the one that it replaces, if that still works.
#[utoipa::path(
    tag = "keys",
    security(("admin_key" = ["keys:write"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "It is ended", body = Done))
)]
#[post("/keys/{id}/revoke")]
pub(super) async fn post_revoke(app: Data<App>, admin: Admin, id: Path<KeyId>) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::KeysWrite)?;
    revoke(&app.cx, Wisher::Operator, Some(*id), origin).await?;
    done()
}

/// Put a new key in the place of one
///
/// The new key is in the answer, this once; it may do the same, and ends when the other would have. The other works on until the
/// new one is used, or `user_api_key_replacement_grace_seconds` are over.
#[utoipa::path(
    tag = "keys",
    security(("admin_key" = ["keys:mint"])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, description = "The new key", body = MintedBody))
)]
#[post("/keys/{id}/regenerate")]
pub(super) async fn post_regenerate(app: Data<App>, admin: Admin, id: Path<KeyId>) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::KeysMint)?;
    let (key, plain) = mint::regenerate(&app.cx, *id, origin).await?;
    ok(&MintedBody::of(&plain, &key, app.cx.now()))
}

/// Make a key in a user's name
///
/// The key itself is in the answer, this once. The rules that hold for a key that its user approves hold for it.
#[utoipa::path(
    tag = "keys",
    security(("admin_key" = ["keys:mint"])),
    params(("id" = i64, Path, minimum = 1)),
    request_body = MintBody,
    responses((status = 200, description = "The key", body = MintedBody))
)]
#[post("/users/{id}/keys")]
pub(super) async fn post_key(
    app: Data<App>,
    admin: Admin,
    id: Path<UserId>,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let origin = admin.may(AdminScope::KeysMint)?;
    let request = sent.read::<MintBody>()?.parse(app.cx.rules.max_user_api_key_expiry_days)?;
    let (key, plain) = mint::mint(&app.cx, *id, request, origin).await?;
    ok(&MintedBody::of(&plain, &key, app.cx.now()))
}

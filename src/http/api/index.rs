//! `GET /api/`: what the presented key is.

use std::net::IpAddr;

use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::json_ok;
use crate::app::App;
use crate::domain::admin::{Admin, AdminError};
use crate::domain::verify::{Presented, Source, Verified, VerifyError, introduce};
use crate::http::admin::known;
use crate::http::error::Problem;
use crate::http::extract::{Caller, peer_address, presented_client_id, presented_key};
use crate::model::{Method, Scope, UserId};

/// Where a key hears what it is.
pub(in crate::http) const INDEX: &str = "/api/";

static API_KEY: HeaderName = HeaderName::from_static("api-key");
static XF_API_USER: HeaderName = HeaderName::from_static("xf-api-user");
static SECRET: HeaderName = HeaderName::from_static("hallpass-secret");

/// On the public listener, where keys have been looked at before.
pub(in crate::http) async fn get_index(caller: Caller) -> HttpResponse {
    json_ok(&match &caller {
        Caller::Key(verified) => of_user(verified),
        Caller::Anonymous | Caller::User(_) => guest(),
    })
}

/// On the internal listener, where there are keys of the admin API too.
pub(in crate::http) async fn get_internal_index(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Problem> {
    let headers = request.headers();
    if headers.contains_key(&API_KEY) || headers.contains_key(&XF_API_USER) {
        return Ok(json_ok(&of_admin(known(&request).await?.known())?));
    }
    let Some(key) = presented_key(headers)? else { return Ok(json_ok(&guest())) };
    match ask(&app, headers, key, peer_address(&request)).await? {
        Some(verified) => Ok(json_ok(&of_user(&verified))),
        // One header has keys of both kinds.
        None => Ok(json_ok(&of_admin(known(&request).await?.known())?)),
    }
}

/// Whose key it is, `None` for no user's. Who may ask about them elsewhere may ask here.
async fn ask(app: &App, headers: &HeaderMap, key: &str, peer: IpAddr) -> Result<Option<Verified>, Problem> {
    let secret = headers.get(&SECRET).is_some_and(|secret| app.callers.is_secret(secret.as_bytes()));
    if !app.callers.is_peer(peer) && !secret {
        return Err(Problem::not_a_peer());
    }
    let source = || Source::Caller { caller: peer, client: None };
    let client_id = presented_client_id(headers)?;
    let presented = Presented { key, source: &source, method: Method::Get, uri: INDEX, client_id };
    match introduce(&app.cx, presented).await {
        Ok(verified) => Ok(Some(verified)),
        Err(VerifyError::Unknown) if headers.contains_key("xf-api-key") => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn guest() -> Value {
    told("guest", None, &[])
}

fn of_user(Verified { known, .. }: &Verified) -> Value {
    let scopes: Vec<&str> = known.key.scopes.iter().map(Scope::as_str).collect();
    told("user", Some(known.owner.id), &scopes)
}

fn of_admin(admin: &Admin) -> Result<Value, AdminError> {
    let scopes: Vec<&str> = admin.key.scopes.words().collect();
    Ok(told("super", admin.named()?.map(|user| user.id), &scopes))
}

/// No key stands for all scopes, also none that has every one of today's.
fn told(kind: &str, user: Option<UserId>, scopes: &[&str]) -> Value {
    json!({ "type": kind, "user_id": user.map(UserId::get), "scopes": scopes, "allow_all_scopes": false })
}

//! The same for the site's back end: JSON, and introspection (RFC 7662).

use std::net::IpAddr;
use std::time::Duration;

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::acting::{acts_for, verify_acting};
use crate::app::App;
use crate::domain::verify::{Presented, Source, Verified, VerifyError, inspect, verify};
use crate::http::api::json_ok;
use crate::http::error::Problem;
use crate::http::extract::{Body, peer_address};
use crate::limits::{Standing, WindowStanding};
use crate::model::{Email, Fields, Method, Scope, Timestamp, User, UserApiKey};

/// Judges a key for a request that the caller describes, and charges its limits. Always 200 with a verdict.
pub(in crate::http) async fn post_verify(
    request: HttpRequest,
    app: Data<App>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let fields = asked(&request, &app, fields)?;
    if let Some(user) = acts_for(&fields)? {
        return verify_acting(&app, &fields, user).await;
    }
    let source = source(&request, &fields)?;
    let presented = Presented {
        key: needed(&fields, "key")?,
        source: &|| source,
        method: needed(&fields, "method")?.parse().unwrap_or(Method::Other),
        uri: needed(&fields, "uri")?,
        client_id: fields.filled("client_id")?,
    };
    match verify(&app.cx, presented).await {
        Ok(verified) => Ok(json_ok(&valid(&verified))),
        Err(error @ (VerifyError::Store(_) | VerifyError::Limits(_) | VerifyError::ClientId(_))) => Err(error.into()),
        Err(error) => Ok(json_ok(&refused(&error))),
    }
}

/// Says whether a key is good, and whose it is (RFC 7662 2.1, 2.2). Charges nothing.
pub(in crate::http) async fn post_introspect(
    request: HttpRequest,
    app: Data<App>,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let fields = asked(&request, &app, fields)?;
    let token = needed(&fields, "token")?;
    let source = source(&request, &fields)?;
    let body = match inspect(&app.cx, token, &|| source).await {
        Ok(known) => active(&app, &known.key, known.owner.username.as_str()),
        Err(
            error @ (VerifyError::Store(_)
            | VerifyError::Limits(_)
            | VerifyError::Guessing(_)
            | VerifyError::CallerLimited(_)),
        ) => {
            return Err(error.into());
        }
        Err(_whichever) => json!({ "active": false }),
    };
    let mut response = json_ok(&body);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What the caller asks, from the body alone: a key in an address ends up in logs (`security.md K4`).
fn asked(request: &HttpRequest, app: &App, Body(fields): Body) -> Result<Fields, Problem> {
    if !is_caller(request, app) {
        return Err(Problem::NotACaller);
    }
    if request.query_string().is_empty() { Ok(fields) } else { Err(Problem::query_not_read()) }
}

/// Whether the caller sends the secret, as a bearer or as the password of whatever name (RFC 7662 2.1, `security.md L7`).
fn is_caller(request: &HttpRequest, app: &App) -> bool {
    let Some(value) = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()) else { return false };
    let Some((scheme, rest)) = value.split_once(' ') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => app.callers.is_secret(rest.trim().as_bytes()),
        "basic" => {
            let pair = BASE64_STANDARD.decode(rest.trim()).unwrap_or_default();
            let password = pair.iter().position(|byte| *byte == b':').and_then(|colon| pair.get(colon + 1..));
            password.is_some_and(|password| app.callers.is_secret(password))
        }
        _ => false,
    }
}

/// The value of a field that cannot be left out.
pub(super) fn needed<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a str, Problem> {
    fields.filled(name)?.ok_or(Problem::Missing(name))
}

/// The caller, and the client that it may name in `address`.
fn source(request: &HttpRequest, fields: &Fields) -> Result<Source, Problem> {
    let client = fields.filled("address")?.map(parse_address).transpose()?;
    Ok(Source::Caller { caller: peer_address(request), client })
}

pub(super) fn parse_address(text: &str) -> Result<IpAddr, Problem> {
    let invalid = |_invalid| {
        let message = "address is the client's IP address, without a port";
        Problem::invalid("address", message, "invalid_address")
    };
    text.parse::<IpAddr>().map(|address| address.to_canonical()).map_err(invalid)
}

fn valid(Verified { known, standing }: &Verified) -> Value {
    let (key, owner) = (&known.key, &known.owner);
    json!({
        "valid": true,
        "code": "valid",
        "key_id": key.id.get(),
        "user": about(owner),
        "scopes": scopes(key),
        "client_id": key.client_id.as_str(),
        "application_name": key.application_name.as_str(),
        "expires_at": key.expires_at.map(Timestamp::iso_seconds),
        "limits": limits(standing),
    })
}

pub(super) fn about(user: &User) -> Value {
    json!({
        "id": user.id.get(),
        "username": user.username.as_str(),
        "name": user.name,
        "email": user.email.as_ref().map(Email::as_str),
        "groups": user.groups().iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn refused(error: &VerifyError) -> Value {
    let (retry_after, standing) = match error {
        VerifyError::Limited(refused) => (Some(refused.retry_after), Some(&refused.standing)),
        VerifyError::Guessing(refused) | VerifyError::CallerLimited(refused) | VerifyError::OwnerLimited(refused) => {
            (Some(refused.retry_after), None)
        }
        _ => (None, None),
    };
    invalid(error.code(), retry_after, standing)
}

pub(super) fn invalid(code: &str, retry_after: Option<Duration>, standing: Option<&Standing>) -> Value {
    let mut body = Map::new();
    body.insert("valid".to_owned(), json!(false));
    body.insert("code".to_owned(), json!(code));
    if let Some(wait) = retry_after {
        body.insert("retry_after".to_owned(), json!(wait.as_secs()));
    }
    if let Some(standing) = standing {
        body.insert("limits".to_owned(), limits(standing));
    }
    Value::Object(body)
}

fn scopes(key: &UserApiKey) -> Vec<&str> {
    key.scopes.iter().map(Scope::as_str).collect()
}

fn limits(standing: &Standing) -> Value {
    let window = |window: &WindowStanding| json!({ "limit": window.quota, "remaining": window.remaining, "reset": window.reset_seconds() });
    json!({ "minute": window(&standing.minute), "day": window(&standing.day) })
}

fn active(app: &App, key: &UserApiKey, username: &str) -> Value {
    let seconds = Timestamp::as_seconds;
    let mut body = json!({
        "active": true,
        "scope": scopes(key).join(" "),
        "client_id": key.client_id.as_str(),
        "username": username,
        "token_type": "user_api_key",
        "iat": seconds(key.created_at),
        "sub": key.user_id.get().to_string(),
        "iss": app.public_url.to_string(),
        "jti": key.id.get().to_string(),
    });
    if let (Some(members), Some(at)) = (body.as_object_mut(), key.expires_at) {
        members.insert("exp".to_owned(), json!(seconds(at)));
    }
    body
}

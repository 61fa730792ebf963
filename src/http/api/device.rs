//! The application's side of the device flow: sections 6 and 8 of the protocol. No sign-in, no token against forgery:
//! nobody's cookies do anything here.

use actix_web::http::header::{CONTENT_TYPE, USER_AGENT};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use secrecy::ExposeSecret;
use serde_json::json;

use super::json_ok;
use crate::app::App;
use crate::domain::device::{self, INTERVAL, LIFE, Polled};
use crate::http::error::Problem;
use crate::http::extract::{Body, Format, client_address};
use crate::http::middleware::NoStore;
use crate::model::UserAgent;

/// Whether the operator allows this flow at all; if not, nothing of it is there.
pub(in crate::http) fn check_is_there(app: &App) -> Result<(), Problem> {
    if app.cx.rules.allow_device_authorization { Ok(()) } else { Err(Problem::NotFound) }
}

/// Takes a request, and gives its codes.
pub(in crate::http) async fn post_device(
    app: Data<App>,
    request: HttpRequest,
    format: Format,
    body: Result<Body, Problem>,
) -> Result<HttpResponse, Problem> {
    begin(&app, &request, format)?;
    let address = client_address(&request, &app);
    // Counted before anything is judged: what does not parse costs as much as what does.
    device::check_may_ask(&app.cx, address).await?;
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let codes = device::ask(&app.cx, &body?.0, address, UserAgent::of(agent)).await?;
    let activate = app.public_url.join("/user-api-key/activate");
    Ok(json_ok(&json!({
        "device_code": codes.device_code.expose_secret(),
        "user_code": codes.user_code.to_string(),
        "verification_uri": activate,
        "verification_uri_with_request": format!("{activate}?request={}", codes.request_token.as_str()),
        "expires_in": LIFE.as_secs(),
        "interval": INTERVAL.as_secs(),
    })))
}

/// Says how far a request has come, and hands over.
pub(in crate::http) async fn post_poll(
    app: Data<App>,
    request: HttpRequest,
    format: Format,
    body: Result<Body, Problem>,
) -> Result<HttpResponse, Problem> {
    begin(&app, &request, format)?;
    device::check_may_poll(&app.cx, client_address(&request, &app)).await?;
    let fields = body?.0;
    let code = fields.filled("device_code")?.ok_or(Problem::Missing("device_code"))?;
    Ok(json_ok(&match device::poll(&app.cx, code).await? {
        Polled::Pending => json!({ "status": "authorization_pending" }),
        Polled::Authorized(payload) => json!({ "status": "authorized", "payload": payload }),
        Polled::Denied => json!({ "status": "access_denied" }),
        Polled::Expired => json!({ "status": "expired_token" }),
    }))
}

/// Both speak JSON only, so that no form on another site can send them (`C-109`, `C-110`, `C-193`).
fn begin(app: &App, request: &HttpRequest, format: Format) -> Result<(), Problem> {
    check_is_there(app)?;
    request.extensions_mut().insert(NoStore);
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let json = kind.trim_start().to_ascii_lowercase().starts_with("application/json");
    if json && format == Format::Json {
        return Ok(());
    }
    let message = "send JSON to this path with .json behind it, or with Accept: application/json";
    Err(Problem::refused("json_only", message))
}

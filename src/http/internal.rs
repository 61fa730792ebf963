//! The internal listener: for the site's back end and the operator, and for what proxies ask in a way that `front` leaves.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde_json::{Value, json};

use super::api::{self, json_ok};
use super::routes::get;
use crate::app::App;
use crate::domain::housekeeping;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/verify", web::to(api::any_verify))
        .route("/verify/envoy/{path:.*}", web::to(api::any_verify))
        .route("/verify.json", web::post().to(api::post_verify))
        .route("/introspect", web::post().to(api::post_introspect))
        .route("/health/live", get().to(get_live))
        .route("/health/startup", get().to(get_startup))
        .route("/health/ready", get().to(get_ready));
}

/// The process answers.
async fn get_live() -> HttpResponse {
    json_ok(&json!({ "status": "live" }))
}

/// The service has started: the listener is answered only then.
async fn get_startup() -> HttpResponse {
    json_ok(&json!({ "status": "started" }))
}

/// Requests are welcome: the database answers, its tables are up to date, and the service was not told to end.
async fn get_ready(app: Data<App>) -> HttpResponse {
    let database = housekeeping::check_ready(&app.cx).await;
    if let Err(error) = &database {
        tracing::error!(%error, "not ready");
    }
    let ready = database.is_ok() && !app.is_ending();
    let body = json!({
        "status": if ready { "ready" } else { "not ready" },
        "checks": {
            "database": if database.is_ok() { "ok" } else { "failed" },
            "service": if app.is_ending() { "ending" } else { "ok" },
        },
    });
    if ready { json_ok(&body) } else { json_unavailable(&body) }
}

fn json_unavailable(body: &Value) -> HttpResponse {
    HttpResponse::ServiceUnavailable().content_type("application/json; charset=utf-8").body(body.to_string())
}

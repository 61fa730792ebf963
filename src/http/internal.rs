//! The internal listener: for the site's back end and the operator, and for what proxies ask in a way that `front` leaves.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde_json::json;

use super::api::{self, json_ok};
use crate::app::App;
use crate::domain::housekeeping;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/verify", web::to(api::any_verify))
        .route("/verify/envoy/{path:.*}", web::to(api::any_verify))
        .route("/verify.json", web::post().to(api::post_verify))
        .route("/introspect", web::post().to(api::post_introspect))
        .route("/health/live", web::get().to(get_live))
        .route("/health/live", web::head().to(get_live))
        .route("/health/ready", web::get().to(get_ready))
        .route("/health/ready", web::head().to(get_ready));
}

/// The process answers.
async fn get_live() -> HttpResponse {
    json_ok(&json!({ "status": "live" }))
}

/// The database answers, and its tables are up to date.
async fn get_ready(app: Data<App>) -> HttpResponse {
    match housekeeping::check_ready(&app.cx).await {
        Ok(()) => json_ok(&json!({ "status": "ready", "checks": { "database": "ok" } })),
        Err(error) => {
            tracing::error!(%error, "not ready");
            let body = json!({ "status": "not ready", "checks": { "database": "failed" } });
            HttpResponse::ServiceUnavailable().content_type("application/json; charset=utf-8").body(body.to_string())
        }
    }
}

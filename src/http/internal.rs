//! The internal listener: for the site's back end and the operator, and for what proxies ask in a way that `front` leaves.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde_json::json;

use super::admin;
use super::api::{self, json_ok, json_unavailable};
use super::routes::get;
use crate::app::App;
use crate::domain::{Context, housekeeping};
use crate::limits::SharedLimits;
use crate::metrics::{Decisions, Levels, SharedLevels, TEXT_TYPE};
use crate::model::OnFailure;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route(api::VERIFY, web::to(api::any_verify))
        .route("/verify/envoy/{path:.*}", web::to(api::any_verify))
        .route(api::VERIFY_JSON, web::post().to(api::post_verify))
        .route("/introspect", web::post().to(api::post_introspect))
        .route(api::INDEX, get().to(api::get_internal_index))
        .route("/metrics", get().to(get_metrics))
        .route("/health/live", get().to(get_live))
        .route("/health/startup", get().to(get_startup))
        .route("/health/ready", get().to(get_ready))
        .configure(admin::routes);
}

/// The process answers.
async fn get_live() -> HttpResponse {
    json_ok(&json!({ "status": "live" }))
}

/// The service has started: the listener is answered only then.
async fn get_startup() -> HttpResponse {
    json_ok(&json!({ "status": "started" }))
}

/// Requests are welcome: the database answers, its tables are up to date, and the service was not told to end. Redis is told of
/// and asked for nothing: it fails for all nodes at once, and a balancer without a node answers worse than we do.
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
            "limits": limits(app.cx.shared_limits.as_ref()),
        },
    });
    if ready { json_ok(&body) } else { json_unavailable(&body) }
}

fn limits(shared: Option<&SharedLimits>) -> &'static str {
    match shared {
        Some(shared) if !shared.is_up() => match shared.on_failure() {
            OnFailure::Local => "local",
            OnFailure::Refuse => "unavailable",
        },
        Some(_) | None => "ok",
    }
}

/// What Prometheus fetches.
async fn get_metrics(app: Data<App>) -> HttpResponse {
    match app.cx.metrics.text(&levels(&app.cx)) {
        Ok(text) => HttpResponse::Ok().content_type(TEXT_TYPE).body(text),
        Err(_never) => HttpResponse::InternalServerError().finish(),
    }
}

fn shared_levels(shared: &SharedLimits) -> SharedLevels {
    let counters = shared.counters();
    SharedLevels {
        cut_off: !shared.is_up(),
        failures: counters.failures(),
        by_redis: counters.asked(),
        by_node: counters.alone(),
        by_nobody: counters.refused(),
    }
}

fn levels(cx: &Context) -> Levels {
    let connections = cx.store.connections();
    let decided = cx.act_limits.decisions().into_iter();
    Levels {
        known_keys: cx.known_keys.count(),
        most_known_keys: cx.known_keys.room(),
        busy_connections: connections.in_use,
        idle_connections: connections.idle,
        most_connections: connections.most,
        unheard: cx.store.heard_at().map(|heard| cx.now().since(heard)),
        none_free: connections.none_free,
        none_opened: connections.none_opened,
        no_room: cx.store.lacked_room(),
        polls: cx.polls.count(),
        shared: cx.shared_limits.as_ref().map(shared_levels),
        acts: decided.map(|(act, (accepted, refused))| (act.word(), Decisions { accepted, refused })).collect(),
    }
}

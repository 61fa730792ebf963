//! The admin API, on the internal listener alone (`security.md L11`): JSON for the site's back end and its scripts.
//!
//! A handler is told by its attributes where it is and what it takes and gives; `routes` lists the handlers, and both the
//! service and the OpenAPI document are made of that list. `caller.rs` stands before all of them, `shown/` is what goes
//! over the wire. A handler says which scope it needs before it does anything.

mod audit;
mod auth;
mod body;
mod caller;
mod clients;
mod document;
mod fault;
mod keys;
mod methods;
mod notifications;
mod reference;
mod shown;
mod users;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{self, Data, PathConfig, PayloadConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource};
use serde::Serialize;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig as Listed;

use super::error::{JSON, Problem};
use super::middleware::log_request;
use super::routes::get;
use body::LARGEST;
use caller::check_admin;
pub(super) use caller::known;
pub use document::openapi;
use document::{Document, documented};
use shown::Done;

/// Every route of the API.
fn listed(config: &mut Listed<'_>) {
    config
        .service(users::list_users)
        .service(users::get_user)
        .service(users::post_user)
        .service(users::put_users)
        .service(users::patch_user)
        .service(users::put_password)
        .service(users::delete_user)
        .service(keys::list_keys)
        .service(keys::get_key)
        .service(keys::patch_key)
        .service(keys::post_revoke)
        .service(keys::post_regenerate)
        .service(keys::post_key)
        .service(clients::list_clients)
        .service(clients::get_client)
        .service(clients::post_block)
        .service(clients::post_unblock)
        .service(notifications::post_notification)
        .service(notifications::post_read)
        .service(notifications::delete_notification)
        .service(notifications::list_notifications)
        .service(notifications::post_user_read)
        .service(notifications::delete_user_notification)
        .service(audit::list_audit);
}

/// Those that go by another name, which programs know from elsewhere.
fn listed_by_other_names(config: &mut Listed<'_>) {
    config.service(auth::post_auth);
}

/// What lists handlers.
type List = fn(&mut Listed<'_>);

/// The two, each below its path.
fn scopes() -> [(&'static str, List); 2] {
    [("/admin", listed), ("/api", listed_by_other_names)]
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .app_data(Data::new(documented()))
        .service(open("/admin/openapi.json").route(get().to(get_openapi)))
        .service(open("/admin/docs").route(get().to(get_docs)))
        .service(open("/admin/reference.css").route(get().to(get_css)));
    for (path, listed) in scopes() {
        let scope = scope(path)
            .configure(listed)
            .app_data(PayloadConfig::new(LARGEST))
            .app_data(PathConfig::default().error_handler(|_no_id, _| Problem::NotFound.into()))
            .app_data(QueryConfig::default().error_handler(|error, _| Problem::bad_query(&error).into()))
            .default_service(web::to(not_served))
            .wrap(from_fn(check_admin))
            .wrap(DefaultHeaders::new().add((CACHE_CONTROL, "no-store")))
            .wrap(from_fn(log_request));
        config.service(scope);
    }
}

/// What says of the API what it is, and nothing of the site: no key is needed.
fn open(path: &str) -> Resource {
    web::resource(path).default_service(web::to(not_found))
}

async fn get_openapi(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type(JSON).body(document.json.clone())
}

async fn get_docs(document: Data<Document>) -> HttpResponse {
    let nothing_else = (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'self'; frame-ancestors 'none'");
    HttpResponse::Ok().insert_header(nothing_else).content_type(ContentType::html()).body(document.page.clone())
}

async fn get_css() -> HttpResponse {
    let css = include_str!("../../../static/reference.css");
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(css)
}

async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::NotFound)
}

/// What is nowhere, or takes other methods.
async fn not_served(request: HttpRequest, document: Data<Document>) -> Result<HttpResponse, Problem> {
    Err(document.methods.at(request.path()).map_or(Problem::NotFound, Problem::WrongMethod))
}

/// 200 with this body.
fn ok(body: &impl Serialize) -> Result<HttpResponse, Problem> {
    let text = serde_json::to_string(body).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type(JSON).body(text))
}

/// 200, and no more to say.
fn done() -> Result<HttpResponse, Problem> {
    ok(&Done { success: "OK" })
}

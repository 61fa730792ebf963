//! `/user-api-key-client`: registered applications (section 11.2 of the protocol).

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::done;
use crate::app::App;
use crate::domain::clients::{self, Registrar};
use crate::http::error::Problem;
use crate::http::extract::{Body, Caller, Query, client_address, origin};

/// Whether an application of this `client_id` is registered: 200 without a body (`C-257`).
pub(in crate::http) async fn get_client(app: Data<App>, fields: Query) -> Result<HttpResponse, Problem> {
    fields.0.filled("client_id")?.ok_or(Problem::Missing("client_id"))?;
    let found = clients::of_request(&app.cx, &fields.0).await?;
    match found.and_then(|client| client.registration) {
        Some(_) => Ok(HttpResponse::Ok().finish()),
        None => Err(Problem::not_registered()),
    }
}

/// Registers an application. Needs neither sign-in nor a token of a form (`C-024`).
pub(in crate::http) async fn post_client(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    fields: Body,
) -> Result<HttpResponse, Problem> {
    let registrar = Registrar::Address(client_address(&request, &app));
    clients::register(&app.cx, registrar, &fields.0, origin(&request, &app, &caller)).await?;
    Ok(done())
}

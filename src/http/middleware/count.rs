//! Counts a request by its route and what it was answered.

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::http::api::Question;

/// What stands for whatever no route leads to: paths are the visitors' own words.
const NOWHERE: &str = "none";

pub(in crate::http) async fn count_request(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let Some(app) = request.app_data::<Data<App>>().cloned() else { return next.call(request).await };
    let _in_flight = app.cx.metrics.in_flight();
    let begun = app.cx.now();
    let response = next.call(request).await?;
    let took = app.cx.now().since(begun);
    let (route, code) = (route(response.request(), &app), response.status().as_u16());
    // Wherever a proxy asks about keys, it is one route.
    match Question::of(&route) {
        Some(_) => app.cx.metrics.answered_verify(code, took),
        None => app.cx.metrics.answered(&route, code, took),
    }
    Ok(response)
}

/// The pattern, without the path of `public_url`, so that it is the same on every site.
fn route(request: &HttpRequest, app: &App) -> String {
    let pattern = request.match_pattern().unwrap_or_else(|| NOWHERE.to_owned());
    pattern.strip_prefix(app.public_url.base_path()).filter(|rest| !rest.is_empty()).unwrap_or(&pattern).to_owned()
}

//! The request's id and its line in the log. Never the query: it may carry a payload on its way (`security.md K7`).

use std::time::Instant;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::http::extract::{RequestId, client_address};

pub(in crate::http) async fn log_request(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let begun = Instant::now();
    let app = request.app_data::<Data<App>>().cloned();
    let id = app.as_ref().map(|app| app.cx.random.hex::<8>()).unwrap_or_default();
    let address = app.map(|app| client_address(request.request(), &app));
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), shown(request.path()));
    let mut response = next.call(request).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let (status, micros) = (response.status().as_u16(), begun.elapsed().as_micros());
    // Debug form of what the client wrote: line breaks and control characters come out escaped.
    tracing::info!(request_id = id, %method, ?path, status, micros, ?address, "request");
    Ok(response)
}

/// The path without the token of the set-up link, which makes an administrator of whoever reads it.
fn shown(path: &str) -> String {
    path.split_once("/setup/").map_or_else(|| path.to_owned(), |(before, _)| format!("{before}/setup/…"))
}

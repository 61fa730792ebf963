//! The hook on ordinary pages: somebody whom an application sent here, and who is not signed in, goes back to the
//! application with `otp=true` (`C-240`). The pages of the handshake do not have it (`C-241`).

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use crate::app::App;
use crate::domain::otp::{Delegation, delegate};
use crate::http::error::Problem;
use crate::http::extract::{Caller, Format, Query};

pub(in crate::http) async fn offer_sign_in<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    match answer(request.request()).await {
        Ok(Some(response)) => Ok(request.into_response(response).map_into_right_body()),
        Ok(None) => Ok(next.call(request).await?.map_into_left_body()),
        Err(problem) => Ok(request.error_response(problem).map_into_right_body()),
    }
}

async fn answer(request: &HttpRequest) -> Result<Option<HttpResponse<BoxBody>>, Problem> {
    let page = request.method() == Method::GET && Format::of(request.path(), request.headers()) == Format::Html;
    // Looked at before anything is parsed or looked up: nearly no request has it.
    if !page || !request.query_string().contains("user_api_public_key") {
        return Ok(None);
    }
    let app = request.app_data::<Data<App>>().ok_or_else(|| Problem::internal("no App"))?;
    if Caller::extract(request).await?.user().is_some() {
        return Ok(None);
    }
    let fields = Query::extract(request).await?.0;
    Ok(match delegate(&app.cx, &fields) {
        Delegation::None => None,
        Delegation::BadKey(error) => Some(text(format!("public key invalid: {error}"))),
        Delegation::BadRedirect => Some(text("host not allowed: auth_redirect is not on this site's list".to_owned())),
        Delegation::Send(to) => Some(HttpResponse::Found().insert_header((LOCATION, to)).finish()),
    })
}

/// 200, as the protocol has it.
fn text(sentence: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(sentence)
}

//! Gives every error the form its client reads: the protocol's JSON, plain text, or a page.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use super::log::span_of_failure;
use crate::app::App;
use crate::http::error::{BAD_CSRF, Problem, json_refusal, put_headers};
use crate::http::extract::{Caller, presented_key, wants_error_json, wants_html};
use crate::http::pages;

pub(in crate::http) async fn shape_errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let response = next.call(request).await?;
    let problem = match response.response().error() {
        Some(error) => error.as_error::<Problem>().cloned().unwrap_or_else(|| Problem::from_actix(error)),
        None => return Ok(response.map_into_left_body()),
    };
    tell(&problem, response.request());
    let shaped = shape(&problem, response.request());
    Ok(response.into_response(shaped).map_into_right_body())
}

/// On the internal listener, where every error has the form of JSON already: says what it was.
pub(in crate::http) async fn tell_errors(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = next.call(request).await?;
    if let Some(problem) = response.response().error().and_then(|error| error.as_error::<Problem>()) {
        span_of_failure(response.request()).in_scope(|| tell(problem, response.request()));
    }
    Ok(response)
}

/// The whole chain goes to the log once, and nowhere else.
fn tell(problem: &Problem, request: &HttpRequest) {
    let Some(app) = request.app_data::<Data<App>>() else { return };
    if let Some(cause) = problem.failure(&app.outage) {
        tracing::error!(cause, "the request failed");
    } else {
        tracing::debug!(%problem, "the request was refused");
    }
}

fn shape(problem: &Problem, request: &HttpRequest) -> HttpResponse<BoxBody> {
    let json = wants_error_json(request.path(), request.headers());
    // Missing parameters and limits are JSON for everybody (`C-013`) but a browser with a person before it.
    let page = wants_html(request.headers());
    let mut response = match problem {
        // Programs of the protocol look for this text; a person with a stale form of ours is told what to do.
        Problem::BadCsrf if !page || request.path().contains("/user-api-key") => {
            text(StatusCode::FORBIDDEN, BAD_CSRF.to_owned())
        }
        _ if json => as_json(problem),
        Problem::Missing(_) | Problem::Limited { .. } if !page => as_json(problem),
        Problem::KeyRefused => text(StatusCode::FORBIDDEN, problem.answer().sentence.into_owned()),
        // No person reads what a program gets.
        _ if !matches!(presented_key(request.headers()), Ok(None)) => as_json(problem),
        _ => as_page(problem, request),
    };
    put_headers(problem, response.headers_mut());
    response
}

fn text(status: StatusCode, sentence: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(sentence)
}

fn as_json(problem: &Problem) -> HttpResponse {
    json_refusal(problem, problem.answer().status)
}

fn as_page(problem: &Problem, request: &HttpRequest) -> HttpResponse {
    let caller = request.extensions().get::<Caller>().cloned().unwrap_or(Caller::Anonymous);
    let Some(app) = request.app_data::<Data<App>>() else { return as_json(problem) };
    pages::error_page(app, request, &caller, problem)
}

//! Gives every error the form its client reads: the protocol's JSON, plain text, or a page.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use crate::app::App;
use crate::http::error::{BAD_CSRF, Problem};
use crate::http::extract::{Caller, RequestId, wants_error_json, wants_html};
use crate::http::pages;

/// Seconds after which to ask again when the database did not answer; it is looked for all the time.
const AGAIN_AFTER: u64 = 1;

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

/// The whole chain goes to the log once, and nowhere else.
fn tell(problem: &Problem, request: &HttpRequest) {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    if let Some(cause) = problem.cause() {
        tracing::error!(request_id = id, cause, "the request failed");
    } else {
        tracing::debug!(request_id = id, %problem, "the request was refused");
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
        _ => as_page(problem, request),
    };
    put_problem_headers(problem, response.headers_mut());
    response
}

fn text(status: StatusCode, sentence: String) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(sentence)
}

fn as_json(problem: &Problem) -> HttpResponse {
    json_refusal(problem, problem.answer().status)
}

/// The refusal as programs read it, with the headers that belong to it.
pub(in crate::http) fn json_refusal(problem: &Problem, status: StatusCode) -> HttpResponse {
    let body = problem.body();
    let mut response = HttpResponse::build(status).content_type("application/json; charset=utf-8").body(body);
    put_problem_headers(problem, response.headers_mut());
    response
}

fn as_page(problem: &Problem, request: &HttpRequest) -> HttpResponse {
    let caller = request.extensions().get::<Caller>().cloned().unwrap_or(Caller::Anonymous);
    let Some(app) = request.app_data::<Data<App>>() else { return as_json(problem) };
    pages::error_page(app, request, &caller, problem)
}

fn put_problem_headers(problem: &Problem, headers: &mut HeaderMap) {
    if let Problem::KeyNeeded = problem {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"user API key\""));
    }
    if let Problem::Unavailable(_) = problem {
        headers.insert(RETRY_AFTER, HeaderValue::from(AGAIN_AFTER));
    }
    let Problem::Limited { seconds, code, standing } = problem else { return };
    headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
    if let Some(code) = code {
        let name = HeaderName::from_static("discourse-rate-limit-error-code");
        headers.insert(name, HeaderValue::from_static(code));
    }
    if let Some(standing) = standing {
        super::headers::add_standing(headers, standing);
    }
}

//! Where a `User-Api-Key` is presented it must be good, on any path, known or not (`C-269`, `C-271`).

use actix_web::HttpMessage;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::verify::{Presented, Source, Verified, introduce, verify};
use crate::http::api::INDEX;
use crate::http::error::Problem;
use crate::http::extract::{Caller, client_address, presented_client_id, presented_key, says_present};
use crate::model::Method;

pub(in crate::http) async fn check_key<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    match verified(&request).await {
        Ok(None) => {}
        Ok(Some(verified)) => {
            request.extensions_mut().insert(Caller::Key(Box::new(verified)));
        }
        Err(problem) => return Ok(request.error_response(problem).map_into_right_body()),
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn verified(request: &ServiceRequest) -> Result<Option<Verified>, Problem> {
    let Some(key) = presented_key(request.headers())? else { return Ok(None) };
    let app = request.app_data::<Data<App>>().ok_or_else(|| Problem::internal("no App"))?;
    let presented = Presented {
        key,
        source: &|| Source::Client(client_address(request.request(), app)),
        method: request.method().as_str().parse().unwrap_or(Method::Other),
        uri: request.path().strip_prefix(app.public_url.base_path()).unwrap_or_default(),
        client_id: presented_client_id(request.headers())?,
    };
    let is_about_itself = presented.uri == INDEX && presented.method == Method::Get;
    let verified =
        if is_about_itself { introduce(&app.cx, presented).await? } else { verify(&app.cx, presented).await? };
    if says_present(request.headers()) {
        app.cx.last_used.user_seen(verified.known.owner.id, app.cx.now());
    }
    Ok(Some(verified))
}

//! Answers the reverse proxy: who asks, and may they? `product.md` section 4.
//!
//! `forward` is the one way through for every proxy; `original` takes the site's request out of the headers, `answer` puts
//! the verdict into them. `json` is the same for the site's back end.

mod answer;
mod json;
mod original;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

pub(in crate::http) use json::{post_introspect, post_verify};

use crate::app::App;
use crate::domain::verify::{Presented, Verified, verify};
use crate::http::error::Problem;
use crate::http::extract::{address_by, peer_address, presented_client_id, presented_key};
use crate::model::{Anonymous, Method};
use original::Original;

/// What the path begins with where Envoy asks; the rest is the client's own path.
const ENVOY: &str = "/verify/envoy";

/// For nginx, Traefik and Caddy, who put the site's request into headers.
pub(in crate::http) async fn any_verify(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let verdict = forward(&request, &app, |request| Original::read(request.headers())).await;
    answer::shape(verdict, &app, request.query_string())
}

/// For Envoy, whose `ext_authz` sends the client's method and its path behind a prefix.
pub(in crate::http) async fn any_verify_envoy(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let verdict = forward(&request, &app, |request| {
        let uri = request.uri().path_and_query().map_or("", |uri| uri.as_str());
        let method = request.method().as_str().parse().unwrap_or(Method::Other);
        Ok(Original { method, uri: uri.strip_prefix(ENVOY).unwrap_or_default() })
    });
    answer::shape(verdict.await, &app, "")
}

/// The verdict on the request that a proxy asks about; `None` for nobody, where nobody is welcome too.
async fn forward(
    request: &HttpRequest,
    app: &App,
    original: impl FnOnce(&HttpRequest) -> Result<Original<'_>, Problem>,
) -> Result<Option<Verified>, Problem> {
    let (headers, peer) = (request.headers(), peer_address(request));
    if !app.callers.is_peer(peer)
        && !headers.get("hallpass-secret").is_some_and(|s| app.callers.is_secret(s.as_bytes()))
    {
        return Err(Problem::not_a_peer());
    }
    let Some(key) = presented_key(headers)? else {
        return if app.anonymous == Anonymous::Allow { Ok(None) } else { Err(Problem::KeyNeeded) };
    };
    let Original { method, uri } = original(request)?;
    let client_id = presented_client_id(headers)?;
    let address = || address_by(request, app.callers.peers());
    Ok(Some(verify(&app.cx, Presented { key, address: &address, method, uri, client_id }).await?))
}

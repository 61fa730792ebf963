//! Answers the reverse proxy: who asks, and may they? `product.md` section 4.
//!
//! `Question` is the one way through for every proxy; `told` is what the headers say, `original` the site's request in
//! them, `answer` puts the verdict into headers. `json` is the same for the site's back end.

mod answer;
mod json;
mod original;
mod told;

use std::net::IpAddr;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

pub(in crate::http) use answer::{Denial, write_verified};
pub(in crate::http) use json::{post_introspect, post_verify};

use crate::app::App;
use crate::domain::verify::{Presented, Source, Verified, verify};
use crate::http::error::Problem;
use crate::http::extract::{address_by, client_id, peer_address};
use crate::model::{Anonymous, Method};
use original::Original;
pub(in crate::http) use told::Told;

/// Where a proxy asks.
pub(in crate::http) const VERIFY: &str = "/verify";

/// What the path begins with where Envoy asks; the rest is the client's own path.
const ENVOY: &str = "/verify/envoy";

/// A request of a proxy, whoever took it off the wire.
#[derive(Debug)]
pub(in crate::http) struct ProxyRequest<'a> {
    pub(in crate::http) method: &'a str,
    /// Path and query, as they came.
    pub(in crate::http) target: &'a str,
    pub(in crate::http) told: Told<'a>,
    /// The other end of the connection.
    pub(in crate::http) peer: IpAddr,
}

/// In which way a proxy asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Question {
    /// With the site's request in headers: nginx, Traefik, Caddy.
    InHeaders,
    /// With the client's method, and its path behind a prefix: Envoy's `ext_authz`.
    InPath,
}

/// For what the front leaves to the framework.
pub(in crate::http) async fn any_verify(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let told = Told::read(request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    let asked = ProxyRequest { method: request.method().as_str(), target, told, peer: peer_address(&request) };
    let Some(question) = Question::of(request.path()) else { return HttpResponse::NotFound().finish() };
    question
        .answer(&asked, &app)
        .await
        .map_or_else(|refusal| refusal.response(), |verified| answer::allowed(verified.as_ref(), &app))
}

impl Question {
    /// The way in which is asked at this path, if any.
    pub(in crate::http) fn of(path: &str) -> Option<Self> {
        match path {
            VERIFY => Some(Self::InHeaders),
            path => path.strip_prefix(ENVOY)?.starts_with('/').then_some(Self::InPath),
        }
    }

    /// Who it is, `None` for nobody where nobody is welcome too; or the refusal, as the proxy reads it.
    pub(in crate::http) async fn answer(self, asked: &ProxyRequest<'_>, app: &App) -> Result<Option<Verified>, Denial> {
        let query = asked.target.split_once('?').filter(|_| self == Self::InHeaders).map_or("", |(_path, query)| query);
        let denial = |problem| Denial::of(problem, query, asked.told.traceparent, &app.outage);
        self.judge(asked, app).await.map_err(denial)
    }

    async fn judge(self, asked: &ProxyRequest<'_>, app: &App) -> Result<Option<Verified>, Problem> {
        let told = &asked.told;
        if !app.callers.is_peer(asked.peer) && !told.secret.is_some_and(|secret| app.callers.is_secret(secret)) {
            return Err(Problem::not_a_peer());
        }
        let Some(key) = told.credential.key()? else {
            return if app.anonymous == Anonymous::Allow { Ok(None) } else { Err(Problem::KeyNeeded) };
        };
        let Original { method, uri } = match self {
            Self::InHeaders => told.originals.agreed()?,
            Self::InPath => Original {
                method: asked.method.parse().unwrap_or(Method::Other),
                uri: asked.target.strip_prefix(ENVOY).unwrap_or_default(),
            },
        };
        let client_id = client_id(told.client_id)?;
        let client = || address_by(&told.forwarded_for, asked.peer, app.callers.peers());
        let source = || Source::Caller { caller: asked.peer, client: Some(client()) };
        Ok(Some(verify(&app.cx, Presented { key, source: &source, method, uri, client_id }).await?))
    }
}

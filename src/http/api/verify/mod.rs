//! Answers the reverse proxy: who asks, and may they? `product.md` section 4.
//!
//! `Question` is the one way through for every proxy; `told` is what the headers say, `original` the site's request in
//! them, `answer` puts the verdict into headers. `json` is the same for the site's back end, and `acting` what either asks about
//! a key of the admin API.

mod acting;
mod answer;
mod json;
mod original;
mod told;

use std::net::IpAddr;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

pub(in crate::http) use answer::{Denial, write_admitted};
pub(in crate::http) use json::{post_introspect, post_verify};

use crate::app::App;
use crate::domain::verify::{Presented, Source, Verified, VerifyError, is_open, verify};
use crate::http::error::Problem;
use crate::http::extract::{address_by, client_id, peer_address};
use crate::model::{Anonymous, Identity, Method};
use acting::act_for;
use original::Original;
pub(in crate::http) use told::Told;

/// Where a proxy asks.
pub(in crate::http) const VERIFY: &str = "/verify";

/// Where the site's back end asks.
pub(in crate::http) const VERIFY_JSON: &str = "/verify.json";

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

impl ProxyRequest<'_> {
    /// The client's address, as the proxy tells it.
    fn client(&self, app: &App) -> IpAddr {
        address_by(&self.told.forwarded_for, self.peer, app.callers.peers())
    }
}

/// Who may make the request.
#[derive(Debug)]
pub(in crate::http) enum Admitted {
    /// Nobody, where nobody is welcome too.
    Nobody,
    /// Somebody with a key of a user.
    Key(Verified),
    /// Somebody with a key of the admin API, as this user.
    User(Identity),
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
        .map_or_else(|refusal| refusal.response(), |admitted| answer::allowed(&admitted, &app))
}

impl Question {
    /// The way in which is asked at this path, if any.
    pub(in crate::http) fn of(path: &str) -> Option<Self> {
        match path {
            VERIFY => Some(Self::InHeaders),
            path => path.strip_prefix(ENVOY)?.starts_with('/').then_some(Self::InPath),
        }
    }

    /// Who it is; or the refusal, as the proxy reads it.
    pub(in crate::http) async fn answer(self, asked: &ProxyRequest<'_>, app: &App) -> Result<Admitted, Denial> {
        let query = asked.target.split_once('?').filter(|_| self == Self::InHeaders).map_or("", |(_path, query)| query);
        let denial = |problem| Denial::of(problem, query, asked.told.traceparent, &app.outage);
        self.judge(asked, app).await.map_err(denial)
    }

    async fn judge(self, asked: &ProxyRequest<'_>, app: &App) -> Result<Admitted, Problem> {
        let told = &asked.told;
        if !app.callers.is_peer(asked.peer) && !told.secret.is_some_and(|secret| app.callers.is_secret(secret)) {
            app.callers.tell_of_stranger(asked.peer);
            return Err(Problem::not_a_peer());
        }
        let Some(key) = told.credential.key()? else { return self.admit_nobody(asked, app) };
        let Original { method, uri } = self.original(asked)?;
        if let Some(user) = told.acts_for {
            // Boxed, so that the future of every request is not as large.
            return Box::pin(act_for(app, asked, key, user, Original { method, uri })).await;
        }
        let client_id = client_id(told.client_id)?;
        let source = || Source::Caller { caller: asked.peer, client: Some(asked.client(app)) };
        Ok(Admitted::Key(verify(&app.cx, Presented { key, source: &source, method, uri, client_id }).await?))
    }

    /// The client's request.
    fn original<'a>(self, asked: &ProxyRequest<'a>) -> Result<Original<'a>, Problem> {
        match self {
            Self::InHeaders => asked.told.originals.agreed(),
            Self::InPath => Ok(Original {
                method: asked.method.parse().unwrap_or(Method::Other),
                uri: asked.target.strip_prefix(ENVOY).unwrap_or_default(),
            }),
        }
    }

    /// Without a key. Where such requests are welcome and no rule asks for a group, nobody has to say what they are for.
    fn admit_nobody(self, asked: &ProxyRequest<'_>, app: &App) -> Result<Admitted, Problem> {
        if app.anonymous != Anonymous::Allow {
            return Err(Problem::KeyNeeded);
        }
        if app.cx.access.is_empty() {
            return Ok(Admitted::Nobody);
        }
        let Original { method, uri } = self.original(asked)?;
        let open = is_open(&app.cx, method, uri).map_err(VerifyError::from)?;
        if open { Ok(Admitted::Nobody) } else { Err(Problem::KeyNeeded) }
    }
}

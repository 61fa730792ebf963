//! The calls to one site.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::Value;
use ureq::http::Response;
use ureq::tls::RootCerts;
use ureq::{Agent, Body, RequestBuilder};

use super::keys::Kept;
use super::limits::{pause, retry_after};
use crate::cli::agent::agent;
use crate::cli::handshake::{Site, location};
use crate::model::Clock;

const MOST_BYTES: u64 = 1_048_576;

/// What a site said.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// An answer of the protocol.
    Json(Value),
    /// It does not take the key any more.
    KeyRefused,
    /// Come again after this.
    Later(Duration),
    /// Nothing, or nothing that can be used; why.
    Failed(String),
}

/// One answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// What was said.
    pub(super) said: Said,
    /// The pause that the key's limits ask for.
    pub(super) pause: Duration,
}

/// Calls to one site with one key.
#[derive(Debug)]
pub(super) struct Calls {
    site: Site,
    kept: Kept,
    agent: Agent,
    clock: Arc<dyn Clock>,
}

impl Calls {
    pub(super) fn new(site: Site, kept: Kept, clock: Arc<dyn Clock>) -> Self {
        let agent = agent(super::PROGRAM, site.is_local(), RootCerts::WebPki);
        Self { site, kept, agent, clock }
    }

    /// How much is new.
    pub(super) fn totals(&self) -> Answer {
        self.get("notifications/totals.json")
    }

    /// Whose key it is.
    pub(super) fn session(&self) -> Answer {
        self.get("session/current.json")
    }

    /// What the site calls itself. Asked without the key, whose limits it does not touch.
    pub(super) fn title(&self) -> Option<String> {
        let asked =
            self.agent.get(self.site.page("site/basic-info.json").as_str()).header("Accept", "application/json");
        let body = json(asked.call().ok().filter(|response| response.status() == 200)?)?;
        body.get("title")?.as_str().map(str::to_owned)
    }

    /// Ends the key at the site; `KeyRefused` when it had ended already.
    pub(super) fn revoke(&self) -> Said {
        let page = self.site.page("user-api-key/revoke.json");
        self.read("POST", page.path(), self.with_key(self.agent.post(page.as_str())).send_empty()).said
    }

    fn get(&self, path: &str) -> Answer {
        let page = self.site.page(path);
        self.read("GET", page.path(), self.with_key(self.agent.get(page.as_str())).call())
    }

    fn with_key<Any>(&self, request: RequestBuilder<Any>) -> RequestBuilder<Any> {
        request
            .header("User-Api-Key", self.kept.key.expose_secret())
            .header("User-Api-Client-Id", &self.kept.client_id)
            .header("Accept", "application/json")
    }

    fn read(&self, method: &str, path: &str, called: Result<Response<Body>, ureq::Error>) -> Answer {
        let response = match called {
            Ok(response) => response,
            Err(error) => {
                return Answer { said: Said::Failed(format!("it cannot be reached ({error})")), pause: Duration::ZERO };
            }
        };
        let (pause, later) = (pause(response.headers()), retry_after(response.headers(), self.clock.now()));
        let status = response.status().as_u16();
        let said = match (status, later) {
            (429 | 503, Some(later)) => Said::Later(later),
            (300..=399, _) => {
                let to = location(response.headers());
                Said::Failed(format!("it redirects to {to}: give the address it is at"))
            }
            _ => said(status, json(response))
                .unwrap_or_else(|advice| Said::Failed(format!("it answers {status} to {method} {path}: {advice}"))),
        };
        Answer { said, pause }
    }
}

/// A refusal counts as one of the key only where the site itself refuses, in the protocol's words: what stands before it
/// may have reasons of its own.
fn said(status: u16, body: Option<Value>) -> Result<Said, &'static str> {
    let kind = body.as_ref().and_then(|body| body.get("error_type")?.as_str()).unwrap_or_default();
    match (status, kind) {
        (403, "invalid_access") => Ok(Said::KeyRefused),
        (403, "not_logged_in") => Err("does its proxy pass on the header User-Api-Key?"),
        (404, _) => Err("does the address lack a path, or does the site have no notifications?"),
        (200, _) => body.filter(Value::is_object).map(Said::Json).ok_or("it has to answer with a JSON object"),
        _ => Err("see its logs"),
    }
}

fn json(mut response: Response<Body>) -> Option<Value> {
    let text = response.body_mut().with_config().limit(MOST_BYTES).read_to_string().ok()?;
    serde_json::from_str(&text).ok()
}

//! The two calls an application makes itself: can the site do this, and whose key is it.

use anyhow::{Context as _, anyhow, bail};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use ureq::http::header::LOCATION;
use ureq::http::{HeaderMap, Response};
use ureq::tls::RootCerts;
use ureq::{Agent, Body};

use super::site::Site;
use crate::cli::agent::agent;

const MOST_BYTES: u64 = 1_048_576;

/// The scopes of the protocol that permit `session/current.json`.
const REACHING: [&str; 3] = ["read", "write", "session_info"];

/// Calls to one site.
#[derive(Debug)]
pub(super) struct Calls<'site> {
    site: &'site Site,
    agent: Agent,
}

/// What the site says to the key.
#[derive(Debug)]
pub(super) struct Seen {
    /// The member `current_user`, with a `username`; `None` where the key's scopes do not reach it.
    pub(super) user: anyhow::Result<Option<Value>>,
    /// Headers about limits, names in lower case.
    pub(super) limits: Vec<(String, String)>,
}

impl<'site> Calls<'site> {
    pub(super) fn new(site: &'site Site) -> Self {
        Self { site, agent: agent("hallpass-connect", site.is_local(), RootCerts::WebPki) }
    }

    /// The version of the protocol that the site offers (`C-029`).
    pub(super) fn probe(&self) -> anyhow::Result<u64> {
        let site = self.site;
        let response = self
            .agent
            .head(site.page("user-api-key/new").as_str())
            .call()
            .with_context(|| format!("{site} cannot be reached: is the address right, and does the site run?"))?;
        match response.status().as_u16() {
            200 => version(response.headers()).with_context(|| format!("{site} gives no user API keys")),
            300..=399 => bail!("{site} redirects to {}: give the address it is at", location(response.headers())),
            status @ (401 | 403 | 404 | 405) => bail!(
                "{site} gives no user API keys (HEAD /user-api-key/new is answered {status}): does the address lack a path? \
                 It has to be the site's server.public_url, such as {site}/hall"
            ),
            status => bail!("{site} answers {status} to HEAD /user-api-key/new and has to answer 200: see its logs"),
        }
    }

    /// Whose key it is (`C-293`), which a key may ask with one of [`REACHING`]. A refusal of another says nothing of the key:
    /// the site's own scopes are for the site's own paths.
    pub(super) fn session(&self, key: &SecretString, scopes: &str) -> Seen {
        let reaches = scopes.split(',').any(|scope| REACHING.contains(&scope.trim()));
        let page = self.site.page("session/current.json");
        let request = self.agent.get(page.as_str()).header("User-Api-Key", key.expose_secret());
        match request.header("Accept", "application/json").call() {
            Ok(response) => Seen { limits: limits(response.headers()), user: user(response, reaches) },
            Err(error) => Seen { limits: Vec::new(), user: Err(anyhow!(error).context("session/current.json")) },
        }
    }
}

fn version(headers: &HeaderMap) -> anyhow::Result<u64> {
    let value = headers.get("auth-api-version").context(
        "HEAD /user-api-key/new is answered without the header Auth-Api-Version; \
         a proxy may drop it, or the site is another kind",
    )?;
    let version = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    version.with_context(|| format!("its Auth-Api-Version is {value:?} and has to be a number"))
}

fn location(headers: &HeaderMap) -> String {
    headers.get(LOCATION).map_or_else(|| "no address".to_owned(), |value| format!("{value:?}"))
}

fn limits(headers: &HeaderMap) -> Vec<(String, String)> {
    let ours = headers.iter().filter(|(name, _)| name.as_str().starts_with("ratelimit"));
    ours.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
}

fn user(mut response: Response<Body>, reaches: bool) -> anyhow::Result<Option<Value>> {
    let status = response.status().as_u16();
    let text = response.body_mut().with_config().limit(MOST_BYTES).read_to_string();
    let text = text.context("the answer of session/current.json cannot be read")?;
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    match body.get("current_user") {
        Some(user) if status == 200 && user.get("username").is_some_and(Value::is_string) => Ok(Some(user.clone())),
        _ if status == 403 && !reaches => Ok(None),
        _ => Err(refusal(status, &body)),
    }
}

fn refusal(status: u16, body: &Value) -> anyhow::Error {
    let advice = match status {
        200 => "it has to hold current_user with a username",
        403 => "the site made the key and now refuses it: does it have one database, and do all parts of it run?",
        404 => "the site takes us for nobody: does its proxy pass on the header User-Api-Key?",
        429 => "the key is over its limit: wait a minute",
        _ => "see the site's logs",
    };
    let said = body.pointer("/errors/0").map(|error| format!(" {error}")).unwrap_or_default();
    anyhow!("session/current.json is answered with {status}{said}: {advice}")
}

//! The call that tries the key: whose is it.

use anyhow::{Context as _, anyhow};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use ureq::http::{HeaderMap, Response};
use ureq::tls::RootCerts;
use ureq::{Agent, Body};

use crate::cli::agent::agent;
use crate::cli::handshake::Site;
use crate::cli::print::quoted;

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
        Self { site, agent: agent(super::PROGRAM, site.is_local(), RootCerts::WebPki) }
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
    let said = body.pointer("/errors/0").map(|error| quoted(&format!(" {error}"))).unwrap_or_default();
    anyhow!("session/current.json is answered with {status}{said}: {advice}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_steers_no_terminal_by_its_errors() {
        let said = format!("\u{9b}2J\u{7f}\u{2066}{}", "x".repeat(1000));
        let error = refusal(500, &serde_json::json!({ "errors": [said] })).to_string();
        assert!(error.starts_with("session/current.json is answered with 500 \"2Jxxx"), "{error}");
        assert!(error.ends_with("x…: see the site's logs") && error.len() < 300, "{error}");
        assert!(!error.chars().any(char::is_control), "{error:?}");
    }
}

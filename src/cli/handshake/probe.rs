//! Whether a site gives keys at all.

use anyhow::{Context as _, bail};
use ureq::Agent;
use ureq::http::HeaderMap;
use ureq::http::header::LOCATION;

use super::Site;
use crate::cli::print::quoted;

/// The version of the protocol that the site offers (`C-029`).
pub(super) fn probe(site: &Site, agent: &Agent) -> anyhow::Result<u64> {
    let response = agent
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

fn version(headers: &HeaderMap) -> anyhow::Result<u64> {
    let value = headers.get("auth-api-version").context(
        "HEAD /user-api-key/new is answered without the header Auth-Api-Version; \
         a proxy may drop it, or the site is another kind",
    )?;
    let version = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    version.with_context(|| format!("its Auth-Api-Version is {} and has to be a number", quoted(&format!("{value:?}"))))
}

/// Where a redirect leads, to be shown.
pub(in crate::cli) fn location(headers: &HeaderMap) -> String {
    headers.get(LOCATION).map_or_else(|| "no address".to_owned(), |value| quoted(&format!("{value:?}")))
}

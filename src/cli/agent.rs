//! The HTTP client of the commands that call a site.

use std::time::Duration;

use ureq::Agent;

const PATIENCE: Duration = Duration::from_secs(30);

/// A client of this name. It follows no redirect, because a key must go nowhere else, and takes every status for an
/// answer. What it is told to ask for it sends as it is written, dots, slashes and backslashes too.
pub(super) fn agent(name: &str, site_is_local: bool) -> Agent {
    let builder = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A connection that the other side is about to close would fail the next request.
        .max_idle_connections(0)
        .user_agent(format!("{name}/{}", env!("CARGO_PKG_VERSION")));
    // A proxy is for elsewhere; to it, this computer would be another one.
    let builder = if site_is_local { builder.proxy(None) } else { builder };
    builder.build().into()
}

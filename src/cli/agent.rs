//! The HTTP client of the commands that call a site.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

const PATIENCE: Duration = Duration::from_secs(30);

/// A client of this name. It follows no redirect, because a key must go nowhere else, and takes every status for an
/// answer. What it is told to ask for it sends as it is written, dots, slashes and backslashes too.
pub(super) fn agent(name: &str, site_is_local: bool, authorities: RootCerts) -> Agent {
    let builder = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // A connection that the other side is about to close would fail the next request.
        .max_idle_connections(0)
        .tls_config(TlsConfig::builder().root_certs(authorities).build())
        .user_agent(format!("{name}/{}", env!("CARGO_PKG_VERSION")));
    // A proxy is for elsewhere; to it, this computer would be another one.
    let builder = if site_is_local { builder.proxy(None) } else { builder };
    builder.build().into()
}

/// The authorities of this file, in place of the public ones.
///
/// # Errors
/// When there is no certificate in it.
pub(super) fn authorities(file: &Path) -> anyhow::Result<RootCerts> {
    let pem = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    let found: Vec<Certificate<'static>> = parse_pem(&pem).filter_map(certificate).collect();
    ensure!(!found.is_empty(), "{} holds no certificate: it has to be PEM, with BEGIN CERTIFICATE", file.display());
    Ok(RootCerts::new_with_certs(&found))
}

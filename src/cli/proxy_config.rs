//! `hallpass proxy-config`: prints what a reverse proxy has to be told, for this configuration and one site.
//!
//! The recipes are the templates in `templates/proxy/`; the pages `docs/guide/behind-….md` show the same ones, and
//! `tests/proxies` runs them. `recipe.rs` has what they are made with.

mod headers;
mod paths;
mod recipe;

use std::net::SocketAddr;

use askama::Template;
use clap::{Args, ValueEnum};

use super::place;
use super::print::{data, talk};
use crate::config::Config;
pub(super) use headers::{identity_spellings, rewordings};
use paths::Protected;
pub(super) use paths::is_plain;
pub(super) use recipe::warnings;
use recipe::{Recipe, Site};

/// The proxies there are recipes for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Proxy {
    Nginx,
    Caddy,
    Envoy,
    Traefik,
}

#[derive(Args, Debug)]
pub(super) struct ProxyConfigArgs {
    /// Which proxy
    proxy: Proxy,
    /// The site behind it
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000", value_parser = Site::parse)]
    site: Site,
    /// Where the proxy listens (default: everywhere, at the port of `server.public_url`, or 80 where that is https)
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = place)]
    listen: Option<SocketAddr>,
    /// Verify only what is below this path of the site
    #[arg(long, value_name = "PATH", default_value = "/", value_parser = Protected::parse)]
    protect: Protected,
    /// Have the proxy send `verify.secret`, which is then part of what is printed: for one that `verify.peers` does not list
    #[arg(long)]
    with_secret: bool,
    /// What the names of its parts begin with: two recipes in one proxy need two
    #[arg(long, default_value = "hallpass", value_parser = name)]
    name: String,
}

fn name(text: &str) -> Result<String, &'static str> {
    let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !text.is_empty() { Ok(text.to_owned()) } else { Err("write it in small letters, digits and `_`") }
}

#[derive(Template)]
#[template(path = "proxy/nginx.conf", escape = "none")]
struct Nginx<'a> {
    recipe: &'a Recipe,
}

#[derive(Template)]
#[template(path = "proxy/Caddyfile", escape = "none")]
struct Caddy<'a> {
    recipe: &'a Recipe,
}

#[derive(Template)]
#[template(path = "proxy/envoy.yaml", escape = "none")]
struct Envoy<'a> {
    recipe: &'a Recipe,
}

#[derive(Template)]
#[template(path = "proxy/traefik.yaml", escape = "none")]
struct Traefik<'a> {
    recipe: &'a Recipe,
}

pub(super) fn run(args: &ProxyConfigArgs, config: &Config) -> anyhow::Result<()> {
    let recipe = &Recipe::new(args, config)?;
    let text = match args.proxy {
        Proxy::Nginx => Nginx { recipe }.render()?,
        Proxy::Caddy => Caddy { recipe }.render()?,
        Proxy::Envoy => Envoy { recipe }.render()?,
        Proxy::Traefik => Traefik { recipe }.render()?,
    };
    for warning in warnings(config).into_iter().chain(recipe.taken(&config.server)) {
        talk(&format!("warning: {warning}"));
    }
    Ok(data(text.trim_end())?)
}

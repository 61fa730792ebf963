//! What the recipes are made with.

use std::fmt::{self, Display};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context as _, ensure};
use secrecy::ExposeSecret;

use super::ProxyConfigArgs;
use super::headers::{DROPPED, Header, identity, mixtures};
use super::paths::{Page, Protected, TWICE};
use crate::app::caller_secret;
use crate::config::{self, Config};
use crate::model::PublicUrl;

/// The site behind the proxy: host and port, in clear.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) authority: String,
    host: String,
    port: u16,
}

impl Site {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = PublicUrl::parse(text).map_err(|error| error.to_string())?;
        if url.is_https() || !url.base_path().is_empty() {
            return Err(
                "write it as http://host:port: http, because the proxy reaches it in clear, and without a path"
                    .to_owned(),
            );
        }
        let (host, port) = (url.host(), url.port());
        Ok(Self { authority: format!("{host}:{port}"), host, port })
    }
}

impl Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.authority)
    }
}

/// What Envoy connects to.
pub(super) struct Cluster {
    pub(super) name: &'static str,
    pub(super) host: String,
    pub(super) port: u16,
}

/// One set-up, in the words of the templates.
pub(super) struct Recipe {
    pub(super) site: Site,
    pub(super) public: SocketAddr,
    pub(super) internal: SocketAddr,
    pub(super) public_url: PublicUrl,
    pub(super) https: bool,
    pub(super) host: String,
    pub(super) listen: SocketAddr,
    pub(super) caddy_address: String,
    pub(super) caddy_bind: Option<IpAddr>,
    pub(super) protect: Protected,
    pub(super) twice: &'static str,
    pub(super) identity: Vec<Header>,
    pub(super) dropped: &'static [&'static str],
    pub(super) pages: Vec<Page>,
    pub(super) secret: Option<String>,
    /// What the names of its parts begin with.
    pub(super) name: String,
}

impl Recipe {
    pub(super) fn new(args: &ProxyConfigArgs, config: &Config) -> anyhow::Result<Self> {
        let listen = args.listen;
        let (server, public_url) = (&config.server, config.server.public_url.clone());
        let (public, internal) = (reached(server.listen), reached(server.internal_listen));
        ensure!(public.port() != 0 && internal.port() != 0, "a proxy needs ports that stay: port 0 is any free one");
        let https = public_url.is_https();
        let port = if https { 80 } else { public_url.port() };
        let everywhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
        // Without an address to listen on Caddy gets the certificate itself.
        let caddy_address = match listen {
            None if https => public_url.origin(),
            _ => format!("http://:{}", listen.unwrap_or(everywhere).port()),
        };
        Ok(Self {
            site: args.site.clone(),
            public,
            internal,
            https,
            host: public_url.host(),
            listen: listen.unwrap_or(everywhere),
            caddy_address,
            caddy_bind: listen.map(|listen| listen.ip()).filter(|ip| !ip.is_unspecified()),
            protect: args.protect.clone(),
            twice: TWICE,
            identity: identity(),
            dropped: &DROPPED,
            pages: Page::all(&public_url),
            public_url,
            secret: args.with_secret.then(|| secret(config)).transpose()?,
            name: args.name.clone(),
        })
    }

    /// What keeps the proxy from listening where it is told to.
    pub(super) fn taken(&self, server: &config::Server) -> Option<String> {
        let ours = [("server.listen", server.listen), ("server.internal_listen", server.internal_listen)];
        let any = |address: SocketAddr| address.ip().is_unspecified();
        let same = |at: SocketAddr| {
            at.port() == self.listen.port() && (at.ip() == self.listen.ip() || any(at) || any(self.listen))
        };
        let (setting, at) = ours.into_iter().find(|(_, at)| same(*at))?;
        Some(format!(
            "on this machine the proxy cannot listen at {}, because Hallpass does ({setting} is {at}): give it another \
             port with --listen, and set server.public_url to what browsers then see, such as http://{}:8000",
            self.listen, self.host
        ))
    }

    pub(super) fn protects_all(&self) -> bool {
        self.protect.is_all()
    }

    pub(super) fn pages_pattern(&self) -> String {
        self.each_page(Page::pattern, "|")
    }

    pub(super) fn pages_globs(&self) -> String {
        self.each_page(Page::glob, " ")
    }

    pub(super) fn pages_rule(&self) -> String {
        self.each_page(Page::rule, " || ")
    }

    fn each_page(&self, word: fn(&Page) -> String, between: &str) -> String {
        self.pages.iter().map(word).collect::<Vec<_>>().join(between)
    }

    /// Caddy takes out whole families of headers, these are the others.
    pub(super) fn dropped_by_caddy(&self) -> impl Iterator<Item = &str> {
        let family = |name: &str| name.starts_with("X-Original-") || name.starts_with("Hallpass-");
        self.dropped.iter().copied().filter(move |name| !family(name))
    }

    /// Envoy takes out underscores itself, and adds its own word on the client's address.
    pub(super) fn never_from_a_client(&self) -> impl Iterator<Item = String> {
        let own = ["X-Forwarded-For", "X-Forwarded-Host"];
        let names = self.identity.iter().map(|header| header.name).chain(own).chain(self.dropped.iter().copied());
        names.map(str::to_ascii_lowercase)
    }

    /// For a proxy that knows neither families nor underscores.
    pub(super) fn every_spelling(&self) -> impl Iterator<Item = String> {
        let dropped = self.dropped.iter().filter(|name| **name != "Hallpass-Secret").map(|name| (*name).to_owned());
        self.identity.iter().flat_map(|header| mixtures(header.name)).chain(dropped)
    }

    pub(super) fn clusters(&self) -> [Cluster; 3] {
        let ours = |name, at: SocketAddr| Cluster { name, host: at.ip().to_string(), port: at.port() };
        // Envoy writes an IPv6 address without brackets.
        let host = self.site.host.trim_matches(['[', ']']).to_owned();
        [
            ours("hallpass_verify", self.internal),
            ours("hallpass_pages", self.public),
            Cluster { name: "hallpass_site", host, port: self.site.port },
        ]
    }
}

/// Nothing in a recipe is escaped, so what a proxy would read in its own way cannot be part of it.
fn secret(config: &Config) -> anyhow::Result<String> {
    let secret = caller_secret(&config.verify.secret)?
        .context("--with-secret: there is none; set verify.secret or verify.secret_file")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    ensure!(
        secret.expose_secret().chars().all(plain),
        "--with-secret: of verify.secret a proxy takes letters, digits, `-` and `_`, as `openssl rand -hex 32` prints them"
    );
    Ok(secret.expose_secret().to_owned())
}

/// Where a listener is reached from the same machine.
fn reached(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// What in the configuration does not go with a proxy.
pub(in crate::cli) fn warnings(config: &Config) -> Vec<String> {
    let server = &config.server;
    let local = server.listen.ip();
    let mut warnings = Vec::new();
    if local.is_loopback() && !server.trusted_proxies.iter().any(|net| net.contains(&local)) {
        warnings.push(format!(
            "server.trusted_proxies does not list {local}: to Hallpass all visitors share the proxy's address"
        ));
    }
    warnings
}

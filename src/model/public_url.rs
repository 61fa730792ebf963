//! The address under which browsers and applications reach the service.

use std::fmt::{self, Display};
use std::net::IpAddr;

use url::{Host, Url};

/// What is wrong with a public URL. Never repeats the URL, which may hold a password by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// Another scheme, none, or one not in lower case.
    #[error("it does not begin with `http://` or `https://`")]
    Scheme,
    /// No host, or one that no browser would take.
    #[error("its host or port cannot be read")]
    Host,
    /// `0.0.0.0` or `[::]`: fit for listening, not for links.
    #[error("0.0.0.0 and [::] are addresses to listen on; a browser needs a name or an address it can reach")]
    Unspecified,
    /// A user name or password before the host.
    #[error("it has a user name or a password in it")]
    Credentials,
    /// `?` or `#`.
    #[error("it has a query or a fragment")]
    QueryOrFragment,
    /// A path that cookies and proxies could read in two ways.
    #[error("each part of its path must be letters, digits, `.`, `_`, `~` and `-`, and not `.` or `..`")]
    Path,
}

/// Scheme, host, port and path prefix under which the service is reached. Every link, cookie path and route honours it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    host: Host<String>,
    port: Option<u16>,
    base: String,
}

impl PublicUrl {
    /// Reads an absolute URL such as `https://example.org/hall`; a slash at the end is dropped.
    ///
    /// # Errors
    /// When it is anything but scheme, host, port and a plain path.
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or(PublicUrlError::Scheme)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(PublicUrlError::Credentials);
        }
        if rest.contains(['?', '#']) {
            return Err(PublicUrlError::QueryOrFragment);
        }
        let (host, port) = host_and_port(text, authority)?;
        Ok(Self { https: text.starts_with("https"), host, port, base: base(path)? })
    }

    /// Whether the scheme is https, on which cookie names and HSTS depend (`security.md W4`).
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// The host as a URL carries it, an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The port, that of the scheme when the URL names none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(if self.https { 443 } else { 80 })
    }

    /// What a browser sends as `Origin`: `https://example.org`, with the port where it is not the scheme's own.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.https { "https" } else { "http" };
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{scheme}://{}{port}", self.host)
    }

    /// The prefix of every path: empty, or such as `/hall`, without a slash at the end.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.base
    }

    /// The `Path` attribute of our cookies: `/`, or the prefix.
    #[must_use]
    pub fn cookie_path(&self) -> &str {
        if self.base.is_empty() { "/" } else { &self.base }
    }

    /// A path of ours as a browser must ask for it: `/x` becomes `/hall/x`.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        let slash = if path.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path}", self.base)
    }

    /// The absolute link to a path of ours: `/x` becomes `https://example.org/hall/x`.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{}", self.origin(), self.path(path))
    }

    /// Whether only this machine can follow the link: 127.0.0.0/8, `[::1]`, `localhost` and names under it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }
}

fn host_and_port(text: &str, authority: &str) -> Result<(Host<String>, Option<u16>), PublicUrlError> {
    // The URL parser repairs white space and backslashes; whoever else reads the setting may not.
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '*' | '%');
    if authority.contains(odd) || authority.ends_with(':') {
        return Err(PublicUrlError::Host);
    }
    let url = Url::parse(text).ok().ok_or(PublicUrlError::Host)?;
    let host = url.host().map(|host| host.to_owned()).ok_or(PublicUrlError::Host)?;
    let address = match &host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(IpAddr::from(*address)),
        Host::Ipv6(address) => Some(IpAddr::from(*address)),
    };
    if address.is_some_and(|address| address.is_unspecified()) {
        return Err(PublicUrlError::Unspecified);
    }
    Ok((host, url.port()))
}

fn base(path: &str) -> Result<String, PublicUrlError> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '~' | '-');
    let good = |part: &str| !matches!(part, "" | "." | "..") && part.chars().all(plain);
    if path.split('/').skip(1).all(good) { Ok(path.to_owned()) } else { Err(PublicUrlError::Path) }
}

impl Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.base)
    }
}

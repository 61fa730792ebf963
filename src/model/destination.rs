//! A redirect in the words of the pages: where the key goes, and what the browser must be told to let it go there.

use url::quirks::domain_to_unicode;

use super::redirect::RedirectUri;
use super::script::is_of_one_script;

/// Where a key goes (`security.md C2`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A program on the visitor's own computer that listens there.
    Loopback {
        /// `127.0.0.1`, `[::1]` or `localhost`.
        host: String,
        /// Its port.
        port: u16,
    },
    /// A website.
    Web {
        /// `https` or `http`.
        scheme: String,
        /// The host in lower case, in its `xn--` form where it has one. Always shown.
        host: String,
        /// The host in letters, where that differs and no label mixes scripts (`security.md C3`). Never shown alone.
        host_unicode: Option<String>,
        /// The port where it is not the scheme's own.
        port: Option<u16>,
    },
    /// An application that took a scheme of its own on this device. Anyone could have taken the same one.
    Private {
        /// The scheme in lower case, without colon.
        scheme: String,
    },
}

impl RedirectUri {
    /// Where the key goes.
    #[must_use]
    pub fn destination(&self) -> Destination {
        let (scheme, host) = (self.scheme().to_owned(), self.host().to_ascii_lowercase());
        match self.port() {
            _ if !self.is_web() => Destination::Private { scheme },
            Some(port) if is_loopback(&host) => Destination::Loopback { host, port },
            port => Destination::Web {
                scheme,
                host_unicode: readable(&host),
                host,
                port: port.filter(|_| !self.uri().has_usual_port()),
            },
        }
    }

    /// The host as the page's model has it in `redirect_uri`: with the port unless it is 80 or 443 (`C-053`,
    /// `C-055`); `None` for the official phone application, whose redirect says nothing to a reader (`C-054`).
    #[must_use]
    pub fn host_label(&self) -> Option<String> {
        if self.as_str() == "discourse://auth_redirect" {
            return None;
        }
        Some(match self.port() {
            None | Some(80 | 443) => self.host().to_owned(),
            Some(port) => format!("{}:{port}", self.host()),
        })
    }

    /// The source that `form-action` must name so that the browser follows the redirect after the form
    /// (`security.md W1`).
    ///
    /// The origin where CSP can write it; the scheme alone for private schemes and for hosts that CSP's grammar does
    /// not know: IPv6, IPv4 other than 127.0.0.1, names with `_` or an empty label. Being wider there costs little;
    /// being wrong makes a key and loses it.
    #[must_use]
    pub fn form_action(&self) -> String {
        let (scheme, host) = (self.scheme(), self.host().to_ascii_lowercase());
        if !self.is_web() || !is_csp_host(&host) {
            return format!("{scheme}:");
        }
        match self.port() {
            Some(port) if !self.uri().has_usual_port() => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }
    }

    fn is_web(&self) -> bool {
        matches!(self.scheme(), "http" | "https")
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "[::1]" | "localhost")
}

/// `host-part` of CSP 3, which matches no other address than 127.0.0.1.
fn is_csp_host(host: &str) -> bool {
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    host == "127.0.0.1" || (host.split('.').all(label) && host.parse::<std::net::Ipv4Addr>().is_err())
}

fn readable(host: &str) -> Option<String> {
    let text = domain_to_unicode(host);
    (!text.is_empty() && text != host && text.split('.').all(is_of_one_script)).then_some(text)
}

//! Which site is meant.

use std::fmt::{self, Display};

use url::{Host, Url};

/// The address of a site, under which its pages lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Site(Url);

impl Site {
    /// An address as people write it: a path may follow, the scheme may be left out.
    pub(in crate::cli) fn parse(text: &str) -> Result<Self, String> {
        let mut url = with_scheme(text.trim()).map_err(|error| {
            format!("it is no address ({error}): write it as example.org or https://example.org/forum")
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("a site has an address with http:// or https://".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err("leave out what is no address: a name before an @, a ?query, a #fragment".to_owned());
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }

    /// The address of a page of the site.
    pub(in crate::cli) fn page(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path()));
        url
    }

    /// Whether it runs on this machine.
    pub(in crate::cli) fn is_local(&self) -> bool {
        is_local(&self.0)
    }

    /// Whether others on the way can read along.
    pub(in crate::cli) fn is_in_clear(&self) -> bool {
        self.0.scheme() == "http" && !self.is_local()
    }
}

/// Without the slash at the end, as people write it.
impl Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// `localhost:8080` alone would be read as the scheme `localhost`.
fn with_scheme(text: &str) -> Result<Url, url::ParseError> {
    if text.contains("://") {
        return Url::parse(text);
    }
    let url = Url::parse(&format!("https://{text}"))?;
    if is_local(&url) { Url::parse(&format!("http://{text}")) } else { Ok(url) }
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_scheme_is_https_and_http_on_this_machine() {
        let rows = [
            ("forum.example.org", "https://forum.example.org"),
            ("example.org/forum/", "https://example.org/forum"),
            ("http://example.org", "http://example.org"),
            ("localhost:8080", "http://localhost:8080"),
            ("127.0.0.1:443/a", "http://127.0.0.1:443/a"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("https://localhost", "https://localhost"),
        ];
        for (text, address) in rows {
            assert_eq!(Site::parse(text).unwrap().to_string(), address, "{text}");
        }
    }

    #[test]
    fn pages_lie_under_the_sites_path() {
        for text in ["example.org/forum", "example.org/forum/"] {
            let page = Site::parse(text).unwrap().page("session/current.json");
            assert_eq!(page.as_str(), "https://example.org/forum/session/current.json");
        }
    }

    #[test]
    fn what_is_no_site_is_refused() {
        for text in ["", "ftp://example.org", "https://ada@example.org", "example.org/?a", "example.org#a", "a b"] {
            assert!(Site::parse(text).is_err(), "{text}");
        }
    }
}

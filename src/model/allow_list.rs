//! Which redirects the operator allows.

use super::redirect::RedirectUri;
use super::uri::Uri;
use super::url_pattern::{UrlPattern, UrlPatterns};

const MAX_ENTRIES: usize = 1000;
const MAX_ENTRY_BYTES: usize = 2000;

/// A list that is surely a slip.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowListError {
    /// More than 1,000 entries.
    #[error("{0} entries, and 1000 are allowed: use a wildcard")]
    TooMany(usize),
    /// An entry longer than any redirect.
    #[error("entry {0} is longer than 2000 bytes, which no redirect can be")]
    TooLong(usize),
}

/// The operator's list, and the loopback exception beside it (`C-092` to `C-108`, `security.md R2`, `R3`).
#[derive(Clone, Debug)]
pub struct RedirectRules {
    patterns: UrlPatterns,
    loopback: bool,
    localhost: bool,
}

impl RedirectRules {
    /// Rules from the operator's entries. `loopback` allows `http` on `127.0.0.1` and `[::1]` with any port and path,
    /// as desktop applications need (RFC 8252 7.3); `localhost` the same on that name, and only together with
    /// `loopback`.
    ///
    /// # Errors
    /// When there are more than 1,000 entries or one is longer than 2,000 bytes. An entry that is no URL is no error:
    /// it never matches (`C-094`), and [`RedirectRules::warnings`] tells.
    pub fn parse(entries: &[String], loopback: bool, localhost: bool) -> Result<Self, AllowListError> {
        if entries.len() > MAX_ENTRIES {
            return Err(AllowListError::TooMany(entries.len()));
        }
        if let Some(position) = entries.iter().position(|entry| entry.len() > MAX_ENTRY_BYTES) {
            return Err(AllowListError::TooLong(position.saturating_add(1)));
        }
        Ok(Self { patterns: UrlPatterns::new(entries), loopback, localhost })
    }

    /// Whether a key may be sent there.
    #[must_use]
    pub fn allows(&self, redirect: &RedirectUri) -> bool {
        self.loopback_allows(redirect.uri()) || self.patterns.allow(redirect.uri())
    }

    /// What an operator should know about the list, one sentence for each thing, in its order: entries that never
    /// match, and entries that match more than they seem to.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.patterns.iter().flat_map(|pattern| self.warnings_about(pattern)).collect()
    }

    fn loopback_allows(&self, uri: &Uri) -> bool {
        self.loopback && uri.scheme() == "http" && self.is_loopback_host(uri.host())
    }

    fn is_loopback_host(&self, host: &str) -> bool {
        matches!(host, "127.0.0.1" | "[::1]") || (self.localhost && host.eq_ignore_ascii_case("localhost"))
    }

    fn warnings_about(&self, pattern: &UrlPattern) -> Vec<String> {
        let entry = pattern.as_str();
        let about = |sentence: &str| format!("{entry:?} {sentence}");
        if entry == "*" {
            return vec![about("allows every redirect, on http as well: any site may ask your users for keys")];
        }
        let Some(uri) = pattern.uri() else {
            return vec![about(&never(pattern))];
        };
        if pattern.is_loopback_shorthand() {
            return vec![about(if self.loopback {
                "is not needed: the settings for loopback redirects allow any port and path of this computer"
            } else {
                "is read as any port of exactly this host; it matches no longer host name"
            })];
        }
        // The entry with its stars filled in is the plainest redirect it could match.
        if let Err(error) = RedirectUri::parse(&entry.replace('*', "x")) {
            return vec![about(&format!("never matches: {error}"))];
        }
        [wildcard(uri.host()), foreign_http(uri)].into_iter().flatten().map(about).collect()
    }
}

fn never(pattern: &UrlPattern) -> String {
    let reason = pattern.never().map(|error| error.to_string()).unwrap_or_default();
    let hint = match pattern.as_str() {
        entry if entry.contains('|') => "; write one URL for each entry",
        entry if entry.contains(":*") || entry.contains("]*") => {
            "; for any port of this computer use allow_loopback_redirects"
        }
        _ => "",
    };
    format!("never matches: {reason}{hint}")
}

fn wildcard(host: &str) -> Option<&'static str> {
    let subdomains = host.strip_prefix("*.").is_some_and(|rest| !rest.contains('*'));
    match host {
        _ if !host.contains('*') => None,
        _ if host.ends_with('*') => Some(
            "has a wildcard at the end of its host: anyone can register a name that matches; write the host in full",
        ),
        _ if subdomains => Some("allows every subdomain at any depth: whoever gets one of them gets keys"),
        _ => Some(
            "has a wildcard inside its host, which also stands for dots: whoever gets a name that matches gets keys",
        ),
    }
}

fn foreign_http(uri: &Uri) -> Option<&'static str> {
    let here = matches!(uri.host(), "127.0.0.1" | "[::1]") || uri.host().eq_ignore_ascii_case("localhost");
    (uri.scheme() == "http" && !here)
        .then_some("sends keys over plain http: anyone on the way can read the redirect; use https")
}

//! The operator's patterns for URLs, matched by the protocol's rules (`C-092` to `C-108`). Redirects and push URLs
//! share them.

use super::uri::{Uri, UriError};

/// A list of patterns; a URL needs to match one.
#[derive(Clone, Debug)]
pub struct UrlPatterns(Vec<UrlPattern>);

impl UrlPatterns {
    /// Patterns as the operator wrote them. One that is no URL never matches (`C-094`).
    #[must_use]
    pub fn new(entries: &[String]) -> Self {
        Self(entries.iter().map(|entry| UrlPattern::new(entry)).collect())
    }

    /// Whether one of them matches.
    #[must_use]
    pub fn allow(&self, candidate: &Uri) -> bool {
        self.0.iter().any(|pattern| pattern.matches(candidate))
    }

    /// Each of them, in the operator's order.
    pub fn iter(&self) -> impl Iterator<Item = &UrlPattern> {
        self.0.iter()
    }
}

/// One pattern.
#[derive(Clone, Debug)]
pub struct UrlPattern {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// `*` alone (`C-093`).
    Any,
    /// No URL (`C-094`).
    Never(UriError),
    /// Each part against its own pattern, so that no star reaches from one part into the next (`C-102`).
    Parts(Uri),
    /// `http://127.0.0.1*`: the URL without the star in its host, on any port.
    Loopback(Uri),
}

impl UrlPattern {
    /// The pattern an entry of the list means.
    ///
    /// `http://127.0.0.1*` and `http://localhost*` are in wide use for "any port of this computer". Taken by the
    /// letter they would match the host `127.0.0.1.evil.example` and no port at all; here they mean that one host,
    /// any port, and any path unless the entry goes on with one.
    #[must_use]
    pub fn new(entry: &str) -> Self {
        let kind = match Uri::parse(entry) {
            _ if entry == "*" => Kind::Any,
            Ok(uri) if loopback_of(uri.host()).is_some() => Kind::Loopback(uri),
            Ok(uri) => Kind::Parts(uri),
            Err(error) => Kind::Never(error),
        };
        Self { text: entry.to_owned(), kind }
    }

    /// The entry as the operator wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Why the entry can never match; `None` where it may.
    #[must_use]
    pub const fn never(&self) -> Option<UriError> {
        match self.kind {
            Kind::Never(error) => Some(error),
            _ => None,
        }
    }

    /// Its parts, stars and all; `None` for `*` and for what is no URL.
    #[must_use]
    pub const fn uri(&self) -> Option<&Uri> {
        match &self.kind {
            Kind::Parts(uri) | Kind::Loopback(uri) => Some(uri),
            Kind::Any | Kind::Never(_) => None,
        }
    }

    /// Whether it is one of the `http://127.0.0.1*` kind.
    #[must_use]
    pub const fn is_loopback_shorthand(&self) -> bool {
        matches!(self.kind, Kind::Loopback(_))
    }

    /// Whether this URL matches.
    #[must_use]
    pub fn matches(&self, candidate: &Uri) -> bool {
        match &self.kind {
            Kind::Any => true,
            Kind::Never(_) => false,
            Kind::Parts(uri) => {
                same_door(uri, candidate)
                    && uri.port() == candidate.port()
                    && host_matches(uri.host(), candidate.host())
                    && rest_matches(uri, candidate)
            }
            Kind::Loopback(uri) => {
                let host = loopback_of(uri.host()).is_some_and(|host| host.eq_ignore_ascii_case(candidate.host()));
                let all = uri.path_and_query().is_empty() && uri.fragment().is_none();
                same_door(uri, candidate) && host && (all || rest_matches(uri, candidate))
            }
        }
    }
}

/// The host of a `127.0.0.1*` without its star.
fn loopback_of(host: &str) -> Option<&str> {
    host.strip_suffix('*').filter(|host| *host == "127.0.0.1" || host.eq_ignore_ascii_case("localhost"))
}

/// Scheme (`C-095`) and user info (`C-097`), where stars are plain characters.
fn same_door(pattern: &Uri, candidate: &Uri) -> bool {
    let lower = |uri: &Uri| uri.userinfo().map(str::to_ascii_lowercase);
    pattern.scheme() == candidate.scheme() && lower(pattern) == lower(candidate)
}

/// `C-098` to `C-100`. A star stands for letters, digits, dots and hyphens.
fn host_matches(pattern: &str, host: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    // A lone leading `*.` wants something before the dot: the bare domain is another site (`C-099`).
    let apex = pattern.strip_prefix('*').filter(|rest| rest.starts_with('.') && !rest.contains('*'));
    glob(pattern, host, in_name) && apex.is_none_or(|apex| apex.len() != host.len())
}

/// `C-101` to `C-106`.
fn rest_matches(pattern: &Uri, candidate: &Uri) -> bool {
    let any = |byte| byte != b'\n';
    glob(pattern.path_and_query(), candidate.path_and_query(), any)
        && match (pattern.fragment(), candidate.fragment()) {
            (None, None) => true,
            (Some(pattern), Some(fragment)) => glob(pattern, fragment, any),
            _ => false,
        }
}

/// Whether all of `text` matches, a star standing for any run of bytes that it accepts. Time is the product of the
/// two lengths, whatever the pattern.
fn glob(pattern: &str, text: &str, star_accepts: impl Fn(u8) -> bool) -> bool {
    // reached[n]: the pattern as far as read matches the first n bytes of the text.
    let mut reached: Vec<bool> = std::iter::once(true).chain(text.bytes().map(|_| false)).collect();
    for wanted in pattern.bytes() {
        if wanted == b'*' {
            let mut open = false;
            let before = std::iter::once(None).chain(text.bytes().map(Some));
            for (here, byte) in reached.iter_mut().zip(before) {
                *here = *here || (open && byte.is_some_and(&star_accepts));
                open = *here;
            }
        } else {
            let steps =
                reached.iter().zip(text.bytes()).map(|(here, byte)| *here && byte.eq_ignore_ascii_case(&wanted));
            reached = std::iter::once(false).chain(steps).collect();
        }
    }
    reached.last().is_some_and(|end| *end)
}

//! A URL taken apart by RFC 3986, on its raw text.
//!
//! Nothing is decoded, normalised or repaired (`C-108`): a matcher that sees another text than the browser is where
//! redirect bugs come from.

/// Why a text is no URL with a scheme and a host (`C-092`), in words for whoever wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// Nothing before a colon that could be a scheme.
    #[error("the URL has no scheme: write it in full, as in https://app.example/callback or myapp://callback")]
    NoScheme,
    /// No `//` after the scheme, or nothing behind it.
    #[error("the URL has no host: write it in full, as in https://app.example/callback or myapp://callback")]
    NoHost,
    /// A space.
    #[error("the URL holds a space: write it as %20")]
    Space,
    /// A tab, a line end or another control character.
    #[error("the URL holds a control character, such as a tab or a line break: take it out")]
    Control,
    /// A backslash, which browsers read as a slash.
    #[error("the URL holds a backslash: use / between parts, or write %5C")]
    Backslash,
    /// A character above 127.
    #[error("the URL holds {0:?}, which is not ASCII: write a host in its xn-- form and the rest percent-encoded")]
    NotAscii(char),
    /// A character RFC 3986 does not allow there.
    #[error("the URL holds {0:?} where it cannot stand: write it percent-encoded")]
    Character(char),
    /// A percent sign without two hexadecimal digits.
    #[error("the URL holds a % that is not followed by two hexadecimal digits: write a percent sign itself as %25")]
    Percent,
    /// A host that is no name and no address.
    #[error("the URL's host is no host name and no [IPv6 address]: check brackets and colons")]
    Host,
    /// Not a number up to 65535.
    #[error("the URL's port is not a number from 0 to 65535")]
    Port,
}

/// The parts of a URL, each as written, but for the scheme, which is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Uri {
    scheme: String,
    userinfo: Option<String>,
    host: String,
    port: Option<u16>,
    path_and_query: String,
    fragment: Option<String>,
}

impl Uri {
    /// The parts of this text.
    ///
    /// # Errors
    /// When it is no URL with a scheme and a host.
    pub fn parse(text: &str) -> Result<Self, UriError> {
        check_characters(text)?;
        let (rest, fragment) = cut(text, '#');
        let (rest, query) = cut(rest, '?');
        let (scheme, rest) = rest.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).ok_or(UriError::NoScheme)?;
        let rest = rest.strip_prefix("//").ok_or(UriError::NoHost)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        // Square brackets belong to hosts; in queries they are everywhere (`a[]=1`) and mean nothing to a parser.
        if let Some(odd) = path.chars().chain(fragment.unwrap_or("").chars()).find(|c| matches!(c, '[' | ']' | '#')) {
            return Err(UriError::Character(odd));
        }
        let (userinfo, host_and_port) = match authority.rsplit_once('@') {
            Some((userinfo, rest)) => (Some(userinfo.to_owned()), rest),
            None => (None, authority),
        };
        let (host, port) = host_and_port_of(host_and_port)?;
        let scheme = scheme.to_ascii_lowercase();
        Ok(Self {
            port: port.or_else(|| default_port(&scheme)),
            scheme,
            userinfo,
            host: host.to_owned(),
            path_and_query: join(path, query),
            fragment: fragment.map(str::to_owned),
        })
    }

    /// The scheme in lower case.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What stands before an `@`.
    #[must_use]
    pub fn userinfo(&self) -> Option<&str> {
        self.userinfo.as_deref()
    }

    /// The host as written, an IPv6 address with its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, or the scheme's own: 80 for http, 443 for https, none for others (`C-096`).
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// Host and port as a request carries them: the port where it is not the scheme's own.
    #[must_use]
    pub fn authority(&self) -> String {
        let port = self.port.filter(|_| !self.has_usual_port()).map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}{port}", self.host)
    }

    /// Path, and `?query` where there is one that is not empty (`C-101`).
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }

    /// What stands behind the `#`.
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }

    /// Whether the port is the one a browser takes when none is written.
    #[must_use]
    pub fn has_usual_port(&self) -> bool {
        self.port == default_port(&self.scheme)
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn join(path: &str, query: Option<&str>) -> String {
    match query {
        None | Some("") => path.to_owned(),
        Some(query) => format!("{path}?{query}"),
    }
}

fn check_characters(text: &str) -> Result<(), UriError> {
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            ' ' => return Err(UriError::Space),
            '\\' => return Err(UriError::Backslash),
            '%' if !starts_with_two_digits(rest.as_str()) => return Err(UriError::Percent),
            '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}' => return Err(UriError::Character(character)),
            _ if character.is_ascii_control() => return Err(UriError::Control),
            _ if !character.is_ascii() => return Err(UriError::NotAscii(character)),
            _ => {}
        }
    }
    Ok(())
}

fn starts_with_two_digits(text: &str) -> bool {
    text.as_bytes().first_chunk::<2>().is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn host_and_port_of(text: &str) -> Result<(&str, Option<u16>), UriError> {
    // The colons of an IPv6 address stand inside brackets, so the last `]` ends the host.
    let after_brackets = text.rfind(']').map_or(0, |at| at.saturating_add(1));
    let colon = text.rfind(':').filter(|colon| *colon >= after_brackets).unwrap_or(text.len());
    let (host, port) = text.split_at(colon);
    if host.is_empty() {
        return Err(UriError::NoHost);
    }
    let name = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let sound = match name {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.contains([':', '[', ']', '@']),
    };
    if !sound {
        return Err(UriError::Host);
    }
    Ok((host, port_of(port)?))
}

/// The number behind a colon; RFC 3986 lets a colon stand alone.
fn port_of(text: &str) -> Result<Option<u16>, UriError> {
    let digits = text.strip_prefix(':').unwrap_or(text);
    if digits.is_empty() {
        return Ok(None);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(UriError::Port);
    }
    digits.parse().map(Some).or(Err(UriError::Port))
}

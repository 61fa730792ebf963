//! The URL of a PostgreSQL database, as its client library reads it; the password is in there and never comes out.

use std::fmt::{self, Debug, Display};

use secrecy::{ExposeSecret, SecretString};

/// What is wrong with the URL. Never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostgresUrlError {
    /// No name of a database: the client would take that of the user.
    #[error("it names no database: `postgres://user:password@host/name`")]
    NoName,
    /// A `@`, `/` or the like in the name or the password.
    #[error("what is special in a URL must be percent-encoded in the name and the password: `@` as %40, `/` as %2F")]
    Encode,
    /// A space, a control character, or `%` without two hexadecimal digits.
    #[error("it contains a space, a control character, or a `%` that begins no percent-encoded character")]
    Character,
    /// A host or port that cannot be.
    #[error("its host or port cannot be")]
    Host,
    /// A parameter without a value, or whose name is written as none is: percent-encoded it would pass for another.
    #[error(
        "its parameters are not written `?name=value&name=value`, with names in small letters and nothing encoded in them"
    )]
    Parameter,
}

/// `postgres://user:password@host:port/name?sslmode=verify-full`: everything that libpq takes in a URL.
#[derive(Clone)]
pub struct PostgresUrl {
    /// As it was given.
    whole: SecretString,
    /// Without passwords.
    shown: String,
}

impl PostgresUrl {
    /// Reads a URL. Stricter than the client library, whose complaints repeat what they are about.
    ///
    /// # Errors
    /// See [`PostgresUrlError`].
    pub fn parse(text: &str) -> Result<Self, PostgresUrlError> {
        if !is_encoded(text) {
            return Err(PostgresUrlError::Character);
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        if query.contains('@') || rest.contains('#') {
            return Err(PostgresUrlError::Encode);
        }
        let (server, name) = place.split_once('/').ok_or(PostgresUrlError::NoName)?;
        let (login, hosts) = server.rsplit_once('@').map_or((None, server), |(login, hosts)| (Some(login), hosts));
        let login = login.map(without_password).transpose()?;
        if name.contains(['@', '/']) {
            return Err(PostgresUrlError::Encode);
        }
        if name.is_empty() {
            return Err(PostgresUrlError::NoName);
        }
        if !hosts.split(',').all(is_host) {
            return Err(PostgresUrlError::Host);
        }
        let login = login.map(|user| format!("{user}@")).unwrap_or_default();
        let shown = format!("{scheme}://{login}{hosts}/{name}{}", harmless(query)?);
        Ok(Self { whole: text.to_owned().into(), shown })
    }

    /// The URL for the client library, with these parameters where it does not have them itself.
    #[must_use]
    pub fn with(&self, defaults: &[(&str, String)]) -> SecretString {
        let mut url = self.whole.expose_secret().to_owned();
        for (name, value) in defaults {
            let begun = url.contains('?');
            if !parameters(&url).any(|(there, _)| there == *name) {
                url = format!("{url}{}{name}={value}", if begun { '&' } else { '?' });
            }
        }
        url.into()
    }
}

fn is_encoded(text: &str) -> bool {
    let two =
        |rest: &str| rest.as_bytes().first_chunk().is_some_and(|two: &[u8; 2]| two.iter().all(u8::is_ascii_hexdigit));
    let zero = |rest: &str| rest.starts_with("00");
    text.chars().all(|c| c.is_ascii_graphic()) && text.split('%').skip(1).all(|rest| two(rest) && !zero(rest))
}

/// The user of `user:password`.
fn without_password(login: &str) -> Result<&str, PostgresUrlError> {
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    if [user, password].iter().any(|part| part.contains(['@', ':'])) { Err(PostgresUrlError::Encode) } else { Ok(user) }
}

/// A name or an address, in brackets where it has colons, and perhaps a port; nothing is a Unix socket.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.split_once(']') {
        Some((address, port)) => (address.strip_prefix('[').unwrap_or("]"), port.strip_prefix(':').or(Some(port))),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let of_host = |c: char| c.is_ascii_alphanumeric() || ".-_%:".contains(c);
    host.chars().all(of_host) && port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = text.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('='))
}

/// What may be shown of a URL's parameters. Any other may be a secret: the client library gets new ones, and hides none in a URL.
const SHOWN: [&str; 20] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "gssencmode",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "load_balance_hosts",
    "port",
    "require_auth",
    "sslcert",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// The parameters that may be shown, with their `?`.
fn harmless(query: &str) -> Result<String, PostgresUrlError> {
    if query.is_empty() {
        return Ok(String::new());
    }
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_written =
        |pair: &str| pair.split_once('=').is_some_and(|(name, value)| is_name(name) && !value.contains('='));
    if !query.split('&').all(is_written) {
        return Err(PostgresUrlError::Parameter);
    }
    let is_shown = |pair: &&str| pair.split_once('=').is_some_and(|(name, _)| SHOWN.contains(&name));
    let harmless = query.split('&').filter(is_shown).collect::<Vec<_>>().join("&");
    Ok(if harmless.is_empty() { harmless } else { format!("?{harmless}") })
}

impl Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

impl PartialEq for PostgresUrl {
    fn eq(&self, other: &Self) -> bool {
        self.whole.expose_secret() == other.whole.expose_secret()
    }
}

impl Eq for PostgresUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_passwords() {
        for (url, shown) in [
            ("postgres://ada:s3cr3t@db.example/hall", "postgres://ada@db.example/hall"),
            (
                "postgresql://ada:s3c%40r3t@[::1]:5433/hall?sslmode=verify-full",
                "postgresql://ada@[::1]:5433/hall?sslmode=verify-full",
            ),
            ("postgres://ada@a:1,b:2/hall?password=s3cr3t", "postgres://ada@a:1,b:2/hall"),
            ("postgres:///hall?host=/run/postgresql&sslpassword=s3cr3t", "postgres:///hall?host=/run/postgresql"),
            ("postgres://h/hall?oauth_client_secret=s3cr3t&scram_client_key=s3c&port=1", "postgres://h/hall?port=1"),
            ("postgres://h/hall?options=-cmy.key%3Ds3cr3t", "postgres://h/hall"),
        ] {
            let parsed = PostgresUrl::parse(url).unwrap();
            assert_eq!(parsed.to_string(), shown);
            assert!(!format!("{parsed:?}").contains("s3c"), "{parsed:?}");
        }
    }

    #[test]
    fn what_the_client_would_misread_is_refused_without_repeating_it() {
        for (url, why) in [
            ("postgres://ada:s3cr3t@db.example", PostgresUrlError::NoName),
            ("postgres://ada:s3cr3t@db.example/", PostgresUrlError::NoName),
            ("postgres://ada:s3/cr3t@db.example/hall", PostgresUrlError::Encode),
            ("postgres://ada:s3@cr3t@db.example/hall", PostgresUrlError::Encode),
            ("postgres://ada:s3?cr3t@db.example/hall", PostgresUrlError::Encode),
            ("postgres://ada:s3%cr3t@db.example/hall", PostgresUrlError::Character),
            ("postgres://ada:s3 cr3t@db.example/hall", PostgresUrlError::Character),
            ("postgres://ada:s3cr3t@db.example:port/hall", PostgresUrlError::Host),
            ("postgres://ada:s3cr3t@db.example/hall?sslmode", PostgresUrlError::Parameter),
            ("postgres://ada@db.example/hall?p%61ssword=s3cr3t", PostgresUrlError::Parameter),
            ("postgres://ada@db.example/hall?s3cr3t=1", PostgresUrlError::Parameter),
        ] {
            let error = PostgresUrl::parse(url).unwrap_err();
            assert_eq!(error, why, "{url}");
            assert!(!error.to_string().contains("cr3t"));
        }
    }

    #[test]
    fn defaults_give_way_to_what_the_url_says() {
        let defaults = [("connect_timeout", "5".to_owned()), ("tcp_user_timeout", "10000".to_owned())];
        let url = PostgresUrl::parse("postgres://h/n?connect_timeout=2").unwrap().with(&defaults);
        assert_eq!(url.expose_secret(), "postgres://h/n?connect_timeout=2&tcp_user_timeout=10000");
        let url = PostgresUrl::parse("postgres://h/n").unwrap().with(&defaults);
        assert_eq!(url.expose_secret(), "postgres://h/n?connect_timeout=5&tcp_user_timeout=10000");
    }
}

//! The URL of a Redis server; the password is in there and never comes out.

use std::fmt::{self, Debug, Display};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// What is wrong with the URL. Never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedisUrlError {
    /// Another scheme, or none.
    #[error("it does not begin with `redis://`, `rediss://` or `redis+unix://`")]
    Scheme,
    /// No URL that a server could have.
    #[error(
        "it is not written `redis://user:password@host:port/number`; what is special in a URL must be percent-encoded in \
         the password: `@` as %40, `/` as %2F"
    )]
    Form,
    /// Not the number of a database after the host.
    #[error("after the host may stand the number of a database, as in `redis://host/1`, and nothing else")]
    Number,
    /// A parameter that the client does not know, or would weaken TLS by.
    #[error("it has parameters or a `#`; only `redis+unix:///path?db=1&user=name&pass=password` takes some")]
    Parameter,
}

/// `redis://user:password@host:port/number`, `rediss://` for TLS, or `redis+unix:///path` for a socket.
#[derive(Clone)]
pub struct RedisUrl {
    /// As it was given.
    whole: SecretString,
    /// Without the password.
    shown: String,
}

impl RedisUrl {
    /// Reads a URL. Stricter than the client, which reads some of what is wrong as something else.
    ///
    /// # Errors
    /// See [`RedisUrlError`].
    pub fn parse(text: &str) -> Result<Self, RedisUrlError> {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme).ok_or(RedisUrlError::Scheme)?;
        let url = match scheme {
            "redis" | "rediss" | "redis+unix" => Url::parse(text).map_err(|_form| RedisUrlError::Form)?,
            _ => return Err(RedisUrlError::Scheme),
        };
        let check = if scheme == "redis+unix" { check_socket } else { check_server };
        check(&url)?;
        Ok(Self { whole: text.to_owned().into(), shown: shown(url) })
    }

    /// The URL for the client.
    #[must_use]
    pub const fn whole(&self) -> &SecretString {
        &self.whole
    }
}

fn check_server(url: &Url) -> Result<(), RedisUrlError> {
    let number = url.path().trim_start_matches('/');
    match () {
        () if url.host_str().is_none_or(str::is_empty) => Err(RedisUrlError::Form),
        () if url.query().is_some() || url.fragment().is_some() => Err(RedisUrlError::Parameter),
        () if !number.is_empty() && number.parse::<u16>().is_err() => Err(RedisUrlError::Number),
        () => Ok(()),
    }
}

fn check_socket(url: &Url) -> Result<(), RedisUrlError> {
    let is_known = |name: &str| ["db", "user", "pass"].contains(&name);
    match () {
        () if url.has_host() && url.host_str() != Some("") || url.path().len() < 2 => Err(RedisUrlError::Form),
        () if url.fragment().is_some() || !url.query_pairs().all(|(name, _)| is_known(&name)) => {
            Err(RedisUrlError::Parameter)
        }
        () => Ok(()),
    }
}

fn shown(mut url: Url) -> String {
    // Of a socket's URL the password is a parameter, of another it stands before the host.
    url.set_query(None);
    let _ = url.set_password(None);
    url.to_string()
}

impl Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({self})")
    }
}

impl PartialEq for RedisUrl {
    fn eq(&self, other: &Self) -> bool {
        self.whole.expose_secret() == other.whole.expose_secret()
    }
}

impl Eq for RedisUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_password() {
        for (url, shown) in [
            ("redis://limits.example", "redis://limits.example"),
            ("redis://:s3cr3t@limits.example:6380/1", "redis://limits.example:6380/1"),
            ("rediss://hall:s3c%40r3t@[::1]:6380", "rediss://hall@[::1]:6380"),
            ("redis+unix:///run/redis.sock?db=1&pass=s3cr3t", "redis+unix:///run/redis.sock"),
        ] {
            let parsed = RedisUrl::parse(url).unwrap();
            assert_eq!(parsed.to_string(), shown);
            assert!(!format!("{parsed:?}").contains("s3c"), "{parsed:?}");
        }
    }

    #[test]
    fn what_the_client_would_misread_is_refused_without_repeating_it() {
        for (url, why) in [
            ("limits.example:6379", RedisUrlError::Scheme),
            ("http://limits.example", RedisUrlError::Scheme),
            ("redis://", RedisUrlError::Form),
            ("redis://:s3/cr3t@limits.example", RedisUrlError::Form),
            ("redis://:s3#cr3t@limits.example", RedisUrlError::Form),
            ("redis://:s3cr3t@limits.example/one", RedisUrlError::Number),
            ("redis://:s3cr3t@limits.example/1/2", RedisUrlError::Number),
            ("rediss://:s3cr3t@limits.example/#insecure", RedisUrlError::Parameter),
            ("redis://:s3cr3t@limits.example?protocol=resp3", RedisUrlError::Parameter),
            ("redis+unix://", RedisUrlError::Form),
            ("redis+unix:///run/redis.sock?password=s3cr3t", RedisUrlError::Parameter),
        ] {
            let error = RedisUrl::parse(url).unwrap_err();
            assert_eq!(error, why, "{url}");
            assert!(!error.to_string().contains("cr3t"));
        }
    }
}

//! The small values an application sends of itself.

use std::fmt::{self, Display};
use std::time::Duration;

/// A value longer than its limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {bytes} bytes long; at most {most} are accepted")]
pub struct TooLong {
    /// The parameter.
    pub name: &'static str,
    /// How long it is, bytes.
    pub bytes: usize,
    /// How long it may be, bytes.
    pub most: usize,
}

fn within(name: &'static str, text: &str, most: usize) -> Result<String, TooLong> {
    if text.len() <= most { Ok(text.to_owned()) } else { Err(TooLong { name, bytes: text.len(), most }) }
}

/// What an application calls its installation. Many applications share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// # Errors
    /// When it is over 200 bytes (section 13 of the protocol).
    pub fn parse(text: &str) -> Result<Self, TooLong> {
        within("client_id", text, 200).map(Self)
    }

    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value of the application's choice, which it gets back inside the payload (`security.md H4`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// # Errors
    /// When it is over 256 bytes.
    pub fn parse(text: &str) -> Result<Self, TooLong> {
        within("nonce", text, 256).map(Self)
    }

    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the application wants pushes sent. Accepted as sent; whether anything is ever sent there is the operator's
/// list's to say (`C-081`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushUrl(String);

impl PushUrl {
    /// # Errors
    /// When it is over 2,000 bytes.
    pub fn parse(text: &str) -> Result<Self, TooLong> {
        within("push_url", text, 2000).map(Self)
    }

    /// The text as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// For how long an application asks its key to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiresIn(u64);

/// What is wrong with `expires_in_seconds`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expires_in_seconds is a whole number of seconds from 1 to {most}, in digits only; leave it out for no expiry")]
pub struct ExpiresInError {
    /// The longest life that this site gives, seconds.
    pub most: u64,
}

impl ExpiresIn {
    /// By the rules of `C-210`…`C-212`; `most_days` 0 refuses every value.
    ///
    /// # Errors
    /// When it is not 1 to 10 digits, or not from 1 to that many days.
    pub fn parse(text: &str, most_days: u32) -> Result<Self, ExpiresInError> {
        let most = u64::from(most_days) * 86_400;
        let digits = (1..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse() {
            Ok(seconds) if digits && (1..=most).contains(&seconds) => Ok(Self(seconds)),
            _ => Err(ExpiresInError { most }),
        }
    }

    /// As a span of time.
    #[must_use]
    pub const fn span(self) -> Duration {
        Duration::from_secs(self.0)
    }

    /// As sent, seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

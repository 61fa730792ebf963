//! Why a letter was not taken, in words for the operator and for the application's author.

use std::io;
use std::time::Duration;

/// Why a letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// No answer in time.
    #[error("no answer within {} seconds", .0.as_secs())]
    Slow(Duration),
    /// An answer, but not 2xx.
    #[error("the answer was {0}{hint}", hint = hint(*.0))]
    Status(u16),
    /// The name of the host leads nowhere.
    #[error("the name of the host cannot be looked up")]
    Name,
    /// The host is at an address that is not public, or for which http is not enough.
    #[error("{0}")]
    Refused(Refused),
    /// Nobody answers at the address.
    #[error("no connection: {0}")]
    Connect(io::ErrorKind),
    /// The certificate is not good, or this machine trusts no authority.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The other side does not speak HTTP, or hung up.
    #[error("no answer in HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// What is stored to be sent cannot be written into a letter.
    #[error("what was to be sent cannot be read")]
    Letter,
    /// The address cannot be written into a request.
    #[error("the address cannot be asked for")]
    Address,
}

impl CourierError {
    /// Whether it was not taken for what is in it: then it is not taken another time either, and another letter may be.
    #[must_use]
    pub const fn is_about_letter(&self) -> bool {
        matches!(self, Self::Status(400 | 413 | 422) | Self::Letter)
    }
}

/// Why nobody may connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// None of its addresses is public.
    #[error("the host has no public address, and user_api.allowed_user_api_push_networks does not list those it has")]
    Special,
    /// It would travel in clear.
    #[error("http is only for the networks of user_api.allowed_user_api_push_networks; use https")]
    Clear,
}

const fn hint(status: u16) -> &'static str {
    if status >= 300 && status < 400 { ", and redirects are not followed" } else { "" }
}

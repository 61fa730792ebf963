//! Who may ask about keys on the internal listener.

use std::fmt::{self, Debug};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use super::{BuildError, secret_file};
use crate::config::{self, SecretSource};

/// The setting that names its file.
pub(super) const SECRET_FILE: &str = "verify.secret_file";

/// Those who may ask: proxies by their addresses, everybody else by a secret (`security.md W8`, `L7`).
pub struct Callers {
    peers: Vec<IpNet>,
    secret: Option<SecretString>,
    /// Whether the operator was told of somebody who may not ask.
    told: AtomicBool,
}

impl Callers {
    pub(super) fn load(config: &config::Verify) -> Result<Self, BuildError> {
        Ok(Self { peers: config.peers.clone(), secret: caller_secret(&config.secret)?, told: AtomicBool::default() })
    }

    /// Whether this is a proxy's address.
    #[must_use]
    pub fn is_peer(&self, address: IpAddr) -> bool {
        self.peers.iter().any(|net| net.contains(&address))
    }

    /// The proxies, whose word on a client's address counts.
    #[must_use]
    pub fn peers(&self) -> &[IpNet] {
        &self.peers
    }

    /// Tells the operator, once, of somebody who asks and may not: most likely it is their proxy.
    pub fn tell_of_stranger(&self, address: IpAddr) {
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                %address,
                "asked about a key and is not in verify.peers, nor did it send verify.secret; others are not told of"
            );
        }
    }

    /// Whether this is the secret, in constant time; never when there is none.
    #[must_use]
    pub fn is_secret(&self, given: &[u8]) -> bool {
        self.secret.as_ref().is_some_and(|secret| bool::from(secret.expose_secret().as_bytes().ct_eq(given)))
    }
}

/// The secret itself, wherever it is kept; `None` where there is none.
///
/// # Errors
/// When its file cannot be read, or holds too little.
pub fn caller_secret(source: &SecretSource) -> Result<Option<SecretString>, BuildError> {
    secret_file::given(SECRET_FILE, source)
}

impl Debug for Callers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = if self.secret.is_some() { "set" } else { "not set" };
        write!(f, "Callers({:?}, secret {secret})", self.peers)
    }
}

//! Passwords: Argon2id with the OWASP parameters (`security.md W6`), off the event loop and a few at a time.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::Random;

/// How many hashes are computed at the same time: each takes a core for about 13 ms, and 19 MiB.
const AT_ONCE: usize = 2;

/// A hash could not be computed.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct PasswordError(String);

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Passwords {
    /// Prepares the hash that stands in for accounts that do not exist.
    ///
    /// # Errors
    /// When it cannot be computed.
    pub fn new(random: &Random) -> Result<Self, PasswordError> {
        let nobody = hash(&SecretString::from(random.plain_key().expose().to_owned()), &salt(random))?;
        Ok(Self { permits: Arc::new(Semaphore::new(AT_ONCE)), nobody: nobody.into() })
    }

    /// The hash to store for a password: Argon2id, m = 19 MiB, t = 2, p = 1.
    ///
    /// # Errors
    /// When it cannot be computed.
    pub async fn hash(&self, random: &Random, password: SecretString) -> Result<String, PasswordError> {
        let salt = salt(random);
        self.run(move || hash(&password, &salt)).await?
    }

    /// Whether the password is the one of the stored hash. Without a hash (an unknown account, or one without a
    /// password) it takes the same time and says no.
    ///
    /// # Errors
    /// When no thread can be had.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<bool, PasswordError> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move || {
            let against = stored.as_deref().unwrap_or(&nobody);
            let same = Argon2::default().verify_password(password.expose_secret().as_bytes(), against).is_ok();
            same && stored.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let permit =
            Arc::clone(&self.permits).acquire_owned().await.map_err(|error| PasswordError(error.to_string()))?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| PasswordError(error.to_string()))
    }
}

fn salt(random: &Random) -> [u8; 16] {
    let mut salt = [0; 16];
    random.fill(&mut salt);
    salt
}

fn hash(password: &SecretString, salt: &[u8]) -> Result<String, PasswordError> {
    let made = Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    made.map(|hash| hash.to_string()).map_err(|error| PasswordError(error.to_string()))
}

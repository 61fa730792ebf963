//! The composition root: from the configuration to everything that runs.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ipnet::IpNet;

use crate::config::{self, Config};
use crate::crypto::{Random, Sealer};
use crate::domain::push::Sender;
use crate::domain::{Context, accounts, housekeeping};
use crate::http::views::words::Words;
use crate::model::{Anonymous, Clock, PublicUrl, Seldom, Timestamp, WebOrigin};
use crate::store::{Store, StoreError};

mod callers;
mod context;
mod cookies;
mod push;
mod rules;
mod secret;
mod secret_file;
mod set_up;

pub use callers::{Callers, caller_secret};
pub use context::context;
use context::share_limits;
pub use cookies::Cookies;
pub use push::push_secret;
pub use rules::redirect_rules;
pub use secret::SecretError;
pub use secret_file::secret_faults;
pub use set_up::SetUp;

/// The running service. The edges hold one and share it.
#[derive(Debug)]
pub struct App {
    /// What the acts work with.
    pub cx: Context,
    /// Where the service is for browsers.
    pub public_url: PublicUrl,
    /// Name and looks of the site.
    pub site: config::Site,
    /// The proxies whose word on a client's address counts.
    pub trusted_proxies: Vec<IpNet>,
    /// The largest body read, bytes.
    pub body_limit: usize,
    /// Whose scripts may call the API from a browser (`security.md W7`).
    pub cors_origins: Vec<WebOrigin>,
    /// Who may ask about keys on the internal listener.
    pub callers: Callers,
    /// The value of `RateLimit-Policy`, the same for every key.
    pub rate_limit_policy: Vec<u8>,
    /// What a request without a key is answered there.
    pub anonymous: Anonymous,
    /// Signs what travels through a browser.
    pub sealer: Sealer,
    /// Sends what is pushed.
    pub sender: Sender,
    /// The words of the pages.
    pub words: Arc<Words>,
    /// The cookies' names and marks.
    pub cookies: Cookies,
    /// The one-time set-up link.
    pub setup: SetUp,
    /// When it was told last that the database does not answer.
    pub outage: Seldom,
    ending: AtomicBool,
}

/// Why the service cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Any other part; a fault of the program, not of its configuration.
    #[error("a part of the service cannot be made: {0}")]
    Part(String),
}

#[expect(clippy::needless_pass_by_value, reason = "it is for `map_err`, which hands the error over")]
fn part(error: impl ToString) -> BuildError {
    BuildError::Part(error.to_string())
}

impl App {
    /// Puts the service together: opens and migrates the database, makes the secret on first start, loads the limits.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub async fn build(config: Config, clock: Arc<dyn Clock>, random: Random) -> Result<Self, BuildError> {
        let secret = secret::load(&config, &random)?;
        let sealer = Sealer::parse(&secret).map_err(|fault| part(format!("{}: {fault}", secret_file::OF_SESSION)))?;
        let mut cx = context(&config, Store::make(&config.database)?, clock, random)?;
        cx.store.migrate()?;
        share_limits(&mut cx, &config, &sealer)?;
        housekeeping::load_windows(&cx).await?;
        housekeeping::reach_limits(&cx).await;
        // Before the first request, so that keys in memory count from then on. Where it cannot be done the worker says so.
        drop(cx.store.hear_others(cx.now()).await);
        Ok(Self {
            cookies: Cookies::new(&config.server.public_url, &sealer),
            setup: SetUp::new(&cx.random),
            sender: push::sender(&config, &sealer)?,
            sealer,
            words: Arc::new(Words::english().map_err(part)?),
            public_url: config.server.public_url,
            trusted_proxies: config.server.trusted_proxies,
            body_limit: config.server.body_limit_bytes,
            site: config.site,
            cors_origins: config.cors.origins,
            callers: Callers::load(&config.verify)?,
            anonymous: config.verify.anonymous,
            rate_limit_policy: cx.key_limits.policy(),
            outage: Seldom::default(),
            ending: AtomicBool::new(false),
            cx,
        })
    }

    /// The link that makes the first administrator; `None` once there is one.
    ///
    /// # Errors
    /// Of the database.
    pub async fn set_up_link(&self) -> Result<Option<String>, StoreError> {
        let needed = accounts::needs_set_up(&self.cx).await?;
        Ok(needed.then(|| self.public_url.join(&self.setup.path())))
    }

    /// Says from now on that requests are better sent elsewhere; they are answered all the same.
    pub fn begin_to_end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Has nobody wait any more for what may come: polls are answered now, and newcomers at once.
    pub fn end_polls(&self) {
        self.cx.polls.end();
    }

    /// Whether it was told to end.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

/// The wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// An error of the operating system, with the file it is about.
fn about(path: &std::path::Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

//! The composition root: from the configuration to everything that runs.

use std::fmt::{self, Debug};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use enum_map::{EnumMap, enum_map};
use ipnet::IpNet;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::config::{self, Config};
use crate::crypto::{Passwords, Random, Sealer};
use crate::domain::{Context, accounts, housekeeping};
use crate::http::views::words::Words;
use crate::limits::{Act, ActLimits, KeyLimits, Quota, SharedLimits, UserLimits, device};
use crate::metrics::Metrics;
use crate::model::{
    Anonymous, Clock, KeyRules, PublicUrl, RedirectRules, ScopeCatalog, Scopes, SessionLife, Timestamp, WebOrigin,
};
use crate::store::{KnownKeys, LastUsed, Store, StoreError, UnknownKeys};

mod callers;
mod secret;

pub use callers::{Callers, caller_secret};
pub use secret::SecretError;

const DAY: Duration = Duration::from_hours(24);

/// One-time passwords that one address may come with in any minute. Guessing 128 bits is hopeless at any rate; this
/// bounds the look-ups, and is far above what people behind one address need.
const ONE_TIME_PASSWORDS_PER_MINUTE: u32 = 60;

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
    /// The words of the pages.
    pub words: Arc<Words>,
    /// The cookies' names and marks.
    pub cookies: Cookies,
    /// The one-time set-up link.
    pub setup: SetUp,
    ending: AtomicBool,
}

/// The cookies' names and marks (`security.md W4`).
#[derive(Debug)]
pub struct Cookies {
    /// Of a session.
    pub session: String,
    /// Of a visitor who is not signed in.
    pub visitor: String,
    /// Where they hold.
    pub path: String,
    /// Whether they travel only over https.
    pub secure: bool,
    /// Signs the session's.
    pub key: Zeroizing<[u8; 64]>,
}

impl Cookies {
    fn new(public_url: &PublicUrl, sealer: &Sealer) -> Self {
        // `__Host-` demands the path `/`; under a path of its own the next best is `__Secure-`.
        let prefix = match (public_url.is_https(), public_url.base_path()) {
            (false, _) => "",
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
        };
        Self {
            session: format!("{prefix}hallpass"),
            visitor: format!("{prefix}hallpass_visitor"),
            path: public_url.cookie_path().to_owned(),
            secure: public_url.is_https(),
            key: sealer.derive("session cookie"),
        }
    }
}

/// The token of the set-up link. It lives in this process only and works until there is an administrator.
pub struct SetUp(String);

impl SetUp {
    /// Whether this is the token, in constant time.
    #[must_use]
    pub fn is(&self, token: &str) -> bool {
        bool::from(self.0.as_bytes().ct_eq(token.as_bytes()))
    }
}

impl Debug for SetUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetUp(…)")
    }
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
        let sealer = Sealer::parse(&secret).map_err(part)?;
        let mut cx = context(&config, clock, random)?;
        cx.store.migrate()?;
        share_limits(&mut cx, &config, &sealer)?;
        housekeeping::load_windows(&cx).await?;
        housekeeping::reach_limits(&cx).await;
        // Before the first request, so that keys in memory count from then on. Where it cannot be done the worker says so.
        drop(cx.store.hear_others(cx.now()).await);
        Ok(Self {
            cookies: Cookies::new(&config.server.public_url, &sealer),
            setup: SetUp(cx.random.hex::<16>()),
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
        Ok(needed.then(|| self.public_url.join(&format!("/setup/{}", self.setup.0))))
    }

    /// Says from now on that requests are better sent elsewhere; they are answered all the same.
    pub fn begin_to_end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Whether it was told to end.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }
}

/// What the acts work with, without a listener: for the command line.
///
/// # Errors
/// See [`BuildError`].
pub fn context(config: &Config, clock: Arc<dyn Clock>, random: Random) -> Result<Context, BuildError> {
    let rules = key_rules(config)?;
    let (per_minute, per_day) = (rules.max_user_api_reqs_per_minute, rules.max_user_api_reqs_per_day);
    let per_user = per_user(config.limits.requests_per_user_per_minute, per_minute);
    let store = Store::connect(&config.database)?;
    Ok(Context {
        known_keys: KnownKeys::new(config.verify.cached_keys, config.verify.stale, &store),
        store,
        passwords: Passwords::new(&random).map_err(part)?,
        key_limits: Arc::new(KeyLimits::new(per_minute, per_day, Arc::clone(&clock))),
        user_limits: Arc::new(UserLimits::new(per_user, Arc::clone(&clock))),
        act_limits: Arc::new(ActLimits::new(quotas(config), Arc::clone(&clock), random.bytes())),
        shared_limits: None,
        last_used: LastUsed::default(),
        unknown_keys: UnknownKeys::default(),
        scopes: ScopeCatalog::with(config.scopes.clone()).map_err(part)?,
        session_life: SessionLife { idle: config.session.idle, absolute: config.session.absolute },
        rules,
        metrics: Metrics::new(clock.now()),
        clock,
        random,
    })
}

fn quotas(config: &Config) -> EnumMap<Act, Quota> {
    let limits = &config.limits;
    enum_map! {
        Act::SignInPerAccountAndAddress => Quota::per_minute(limits.sign_in_per_account_and_address_per_minute),
        Act::SignInPerAddress => Quota::per_minute(limits.sign_in_per_address_per_minute),
        Act::UnknownKeysPerAddress => Quota::per_minute(limits.unknown_keys_per_address_per_minute),
        Act::UnknownKeysPerCaller => Quota::per_minute(limits.unknown_keys_per_caller_per_minute),
        Act::UnknownAdminKeysPerAddress => Quota::per_minute(limits.unknown_keys_per_address_per_minute),
        Act::DeviceCreatePerAddress => device::CREATE_PER_ADDRESS,
        Act::DevicePollPerAddress => device::POLL_PER_ADDRESS,
        Act::DevicePollPerCode => device::POLL_PER_CODE,
        Act::ActivatePerAddress => device::ACTIVATE_PER_ADDRESS,
        Act::ActivatePerUser => device::ACTIVATE_PER_USER,
        Act::ActivatePerCode => device::ACTIVATE_PER_CODE,
        Act::RequestLookUpPerAddress => device::LOOK_UP_PER_ADDRESS,
        Act::RequestLookUpPerUser => device::LOOK_UP_PER_USER,
        Act::RequestLookUpPerToken => device::LOOK_UP_PER_TOKEN,
        Act::ClientsPerAddress => Quota::new(config.user_api.user_api_key_clients_create_per_day, DAY),
        Act::OneTimePasswordsPerAddress => Quota::per_minute(ONE_TIME_PASSWORDS_PER_MINUTE),
    }
}

/// Where the operator wants it, has the limits counted over all nodes. Nodes of one site have one secret: it names their
/// windows, so that sites can share a server, and hides in those names who is counted.
fn share_limits(cx: &mut Context, config: &Config, sealer: &Sealer) -> Result<(), BuildError> {
    let Some(store) = &config.limits.shared else { return Ok(()) };
    let derived = sealer.derive("shared limits");
    let (secret, rest) = derived.split_first_chunk().ok_or_else(|| part("the derived key is short"))?;
    let site = rest.iter().take(6).fold(String::from("hallpass:"), |name, byte| format!("{name}{byte:02x}"));
    cx.act_limits = Arc::new(ActLimits::new(quotas(config), Arc::clone(&cx.clock), *secret));
    let windows = (Arc::clone(&cx.key_limits), Arc::clone(&cx.user_limits), Arc::clone(&cx.act_limits));
    cx.shared_limits = Some(SharedLimits::new(store, &site, windows).map_err(part)?);
    Ok(())
}

/// The limit of a user's keys together; 0 stands for fifty times that of one key.
const fn per_user(set: u32, per_key: u32) -> u32 {
    if set == 0 { per_key.saturating_mul(50) } else { set }
}

/// Where keys may be sent, by this configuration.
///
/// # Errors
/// See [`BuildError`].
pub fn redirect_rules(config: &Config) -> Result<RedirectRules, BuildError> {
    let user_api = &config.user_api;
    RedirectRules::parse(
        &user_api.allowed_user_api_auth_redirects,
        user_api.allow_loopback_redirects,
        user_api.allow_localhost_redirects,
    )
    .map_err(part)
}

/// Those that are listed, and the operator's own: who writes one down means it to be asked for.
fn offered_scopes(config: &Config) -> Scopes {
    let mut offered = config.user_api.allow_user_api_key_scopes.clone();
    config.scopes.iter().for_each(|own| offered.insert(own.name.clone()));
    offered
}

fn key_rules(config: &Config) -> Result<KeyRules, BuildError> {
    let user_api = &config.user_api;
    Ok(KeyRules {
        allow_user_api_keys: user_api.allow_user_api_keys,
        allow_user_api_key_scopes: offered_scopes(config),
        user_api_key_allowed_groups: user_api.user_api_key_allowed_groups.clone(),
        redirects: redirect_rules(config)?,
        push_urls: RedirectRules::parse(&user_api.allowed_user_api_push_urls, false, false).map_err(part)?,
        max_user_api_key_expiry_days: user_api.max_user_api_key_expiry_days,
        min_user_api_rsa_bits: user_api.min_user_api_rsa_bits,
        max_keys_per_user: user_api.max_keys_per_user,
        unregistered_dangerous_scopes: user_api.unregistered_dangerous_scopes,
        max_user_api_reqs_per_minute: user_api.max_user_api_reqs_per_minute,
        max_user_api_reqs_per_day: user_api.max_user_api_reqs_per_day,
        revoke_user_api_keys_unused_days: user_api.revoke_user_api_keys_unused_days,
        revoke_user_api_keys_maxlife_days: user_api.revoke_user_api_keys_maxlife_days,
        unused_registered_user_api_key_clients_days: user_api.unused_registered_user_api_key_clients_days,
        user_api_key_replacement_grace: user_api.user_api_key_replacement_grace,
        allow_device_authorization: user_api.allow_device_authorization,
        site_title: config.site.title.clone(),
        allow_user_api_key_client_scopes: user_api.allow_user_api_key_client_scopes.clone(),
        create_user_api_key_client_ip_rate_limit_override_ips: user_api
            .create_user_api_key_client_ip_rate_limit_override_ips
            .clone(),
    })
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

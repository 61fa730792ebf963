//! What the acts work with, and the limits among it.

use std::sync::Arc;
use std::time::Duration;

use enum_map::{EnumMap, enum_map};

use super::rules::key_rules;
use super::{BuildError, part};
use crate::config::Config;
use crate::crypto::{Passwords, Random, Sealer};
use crate::domain::bus::Polls;
use crate::domain::{Context, KnownKeys, UnknownKeys};
use crate::http;
use crate::limits::{Act, ActLimits, KeyLimits, Quota, SharedLimits, UserLimits, device};
use crate::metrics::Metrics;
use crate::model::{AccessRules, Clock, ScopeCatalog, SessionLife};
use crate::store::{LastUsed, Store};

const DAY: Duration = Duration::from_hours(24);

/// One-time passwords that one address may come with in any minute. Guessing 128 bits is hopeless at any rate; this
/// bounds the look-ups, and is far above what people behind one address need.
const ONE_TIME_PASSWORDS_PER_MINUTE: u32 = 60;

/// What the acts work with, on this database, without a listener: for the command line.
///
/// # Errors
/// See [`BuildError`].
pub fn context(config: &Config, store: Store, clock: Arc<dyn Clock>, random: Random) -> Result<Context, BuildError> {
    let rules = key_rules(config)?;
    let scopes = ScopeCatalog::with(config.scopes.clone(), config.reserved_scopes.clone()).map_err(part)?;
    let (per_minute, per_day) = (rules.max_user_api_reqs_per_minute, rules.max_user_api_reqs_per_day);
    let bus = config.message_bus;
    let per_user = per_user(config);
    Ok(Context {
        known_keys: KnownKeys::new(config.verify.cached_keys, config.verify.stale),
        store,
        passwords: Passwords::new(&random).map_err(part)?,
        key_limits: Arc::new(KeyLimits::new(per_minute, per_day, Arc::clone(&clock))),
        user_limits: Arc::new(UserLimits::new(per_user, Arc::clone(&clock))),
        act_limits: Arc::new(ActLimits::new(quotas(config), Arc::clone(&clock), random.bytes())),
        shared_limits: None,
        last_used: LastUsed::default(),
        unknown_keys: UnknownKeys::default(),
        access: AccessRules::new(config.access.clone()),
        admin_calls_days: config.log.admin_calls_days,
        session_life: SessionLife { idle: config.session.idle, absolute: config.session.absolute },
        polls: Polls::new(bus.long_poll, bus.max_polls_per_user, http::room_for_polls()),
        push: super::push::push(config, scopes.clone())?,
        scopes,
        rules,
        notification_rules: config.notifications,
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
        // It names whatever addresses it likes, so for one account it is as one of them.
        Act::SignInPerAccountAndAdminKey => Quota::per_minute(limits.sign_in_per_address_per_minute),
        Act::UnknownKeysPerAddress => Quota::per_minute(limits.unknown_keys_per_address_per_minute),
        Act::UnknownKeysPerCaller => Quota::per_minute(limits.unknown_keys_per_caller_per_minute),
        Act::UnknownAdminKeysPerAddress => Quota::per_minute(limits.unknown_keys_per_address_per_minute),
        Act::ActingPerAdminKey => Quota::per_minute(limits.acting_per_admin_key_per_minute),
        Act::PollsPerUser => Quota::per_minute(per_user(config)),
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
pub(super) fn share_limits(cx: &mut Context, config: &Config, sealer: &Sealer) -> Result<(), BuildError> {
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
const fn per_user(config: &Config) -> u32 {
    match config.limits.requests_per_user_per_minute {
        0 => config.user_api.max_user_api_reqs_per_minute.saturating_mul(50),
        set => set,
    }
}

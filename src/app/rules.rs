//! The rules of keys, by the configuration.

use super::{BuildError, part};
use crate::config::Config;
use crate::model::{KeyRules, RedirectRules, Scopes};

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

pub(super) fn key_rules(config: &Config) -> Result<KeyRules, BuildError> {
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

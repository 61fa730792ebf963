//! What pushing needs: the operator's rules, the secret, and who carries it.

use secrecy::SecretString;
use tokio::sync::Notify;

use super::{BuildError, part, secret, secret_file};
use crate::config::Config;
use crate::courier::Courier;
use crate::crypto::Sealer;
use crate::domain::push::{PATIENCE, Push, Sender};
use crate::model::{PushRules, RedirectRules, ScopeCatalog, hex};

/// The setting that names the secret's file.
pub(super) const SECRET_FILE: &str = "user_api.push_api_secret_key_file";

/// Pushes are off where no address is listed, and where applications may not ask for them.
pub(super) fn push(config: &Config, scopes: ScopeCatalog) -> Result<Push, BuildError> {
    let user_api = &config.user_api;
    let listed = &user_api.allowed_user_api_push_urls;
    let is_on = !listed.is_empty() && user_api.allow_user_api_key_scopes.has("push");
    let urls = is_on.then(|| RedirectRules::parse(listed, false, false)).transpose().map_err(part)?;
    let window = user_api.push_notification_time_window;
    let public_url = config.server.public_url.clone();
    Ok(Push { rules: PushRules { urls, window, public_url, scopes }, stored: Notify::new() })
}

pub(super) fn sender(config: &Config, sealer: &Sealer) -> Result<Sender, BuildError> {
    let networks = config.user_api.allowed_user_api_push_networks.clone();
    Ok(Sender {
        courier: Courier::new(networks, PATIENCE).map_err(part)?,
        secret: given(config)?.unwrap_or_else(|| derived(sealer)),
        url: config.server.public_url.to_string(),
        title: config.site.title.clone(),
        description: config.site.description.clone(),
    })
}

/// What pushes are signed with, for who writes a receiver. Nothing is made: before the first start there may be none.
///
/// # Errors
/// When it cannot be read.
pub fn push_secret(config: &Config) -> Result<SecretString, BuildError> {
    match given(config)? {
        Some(secret) => Ok(secret),
        None => Ok(derived(&Sealer::parse(&secret::read(config)?).map_err(part)?)),
    }
}

fn given(config: &Config) -> Result<Option<SecretString>, BuildError> {
    secret_file::given(SECRET_FILE, &config.user_api.push_api_secret_key)
}

/// Where none is given it is made of the one that all nodes share.
fn derived(sealer: &Sealer) -> SecretString {
    let key = sealer.derive("push");
    SecretString::from(hex::encode(key.first_chunk::<32>().unwrap_or(&[0; 32])))
}

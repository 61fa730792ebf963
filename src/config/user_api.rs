//! `[user_api]`: who may make keys, for what, and how much a key may do.
//!
//! The names are Discourse's where Discourse has the setting.

mod keys;

use std::time::Duration;

use ipnet::IpNet;

use super::reader::Reader;
use super::secret_source::SecretSource;
use super::server::network;
use super::value;
use crate::model::{DangerousScopes, Group, Scope, Scopes};

pub(super) use keys::SECTION;

/// Who may make keys, for what, and how much a key may do. The fields have the names of the settings.
#[expect(clippy::struct_excessive_bools, reason = "one field a setting, of its kind")]
#[derive(Clone, Debug)]
pub struct UserApi {
    /// Whether new keys are issued; existing ones go on either way.
    pub allow_user_api_keys: bool,
    /// The scopes that applications may ask for.
    pub allow_user_api_key_scopes: Scopes,
    /// Users of these groups may make keys; staff always may (`C-045`, `C-065`).
    pub user_api_key_allowed_groups: Vec<Group>,
    /// The list of allowed redirect targets as written; the matcher is built from it (`security.md R2`).
    pub allowed_user_api_auth_redirects: Vec<String>,
    /// Whether `127.0.0.1` and `[::1]` are allowed on any port.
    pub allow_loopback_redirects: bool,
    /// Whether `localhost` is allowed on any port.
    pub allow_localhost_redirects: bool,
    /// The list of allowed push targets as written.
    pub allowed_user_api_push_urls: Vec<String>,
    /// Addresses that may be pushed to although they are not public (`security.md R8`).
    pub allowed_user_api_push_networks: Vec<IpNet>,
    /// What pushes are signed with.
    pub push_api_secret_key: SecretSource,
    /// How long a user must not have been seen before something is pushed to them.
    pub push_notification_time_window: Duration,
    /// What happens when an unregistered application asks for a dangerous scope (`security.md C5`).
    pub unregistered_dangerous_scopes: DangerousScopes,
    /// Requests of one key in any 60 seconds.
    pub max_user_api_reqs_per_minute: u32,
    /// Requests of one key in any 24 hours.
    pub max_user_api_reqs_per_day: u32,
    /// The longest life that an application may ask for, in days; 0 refuses every request for one (`C-212`).
    pub max_user_api_key_expiry_days: u32,
    /// The smallest RSA key of an application, in bits (`security.md H1`).
    pub min_user_api_rsa_bits: u16,
    /// Living keys of one user.
    pub max_keys_per_user: u32,
    /// Days without use after which a key is ended; 0 for never (`C-215`).
    pub revoke_user_api_keys_unused_days: u32,
    /// Days after which any key is ended; 0 for never (`C-216`).
    pub revoke_user_api_keys_maxlife_days: u32,
    /// Days without use after which a registered client is deleted; 0 for never (`C-217`).
    pub unused_registered_user_api_key_clients_days: u32,
    /// How long a replaced key works on while the new one is not used.
    pub user_api_key_replacement_grace: Duration,
    /// The scopes that applications may register for themselves (`C-263`).
    pub allow_user_api_key_client_scopes: Scopes,
    /// Registrations of one address in any 24 hours (`C-260`).
    pub user_api_key_clients_create_per_day: u32,
    /// From where that limit does not hold (`C-261`).
    pub create_user_api_key_client_ip_rate_limit_override_ips: Vec<IpNet>,
    /// Whether applications may ask by device code.
    pub allow_device_authorization: bool,
}

impl UserApi {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let allow = reader.boolean(&keys::ALLOW);
        let scopes = reader.list(&keys::SCOPES, scopes);
        let groups = reader.entries(&keys::GROUPS, group);
        let redirects = reader.entries(&keys::REDIRECTS, as_written);
        let loopback = reader.boolean(&keys::LOOPBACK);
        let localhost = reader.boolean(&keys::LOCALHOST);
        let push_urls = reader.entries(&keys::PUSH_URLS, as_written);
        let push_networks = reader.entries(&keys::PUSH_NETWORKS, network);
        let push_secret = SecretSource::read(reader, &keys::PUSH_SECRET, &keys::PUSH_SECRET_FILE);
        let push_window = reader.integer::<u64>(&keys::PUSH_WINDOW).map(Duration::from_mins);
        let dangerous = reader.text(&keys::DANGEROUS, dangerous);
        let per_minute = reader.integer(&keys::PER_MINUTE);
        let per_day = reader.integer(&keys::PER_DAY);
        let expiry_days = reader.integer(&keys::EXPIRY_DAYS);
        let rsa_bits = reader.integer(&keys::RSA_BITS);
        let keys_per_user = reader.integer(&keys::KEYS_PER_USER);
        let unused_days = reader.integer(&keys::UNUSED_DAYS);
        let life_days = reader.integer(&keys::LIFE_DAYS);
        let client_days = reader.integer(&keys::CLIENT_DAYS);
        let grace = reader.integer(&keys::GRACE);
        let client_scopes = reader.list(&keys::CLIENT_SCOPES, self::scopes);
        let clients_per_day = reader.integer(&keys::CLIENTS_PER_DAY);
        let client_override_ips = reader.entries(&keys::CLIENT_OVERRIDE_IPS, network);
        let device = reader.boolean(&keys::DEVICE);
        Some(Self {
            allow_user_api_keys: allow?,
            allow_user_api_key_scopes: scopes?,
            user_api_key_allowed_groups: groups?,
            allowed_user_api_auth_redirects: redirects?,
            allow_loopback_redirects: loopback?,
            allow_localhost_redirects: localhost?,
            allowed_user_api_push_urls: push_urls?,
            allowed_user_api_push_networks: push_networks?,
            push_api_secret_key: push_secret?,
            push_notification_time_window: push_window?,
            unregistered_dangerous_scopes: dangerous?,
            max_user_api_reqs_per_minute: per_minute?,
            max_user_api_reqs_per_day: per_day?,
            max_user_api_key_expiry_days: expiry_days?,
            min_user_api_rsa_bits: rsa_bits?,
            max_keys_per_user: keys_per_user?,
            revoke_user_api_keys_unused_days: unused_days?,
            revoke_user_api_keys_maxlife_days: life_days?,
            unused_registered_user_api_key_clients_days: client_days?,
            user_api_key_replacement_grace: Duration::from_secs(grace?),
            allow_user_api_key_client_scopes: client_scopes?,
            user_api_key_clients_create_per_day: clients_per_day?,
            create_user_api_key_client_ip_rate_limit_override_ips: client_override_ips?,
            allow_device_authorization: device?,
        })
    }
}

// Only the form: which scopes exist is not the settings' business.
fn scopes(entries: &[&str]) -> Result<Scopes, String> {
    match entries.iter().find(|entry| Scope::parse(entry).is_err()) {
        Some(entry) => Err(format!("{}: not the name of a scope", value::quote(entry))),
        None => Scopes::parse(&entries.join(",")).map_err(|error| error.to_string()),
    }
}

fn dangerous(text: &str) -> Result<DangerousScopes, &'static str> {
    match text {
        "warn" => Ok(DangerousScopes::Warn),
        "refuse" => Ok(DangerousScopes::Refuse),
        _ => Err("there are two answers to this"),
    }
}

fn group(text: &str) -> Result<Group, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let names = "1 is `admins`, 2 `moderators`, 3 `staff`, 10 to 14 are `trust_level_0` to `trust_level_4`";
        return Err(format!("groups go by name here, not by Discourse's number: {names}"));
    }
    Group::parse(text).map_err(|error| error.to_string())
}

fn as_written(text: &str) -> Result<String, &'static str> {
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if text.contains(odd) { Err("a space inside; entries are separated by `|`") } else { Ok(text.to_owned()) }
}

//! The operator's rules about who may get what kind of key.

use std::time::Duration;

use ipnet::IpNet;

use super::{Group, RedirectRules, Scopes, Timestamp, User};

/// What to do when an application nobody registered asks for a scope that can change things (`security.md C5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DangerousScopes {
    /// Set it apart on the consent page.
    Warn,
    /// Refuse the request.
    Refuse,
}

/// The rules. Names are those of the settings.
#[derive(Clone, Debug)]
pub struct KeyRules {
    /// Whether new keys are issued at all.
    pub allow_user_api_keys: bool,
    /// The scopes an application may ask for.
    pub allow_user_api_key_scopes: Scopes,
    /// Who may approve. Staff always may.
    pub user_api_key_allowed_groups: Vec<Group>,
    /// Where keys may be sent.
    pub redirects: RedirectRules,
    /// Where pushes may be sent.
    pub push_urls: RedirectRules,
    /// The longest life of a key that asks for an end, days; 0 refuses to give one.
    pub max_user_api_key_expiry_days: u32,
    /// The smallest RSA modulus accepted, bits.
    pub min_user_api_rsa_bits: u16,
    /// How many live keys one user may have.
    pub max_keys_per_user: u32,
    /// See [`DangerousScopes`].
    pub unregistered_dangerous_scopes: DangerousScopes,
    /// Accepted requests of one key in any 60 seconds.
    pub max_user_api_reqs_per_minute: u32,
    /// Accepted requests of one key in any 86,400 seconds.
    pub max_user_api_reqs_per_day: u32,
    /// Days without use after which a key is ended; 0 for never (`C-215`).
    pub revoke_user_api_keys_unused_days: u32,
    /// Days after which any key is ended; 0 for never (`C-216`).
    pub revoke_user_api_keys_maxlife_days: u32,
    /// Days without use after which a registered client is deleted; 0 for never (`C-217`).
    pub unused_registered_user_api_key_clients_days: u32,
    /// How long a key that was replaced works on while the new one is not used; zero for not at all.
    pub user_api_key_replacement_grace: Duration,
    /// Whether applications may ask by device code.
    pub allow_device_authorization: bool,
    /// The site's own name, which no application may take (`security.md C4`).
    pub site_title: String,
    /// The scopes an application may register for itself; none: nobody but the operator registers (`C-263`).
    pub allow_user_api_key_client_scopes: Scopes,
    /// From where applications may register as often as they like (`C-261`).
    pub create_user_api_key_client_ip_rate_limit_override_ips: Vec<IpNet>,
}

impl KeyRules {
    /// Whether the user may approve applications (`C-065`).
    #[must_use]
    pub fn may_approve(&self, user: &User) -> bool {
        user.is_staff() || user.is_in_any(&self.user_api_key_allowed_groups)
    }

    /// When a key's days are over: by its own end, or by the rule about the age of all keys (`C-216`).
    #[must_use]
    pub fn ends_by_age(&self, made: Timestamp, expires_at: Option<Timestamp>) -> Option<Timestamp> {
        [expires_at, after(made, self.revoke_user_api_keys_maxlife_days)].into_iter().flatten().min()
    }

    /// When a key ends that nobody uses any more (`C-215`).
    #[must_use]
    pub fn ends_by_disuse(&self, last_used: Timestamp) -> Option<Timestamp> {
        after(last_used, self.revoke_user_api_keys_unused_days)
    }
}

/// So many days later; never where the number is 0.
fn after(then: Timestamp, days: u32) -> Option<Timestamp> {
    (days > 0).then(|| then.plus(Duration::from_hours(24) * days))
}

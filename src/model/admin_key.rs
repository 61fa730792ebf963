//! A key of the admin API, as the store keeps it: everything but the key.

use std::fmt::{self, Display};

use super::application_name::is_invisible;
use super::{AdminKeyId, AdminScopes, KeyHash, Networks, Timestamp};

const LONGEST_NAME: usize = 100;

/// What is wrong with the name of an admin key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of an admin key is 1 to {LONGEST_NAME} visible characters on one line")]
pub struct AdminKeyNameError;

/// What the operator calls an admin key: `shop`, `nightly import`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminKeyName(String);

impl AdminKeyName {
    /// # Errors
    /// When it is not 1 to 100 visible characters on one line.
    pub fn parse(text: &str) -> Result<Self, AdminKeyNameError> {
        let text = text.trim();
        let good = (1..=LONGEST_NAME).contains(&text.chars().count());
        let visible = !text.chars().any(|c| c.is_control() || is_invisible(c));
        if good && visible { Ok(Self(text.to_owned())) } else { Err(AdminKeyNameError) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for AdminKeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An admin key about to be stored.
#[derive(Clone, Debug)]
pub struct NewAdminKey {
    /// What the operator calls it.
    pub name: AdminKeyName,
    /// What it is found by.
    pub hash: KeyHash,
    /// Its first characters.
    pub start: String,
    /// What it may do.
    pub scopes: AdminScopes,
    /// From where.
    pub networks: Networks,
    /// Now.
    pub created_at: Timestamp,
}

/// A key of the admin API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminKey {
    /// The id.
    pub id: AdminKeyId,
    /// What the operator calls it.
    pub name: AdminKeyName,
    /// The first characters of the key, to tell keys apart.
    pub start: String,
    /// What it may do.
    pub scopes: AdminScopes,
    /// From where (`security.md K9`, `K12`).
    pub networks: Networks,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, about; `None` for never.
    pub last_used_at: Option<Timestamp>,
    /// When it was ended, if it was.
    pub revoked_at: Option<Timestamp>,
}

//! Somebody who is asked who they are.

use std::net::IpAddr;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::key::{MintedBody, wish};
use super::user::UserBody;
use super::user_change::secret;
use crate::domain::admin::auth::{AuthRequest, Authenticated};
use crate::http::error::Problem;
use crate::model::{ApplicationName, Timestamp};

/// What somebody says of themselves.
#[derive(Deserialize, ToSchema)]
#[schema(as = Credentials)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct AuthBody {
    /// A user name, or an e-mail address.
    login: String,
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// The address of who typed it: tries count for it. Without it for the caller's own, for all users together.
    #[schema(value_type = Option<String>)]
    limit_ip: Option<IpAddr>,
    /// Make a key for them.
    create_key: Option<CreateKeyBody>,
}

/// What kind of key.
#[derive(Deserialize, ToSchema)]
#[schema(as = CreateKey)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct CreateKeyBody {
    /// What the user reads in the list of their applications.
    #[schema(min_length = 1, max_length = 50)]
    title: String,
    /// Another key that the user has for the same client id gives way to this one. Without it this one stands alone.
    #[schema(min_length = 1, max_length = 50)]
    client_id: Option<String>,
    /// What it may touch: some of those that the site offers.
    #[schema(min_items = 1, max_items = 20)]
    scopes: Vec<String>,
    /// How long it lives; without it until it is ended.
    #[schema(minimum = 1)]
    expires_in_seconds: Option<u64>,
}

impl AuthBody {
    /// Whether a key is wished for.
    pub(in crate::http::admin) const fn creates_key(&self) -> bool {
        self.create_key.is_some()
    }

    pub(in crate::http::admin) fn parse(self, most_days: u32, caller: IpAddr) -> Result<AuthRequest, Problem> {
        let create_key = self.create_key.map(|key| {
            let name = ApplicationName::parse(&key.title).map_err(|error| Problem::wrong("title", &error))?;
            wish(name, key.client_id.as_deref(), &key.scopes, key.expires_in_seconds, most_days)
        });
        let address = self.limit_ip.map_or(caller, |address| address.to_canonical());
        Ok(AuthRequest { login: self.login, password: self.password, address, create_key: create_key.transpose()? })
    }
}

/// Somebody is the user they say they are.
#[derive(Serialize, ToSchema)]
#[schema(as = Authenticated)]
pub(in crate::http::admin) struct AuthenticatedBody {
    success: bool,
    user: UserBody,
    /// Their new key, if one was wished for.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<MintedBody>,
}

impl AuthenticatedBody {
    pub(in crate::http::admin) fn of(Authenticated { user, key }: Authenticated, now: Timestamp) -> Self {
        let key = key.map(|(key, plain)| MintedBody::of(&plain, &key, now));
        Self { success: true, user: UserBody::from(user), key }
    }
}

//! Users' keys.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::admin::mint::MintRequest;
use crate::domain::authorize::Refusal;
use crate::http::error::Problem;
use crate::model::{
    ApplicationName, ClientId, ExpiresIn, Paging, PlainKey, Scope, Scopes, Timestamp, UserApiKey, UserId,
};

/// A user's key; not the key itself, which nobody has but its application.
#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
pub(in crate::http::admin) struct KeyBody {
    #[schema(minimum = 1)]
    id: i64,
    /// Whose it is.
    #[schema(minimum = 1)]
    user_id: i64,
    client_id: String,
    application_name: String,
    /// Its first characters.
    key_start: String,
    scopes: Vec<String>,
    /// `active`, `being replaced`, `replaced`, `revoked` or `expired`.
    state: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was made, until it is used.
    #[schema(format = DateTime)]
    last_used_at: String,
    /// When it ends by itself; null for never.
    #[schema(required, format = DateTime)]
    expires_at: Option<String>,
    /// When it was ended.
    #[schema(required, format = DateTime)]
    revoked_at: Option<String>,
    /// Until when it works although another key replaces it.
    #[schema(required, format = DateTime)]
    replaced_until: Option<String>,
}

impl KeyBody {
    pub(in crate::http::admin) fn of(key: &UserApiKey, now: Timestamp) -> Self {
        Self {
            id: key.id.get(),
            user_id: key.user_id.get(),
            client_id: key.client_id.to_string(),
            application_name: key.application_name.as_str().to_owned(),
            key_start: key.start.clone(),
            scopes: key.scopes.iter().map(Scope::to_string).collect(),
            state: key.state(now).word().to_owned(),
            created_at: key.created_at.iso_millis(),
            last_used_at: key.last_used_at.iso_millis(),
            expires_at: key.expires_at.map(Timestamp::iso_millis),
            revoked_at: key.revoked_at.map(Timestamp::iso_millis),
            replaced_until: key.succession.replaced_until().map(Timestamp::iso_millis),
        }
    }
}

/// Which keys, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::admin) struct KeysQuery {
    /// Those of this user.
    #[param(value_type = Option<i64>, minimum = 1)]
    user_id: Option<String>,
    /// `next_cursor` of the page before; without it the first.
    #[param(pattern = "^[0-9a-f]{16}$")]
    cursor: Option<String>,
    /// How many rows; without it 50.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl KeysQuery {
    pub(in crate::http::admin) fn parse(&self) -> Result<(Option<UserId>, Paging), Problem> {
        let user = self.user_id.as_deref().map(str::parse).transpose();
        let user = user.map_err(|error| Problem::wrong("user_id", &error))?;
        Ok((user, Paging::parse(self.cursor.as_deref(), self.limit.as_deref())?))
    }
}

/// When a key ends.
#[derive(Deserialize, ToSchema)]
#[schema(as = KeyExpiry)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct ExpiryBody {
    /// In so many seconds from now; null for never.
    #[schema(value_type = Option<u64>, required, minimum = 1)]
    expires_in_seconds: serde_json::Value,
}

impl ExpiryBody {
    pub(in crate::http::admin) fn parse(&self, most_days: u32) -> Result<Option<ExpiresIn>, Problem> {
        match &self.expires_in_seconds {
            serde_json::Value::Null => Ok(None),
            seconds => expires_in(&seconds.to_string(), most_days).map(Some),
        }
    }
}

fn expires_in(text: &str, most_days: u32) -> Result<ExpiresIn, Problem> {
    ExpiresIn::parse(text, most_days).map_err(|error| Refusal::from(error).into())
}

/// What kind of key is to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewKey)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct MintBody {
    /// What the user reads in the list of their applications.
    #[schema(min_length = 1, max_length = 50)]
    application_name: String,
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

impl MintBody {
    pub(in crate::http::admin) fn parse(self, most_days: u32) -> Result<MintRequest, Problem> {
        let name = ApplicationName::parse(&self.application_name).map_err(Refusal::from)?;
        wish(name, self.client_id.as_deref(), &self.scopes, self.expires_in_seconds, most_days)
    }
}

/// A key that is wished for.
pub(super) fn wish(
    application_name: ApplicationName,
    client_id: Option<&str>,
    scopes: &[String],
    expires_in_seconds: Option<u64>,
    most_days: u32,
) -> Result<MintRequest, Problem> {
    if scopes.is_empty() {
        return Err(Problem::Missing("scopes"));
    }
    if client_id.is_some_and(str::is_empty) {
        return Err(Problem::Missing("client_id"));
    }
    let mut set = Scopes::default();
    for scope in scopes {
        set.insert(Scope::parse(scope).map_err(Refusal::from)?);
    }
    let seconds = expires_in_seconds.map(|seconds| expires_in(&seconds.to_string(), most_days));
    Ok(MintRequest {
        application_name,
        client_id: client_id.map(ClientId::parse).transpose().map_err(Refusal::from)?,
        scopes: Scopes::parse(&set.to_string()).map_err(Refusal::from)?,
        expires_in: seconds.transpose()?,
    })
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = MintedKey)]
pub(in crate::http::admin) struct MintedBody {
    /// The key itself, this once: 32 hexadecimal digits.
    key: String,
    details: KeyBody,
}

impl MintedBody {
    pub(in crate::http::admin) fn of(plain: &PlainKey, key: &UserApiKey, now: Timestamp) -> Self {
        Self { key: plain.expose().to_owned(), details: KeyBody::of(key, now) }
    }
}

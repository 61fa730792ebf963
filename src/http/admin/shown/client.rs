//! Applications.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::admin::clients::ClientFilter;
use crate::http::error::Problem;
use crate::model::{Client, ClientId, Paging, Scope, Timestamp};

/// An application, by its client id.
#[derive(Serialize, ToSchema)]
#[schema(as = Client)]
pub(in crate::http::admin) struct ClientBody {
    #[schema(minimum = 1)]
    id: i64,
    /// What the application calls its installation.
    client_id: String,
    /// What it calls itself; what it is registered as, where it is.
    application_name: String,
    /// Since when; null for one that keeps its keys.
    #[schema(required, format = DateTime)]
    blocked_at: Option<String>,
    /// With what it was registered; null for one that is only known from approvals.
    #[schema(required)]
    registration: Option<RegistrationBody>,
}

/// With what an application was registered.
#[derive(Serialize, ToSchema)]
#[schema(as = Registration)]
struct RegistrationBody {
    #[schema(format = DateTime)]
    since: String,
    /// The one address to which its keys are sent.
    auth_redirect: String,
    /// The most it may ask for.
    scopes: Vec<String>,
    /// Of its public key.
    fingerprint: String,
}

impl From<Client> for ClientBody {
    fn from(client: Client) -> Self {
        let registration = client.registration.map(|known| RegistrationBody {
            since: known.since.iso_millis(),
            auth_redirect: known.auth_redirect.as_str().to_owned(),
            scopes: known.scopes.iter().map(Scope::to_string).collect(),
            fingerprint: known.fingerprint.to_hex(),
        });
        Self {
            id: client.row.get(),
            client_id: client.client_id.to_string(),
            application_name: client.application_name.as_str().to_owned(),
            blocked_at: client.blocked_at.map(Timestamp::iso_millis),
            registration,
        }
    }
}

/// Which applications, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::admin) struct ClientsQuery {
    /// The one of this client id.
    client_id: Option<String>,
    /// Those that are blocked, or those that are not.
    blocked: Option<bool>,
    /// `next_cursor` of the page before; without it the first.
    #[param(pattern = "^[0-9a-f]{16}$")]
    cursor: Option<String>,
    /// How many rows; without it 50.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl ClientsQuery {
    pub(in crate::http::admin) fn parse(&self) -> Result<(ClientFilter, Paging), Problem> {
        let client_id = self.client_id.as_deref().filter(|id| !id.contains('\0')).map(ClientId::parse).transpose();
        let client_id = client_id.map_err(|error| Problem::wrong("client_id", &error))?;
        if self.client_id.is_some() && client_id.is_none() {
            return Err(Problem::bad_encoding());
        }
        let filter = ClientFilter { client_id, blocked: self.blocked };
        Ok((filter, Paging::parse(self.cursor.as_deref(), self.limit.as_deref())?))
    }
}

/// What became of the keys of an application that was blocked.
#[derive(Serialize, ToSchema)]
pub(in crate::http::admin) struct Blocked {
    /// How many ended just now.
    pub(in crate::http::admin) keys_ended: usize,
}

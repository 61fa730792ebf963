//! Lines of the log of what was done to whom.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::error::Problem;
use crate::model::{AdminKeyId, AuditEvent, AuditFilter, ClientId, KeyId, LoggedLine, Paging, UserId};

/// A line of the log.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditLine)]
pub(in crate::http::admin) struct AuditBody {
    #[schema(minimum = 1)]
    id: i64,
    #[schema(format = DateTime)]
    at: String,
    /// The word for what happened.
    event: String,
    /// The user who did it; of the admin API, whom `Api-Username` named.
    #[schema(required)]
    actor_id: Option<i64>,
    /// The admin key it was done with.
    #[schema(required)]
    admin_key_id: Option<i64>,
    /// To whom.
    #[schema(required)]
    user_id: Option<i64>,
    /// To which key.
    #[schema(required)]
    key_id: Option<i64>,
    /// Of which application.
    #[schema(required)]
    client_id: Option<String>,
    /// From which address.
    #[schema(required)]
    address: Option<String>,
    /// In which request: `X-Request-Id` of its answer.
    #[schema(required)]
    request_id: Option<String>,
    /// By which call of the admin API.
    #[schema(required)]
    route: Option<String>,
}

impl From<LoggedLine> for AuditBody {
    fn from(LoggedLine { id, line }: LoggedLine) -> Self {
        Self {
            id,
            at: line.at.iso_millis(),
            event: line.event.word().to_owned(),
            actor_id: line.origin.actor.map(UserId::get),
            admin_key_id: line.origin.admin_key.map(AdminKeyId::get),
            user_id: line.user_id.map(UserId::get),
            key_id: line.key_id.map(KeyId::get),
            client_id: line.client_id.as_ref().map(ClientId::to_string),
            address: line.origin.address.map(|address| address.to_string()),
            request_id: line.origin.request_id,
            route: line.origin.route,
        }
    }
}

/// Which lines, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::admin) struct AuditQuery {
    /// Those about this user.
    #[param(value_type = Option<i64>, minimum = 1)]
    user_id: Option<String>,
    /// Those about this key.
    #[param(value_type = Option<i64>, minimum = 1)]
    key_id: Option<String>,
    /// Those of what was done with this admin key.
    #[param(value_type = Option<i64>, minimum = 1)]
    admin_key_id: Option<String>,
    /// Those of this word. Without it all but `admin_called`: that a call was made, whatever came of it.
    event: Option<String>,
    /// `next_cursor` of the page before; without it the first.
    #[param(pattern = "^[0-9a-f]{16}$")]
    cursor: Option<String>,
    /// How many rows; without it 50.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl AuditQuery {
    pub(in crate::http::admin) fn parse(&self) -> Result<(AuditFilter, Paging), Problem> {
        let user_id = self.user_id.as_deref().map(str::parse).transpose();
        let key_id = self.key_id.as_deref().map(str::parse).transpose();
        let admin_key_id = self.admin_key_id.as_deref().map(str::parse).transpose();
        let event = self.event.as_deref().map(AuditEvent::parse).transpose();
        let filter = AuditFilter {
            user_id: user_id.map_err(|error| Problem::wrong("user_id", &error))?,
            key_id: key_id.map_err(|error| Problem::wrong("key_id", &error))?,
            admin_key_id: admin_key_id.map_err(|error| Problem::wrong("admin_key_id", &error))?,
            event: event.map_err(|error| Problem::wrong("event", &error))?,
        };
        Ok((filter, Paging::parse(self.cursor.as_deref(), self.limit.as_deref())?))
    }
}

//! Users.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::error::Problem;
use crate::model::{AvatarTemplate, Email, ExternalId, Group, Paging, Timestamp, User, UserFilter, Username};

/// A user.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(in crate::http::admin) struct UserBody {
    #[schema(minimum = 1)]
    id: i64,
    username: String,
    /// The name they go by; may be empty.
    name: String,
    #[schema(required)]
    email: Option<String>,
    /// What the site calls them.
    #[schema(required)]
    external_id: Option<String>,
    /// Where the site has their picture.
    #[schema(required)]
    avatar_template: Option<String>,
    admin: bool,
    moderator: bool,
    #[schema(maximum = 4)]
    trust_level: u8,
    /// The groups they were put in.
    named_groups: Vec<String>,
    /// Every group they are in: those, and the ones that come with what they are.
    groups: Vec<String>,
    /// Since when; null for one who is not suspended.
    #[schema(required, format = DateTime)]
    suspended_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        let words = |groups: &std::collections::BTreeSet<Group>| groups.iter().map(Group::to_string).collect();
        Self {
            id: user.id.get(),
            username: user.username.to_string(),
            email: user.email.as_ref().map(Email::as_str).map(str::to_owned),
            external_id: user.external_id.as_ref().map(ExternalId::to_string),
            avatar_template: user.avatar_template.as_ref().map(AvatarTemplate::as_str).map(str::to_owned),
            admin: user.staff.admin,
            moderator: user.staff.moderator,
            trust_level: user.trust_level.get(),
            named_groups: words(&user.named_groups),
            groups: words(&user.groups()),
            suspended_at: user.suspended_at.map(Timestamp::iso_millis),
            created_at: user.created_at.iso_millis(),
            name: user.name,
        }
    }
}

/// Which users, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http::admin) struct UsersQuery {
    /// The user of this name, whatever its case.
    #[param(pattern = "^[A-Za-z0-9._-]{1,60}$")]
    username: Option<String>,
    /// The user with this e-mail address, whatever its case.
    #[param(format = Email)]
    email: Option<String>,
    /// The user whom the site calls so.
    #[param(min_length = 1, max_length = 200)]
    external_id: Option<String>,
    /// `next_cursor` of the page before; without it the first.
    #[param(pattern = "^[0-9a-f]{16}$")]
    cursor: Option<String>,
    /// How many rows; without it 50.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl UsersQuery {
    pub(in crate::http::admin) fn parse(&self) -> Result<(UserFilter, Paging), Problem> {
        let username = self.username.as_deref().map(Username::parse).transpose();
        let email = self.email.as_deref().map(Email::parse).transpose();
        let external_id = self.external_id.as_deref().map(ExternalId::parse).transpose();
        let filter = UserFilter {
            username: username.map_err(|error| Problem::wrong("username", &error))?,
            email: email.map_err(|error| Problem::wrong("email", &error))?,
            external_id: external_id.map_err(|error| Problem::wrong("external_id", &error))?,
        };
        Ok((filter, Paging::parse(self.cursor.as_deref(), self.limit.as_deref())?))
    }
}

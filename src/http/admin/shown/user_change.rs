//! What is said of a user.

use std::collections::BTreeSet;
use std::fmt::Display;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::UserBody;
use crate::domain::admin::users::{Entry, Upserted};
use crate::http::error::Problem;
use crate::model::{
    AvatarTemplate, Change, Email, ExternalId, Group, TrustLevel, UserChange, Username, parse_full_name,
};

/// What is to become of a user. What is left out stays as it is; null takes a value away.
#[derive(Deserialize, ToSchema)]
#[schema(as = UserChange)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct UserChangeBody {
    /// 1 to 60 letters, digits, `.`, `_` or `-`; unique, whatever the case.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(?!\\.+$)[A-Za-z0-9._-]{1,60}$")]
    username: Change<String>,
    #[serde(default)]
    #[schema(value_type = String, max_length = 200)]
    name: Change<String>,
    /// Unique, whatever the case.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email)]
    email: Change<Option<String>>,
    /// What the site calls them; unique.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    external_id: Change<Option<String>>,
    /// Where the site has their picture; `{size}` in it stands for the width in pixels.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^https?://", max_length = 500)]
    avatar_template: Change<Option<String>>,
    #[serde(default)]
    #[schema(value_type = bool)]
    admin: Change<bool>,
    #[serde(default)]
    #[schema(value_type = bool)]
    moderator: Change<bool>,
    #[serde(default)]
    #[schema(value_type = u8, maximum = 4)]
    trust_level: Change<u8>,
    /// All of the site's own groups that they are in; the others come with what they are.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100)]
    named_groups: Change<BTreeSet<String>>,
    /// A suspended user is signed out, and their keys are refused.
    #[serde(default)]
    #[schema(value_type = bool)]
    suspended: Change<bool>,
}

/// The most groups of one user.
const MOST_GROUPS: usize = 100;

fn parse<T, U, E: Display>(
    member: &'static str,
    sent: Change<T>,
    parse: impl FnOnce(T) -> Result<U, E>,
) -> Result<Change<U>, Problem> {
    sent.try_map(parse).map_err(|error| Problem::wrong(member, &error))
}

/// Of a value that may be taken away.
fn parse_some<U, E: Display>(
    member: &'static str,
    sent: Change<Option<String>>,
    read: impl FnOnce(&str) -> Result<U, E>,
) -> Result<Change<Option<U>>, Problem> {
    parse(member, sent, |text| text.as_deref().map(read).transpose())
}

impl TryFrom<UserChangeBody> for UserChange {
    type Error = Problem;

    fn try_from(sent: UserChangeBody) -> Result<Self, Problem> {
        Ok(Self {
            username: parse("username", sent.username, |text| Username::parse(&text))?,
            name: parse("name", sent.name, |text| parse_full_name(&text))?,
            email: parse_some("email", sent.email, Email::parse)?,
            external_id: parse_some("external_id", sent.external_id, ExternalId::parse)?,
            avatar_template: parse_some("avatar_template", sent.avatar_template, AvatarTemplate::parse)?,
            admin: sent.admin,
            moderator: sent.moderator,
            trust_level: parse("trust_level", sent.trust_level, TrustLevel::parse)?,
            named_groups: parse("named_groups", sent.named_groups, groups_of_the_site)?,
            suspended: sent.suspended,
        })
    }
}

fn groups_of_the_site(names: BTreeSet<String>) -> Result<BTreeSet<Group>, String> {
    if names.len() > MOST_GROUPS {
        return Err(format!("a user is in at most {MOST_GROUPS} groups"));
    }
    let parse = |name: String| match Group::parse(&name).map_err(|error| error.to_string())? {
        own @ Group::Named(_) => Ok(own),
        built_in => Err(format!("{built_in} comes with admin, moderator or trust_level; set those")),
    };
    names.into_iter().map(parse).collect()
}

/// A user, of whom a name is needed. The same members, so that there is one list of them.
#[derive(Deserialize)]
#[serde(transparent)]
pub(in crate::http::admin) struct UserEntryBody(UserChangeBody);

impl UserEntryBody {
    pub(in crate::http::admin) fn parse(self) -> Result<Entry, Problem> {
        let more = UserChange::try_from(self.0)?;
        match more.username.clone() {
            Change::To(username) => Ok(Entry { username, more }),
            Change::Keep => Err(Problem::Missing("username")),
        }
    }
}

impl PartialSchema for UserEntryBody {
    fn schema() -> RefOr<Schema> {
        let named = ObjectBuilder::new().required("username");
        AllOfBuilder::new().item(Ref::from_schema_name("UserChange")).item(named).into()
    }
}

impl ToSchema for UserEntryBody {
    fn name() -> std::borrow::Cow<'static, str> {
        "UserEntry".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("UserChange".to_owned(), UserChangeBody::schema()));
    }
}

/// Many users.
#[derive(Deserialize, ToSchema)]
#[schema(as = UserEntries)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct UserEntriesBody {
    #[schema(max_items = 500)]
    users: Vec<UserEntryBody>,
}

impl UserEntriesBody {
    pub(in crate::http::admin) fn parse(self) -> Result<Vec<Entry>, Problem> {
        let parse = |(index, entry): (usize, UserEntryBody)| entry.parse().map_err(|fault| fault.at(index));
        self.users.into_iter().enumerate().map(parse).collect()
    }
}

/// What became of many users, in the order in which they were sent.
#[derive(Serialize, ToSchema)]
#[schema(as = UpsertedUsers)]
pub(in crate::http::admin) struct UpsertedBody {
    items: Vec<UpsertedUser>,
}

/// What became of one.
#[derive(Serialize, ToSchema)]
struct UpsertedUser {
    /// Whether they were made just now.
    is_new: bool,
    user: UserBody,
}

impl From<Vec<Upserted>> for UpsertedBody {
    fn from(users: Vec<Upserted>) -> Self {
        let one = |Upserted { user, is_new }| UpsertedUser { is_new, user: user.into() };
        Self { items: users.into_iter().map(one).collect() }
    }
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[schema(as = Password)]
#[serde(deny_unknown_fields)]
pub(in crate::http::admin) struct PasswordBody {
    #[serde(deserialize_with = "secret")]
    #[schema(value_type = String, min_length = 10, max_length = 200)]
    pub(in crate::http::admin) password: SecretString,
}

pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

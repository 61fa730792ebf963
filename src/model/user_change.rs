//! What is to become of a user.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};

use super::{AvatarTemplate, Email, ExternalId, Group, Staff, Timestamp, TrustLevel, User, Username};

/// What is to become of one value: nothing was said of it, or it is to be this. For a value that may be absent that is an
/// `Option`, so that "take it away" is not "leave it".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes this.
    To(T),
}

impl<T> Change<T> {
    /// What the value is then.
    #[must_use]
    pub fn or(self, before: T) -> T {
        match self {
            Self::Keep => before,
            Self::To(after) => after,
        }
    }

    /// The same of another type.
    ///
    /// # Errors
    /// Those of `parse`.
    pub fn try_map<U, E>(self, parse: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        match self {
            Self::Keep => Ok(Change::Keep),
            Self::To(value) => parse(value).map(Change::To),
        }
    }
}

/// A member that is there; one that is not is left at its default.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::To)
    }
}

/// What is to become of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserChange {
    /// The name they sign in with.
    pub username: Change<Username>,
    /// The name they go by.
    pub name: Change<String>,
    /// Their address.
    pub email: Change<Option<Email>>,
    /// What the site calls them.
    pub external_id: Change<Option<ExternalId>>,
    /// Where the site has their picture.
    pub avatar_template: Change<Option<AvatarTemplate>>,
    /// Whether they run the site.
    pub admin: Change<bool>,
    /// Whether they keep order on it.
    pub moderator: Change<bool>,
    /// How far the site trusts them.
    pub trust_level: Change<TrustLevel>,
    /// The groups they are put in, all of them.
    pub named_groups: Change<BTreeSet<Group>>,
    /// Whether they are suspended.
    pub suspended: Change<bool>,
}

impl UserChange {
    /// The user as they are then.
    #[must_use]
    pub fn applied_to(self, user: User, now: Timestamp) -> User {
        let staff =
            Staff { admin: self.admin.or(user.staff.admin), moderator: self.moderator.or(user.staff.moderator) };
        let suspended = self.suspended.or(user.is_suspended());
        User {
            id: user.id,
            username: self.username.or(user.username),
            name: self.name.or(user.name),
            email: self.email.or(user.email),
            staff,
            trust_level: self.trust_level.or(user.trust_level),
            named_groups: self.named_groups.or(user.named_groups),
            external_id: self.external_id.or(user.external_id),
            avatar_template: self.avatar_template.or(user.avatar_template),
            suspended_at: suspended.then(|| user.suspended_at.unwrap_or(now)),
            created_at: user.created_at,
        }
    }
}

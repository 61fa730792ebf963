//! A user of the site, as Hallpass knows them.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use super::{AvatarTemplate, ExternalId, Group, Timestamp, TrustLevel, UserId};

/// What is wrong with a user's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserError {
    /// Not a user name.
    #[error("a user name is 1 to 60 letters, digits, '.', '_' or '-'")]
    Username,
    /// Not an e-mail address.
    #[error("an e-mail address looks like name@example.org")]
    Email,
    /// A password too short or too long.
    #[error("a password has at least 10 and at most 200 characters")]
    Password,
}

/// A user name; unique without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// # Errors
    /// When it is not 1 to 60 of the ASCII letters and digits, `.`, `_`, `-`.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        // `.` and `..` would be taken for dot segments in `/u/{username}/…`.
        let dots = text.chars().all(|c| c == '.');
        if (1..=60).contains(&text.len()) && text.chars().all(good) && !dots {
            Ok(Self(text.to_owned()))
        } else {
            Err(UserError::Username)
        }
    }

    /// The name as its owner writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An e-mail address; unique without regard to case. Nothing is sent to it yet: it serves to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// When there is no single `@` with something on both sides, or white space, or more than 254 bytes.
    pub fn parse(text: &str) -> Result<Self, UserError> {
        let clean = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        match text.split_once('@') {
            Some((name, host)) if clean && !name.is_empty() && !host.is_empty() && !host.contains('@') => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(UserError::Email),
        }
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which addresses are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

/// What a user may do for the site itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staff {
    /// Runs the site.
    pub admin: bool,
    /// Keeps order on it.
    pub moderator: bool,
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: Username,
    /// The name to go by; may be empty.
    pub name: String,
    /// An address, if there is one.
    pub email: Option<Email>,
    /// Administrator, moderator, both or neither.
    pub staff: Staff,
    /// How far the site trusts them.
    pub trust_level: TrustLevel,
    /// Named groups.
    pub named_groups: BTreeSet<Group>,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The name they sign in with.
    pub username: Username,
    /// The name they go by; may be empty.
    pub name: String,
    /// Their address, if they gave one.
    pub email: Option<Email>,
    /// Administrator, moderator, both or neither.
    pub staff: Staff,
    /// How far the site trusts them.
    pub trust_level: TrustLevel,
    /// The named groups they were put in; see [`User::groups`] for all of them.
    pub named_groups: BTreeSet<Group>,
    /// What the site calls them, if it said so.
    pub external_id: Option<ExternalId>,
    /// Where the site has their picture, if it said so.
    pub avatar_template: Option<AvatarTemplate>,
    /// Since when they are suspended, if they are.
    pub suspended_at: Option<Timestamp>,
    /// When they were made.
    pub created_at: Timestamp,
}

impl User {
    /// Administrators and moderators.
    #[must_use]
    pub const fn is_staff(&self) -> bool {
        self.staff.admin || self.staff.moderator
    }

    /// Whether they are suspended.
    #[must_use]
    pub const fn is_suspended(&self) -> bool {
        self.suspended_at.is_some()
    }

    /// Every group they are in: the named ones, `trust_level_0` up to their level, `admins`, `moderators`, `staff`.
    #[must_use]
    pub fn groups(&self) -> BTreeSet<Group> {
        let levels = (0..=self.trust_level.get()).filter_map(|level| TrustLevel::parse(level).ok());
        let staff = [
            (self.staff.admin, Group::Admins),
            (self.staff.moderator, Group::Moderators),
            (self.is_staff(), Group::Staff),
        ];
        let by_office = staff.into_iter().filter_map(|(is, group)| is.then_some(group));
        self.named_groups.iter().cloned().chain(levels.map(Group::TrustLevel)).chain(by_office).collect()
    }

    /// Whether they are in one of these groups.
    #[must_use]
    pub fn is_in_any(&self, groups: &[Group]) -> bool {
        let mine = self.groups();
        groups.iter().any(|group| mine.contains(group))
    }
}

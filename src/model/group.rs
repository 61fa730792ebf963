//! Groups of users: the built-in ones and those a site names itself.

use std::fmt::{self, Display};

const LONGEST_NAME: usize = 60;
const TRUST_LEVEL: &str = "trust_level_";

/// What is wrong with the name of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// Empty, too long, or a character that lists and headers could not carry.
    #[error("the name of a group is 1 to 60 of the ASCII letters and digits, `.`, `_` and `-`")]
    Name,
    /// A built-in name with a level that does not exist.
    #[error("trust levels go from `trust_level_0` to `trust_level_4`")]
    TrustLevel,
}

/// How far a user is trusted, 0 to 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrustLevel(u8);

impl TrustLevel {
    /// The level with this number.
    ///
    /// # Errors
    /// When the number is above 4.
    pub const fn parse(level: u8) -> Result<Self, GroupError> {
        if level <= 4 { Ok(Self(level)) } else { Err(GroupError::TrustLevel) }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// The name that a site gave a group; never one of the built-in names. Its case is kept and counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName(String);

impl GroupName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A group of users.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// `admins`: every administrator.
    Admins,
    /// `moderators`: every moderator.
    Moderators,
    /// `staff`: administrators and moderators.
    Staff,
    /// `trust_level_N`: everybody trusted at least this far.
    TrustLevel(TrustLevel),
    /// A group of the site's own.
    Named(GroupName),
}

impl Group {
    /// Reads a name; built-in names are known in any case.
    ///
    /// # Errors
    /// When the name is not 1 to 60 of the allowed characters, or claims a trust level that does not exist.
    pub fn parse(name: &str) -> Result<Self, GroupError> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(allowed) {
            return Err(GroupError::Name);
        }
        match name.to_ascii_lowercase().as_str() {
            "admins" => Ok(Self::Admins),
            "moderators" => Ok(Self::Moderators),
            "staff" => Ok(Self::Staff),
            lower => lower.strip_prefix(TRUST_LEVEL).map_or_else(|| Ok(Self::Named(GroupName(name.to_owned()))), trust),
        }
    }
}

fn trust(level: &str) -> Result<Group, GroupError> {
    match level.as_bytes() {
        [digit @ b'0'..=b'4'] => TrustLevel::parse(digit - b'0').map(Group::TrustLevel),
        _ => Err(GroupError::TrustLevel),
    }
}

impl Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admins => f.write_str("admins"),
            Self::Moderators => f.write_str("moderators"),
            Self::Staff => f.write_str("staff"),
            Self::TrustLevel(level) => write!(f, "{TRUST_LEVEL}{}", level.get()),
            Self::Named(name) => f.write_str(name.as_str()),
        }
    }
}

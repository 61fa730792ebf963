//! What a key of the admin API may do. Another world than the scopes of users' keys, so another type.

use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::str::FromStr;

/// What is wrong with a list of admin scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdminScopeError {
    /// A word that is none.
    #[error("{0:?} is no scope of the admin API; there are: {all}", all = AdminScope::all())]
    Unknown(String),
    /// Nothing at all: such a key could do nothing.
    #[error("a key of the admin API has at least one scope of: {all}", all = AdminScope::all())]
    Empty,
}

/// One thing that a key of the admin API may do. The set is closed, and none of them stands for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdminScope {
    /// Look at users.
    UsersRead,
    /// Make, change and delete users.
    UsersWrite,
    /// Look at users' keys.
    KeysRead,
    /// End users' keys, and say when they end.
    KeysWrite,
    /// Make keys in users' names (`security.md K12`).
    KeysMint,
    /// Look at applications.
    ClientsRead,
    /// Block applications.
    ClientsWrite,
    /// Look at what users were told.
    NotificationsRead,
    /// Tell users something, and take it back.
    NotificationsWrite,
    /// Look at the log of what was done to whom.
    AuditRead,
    /// Ask whether somebody is the user they say they are.
    Auth,
    /// Make requests of the site as users.
    UsersAct,
    /// The same past the rules of access.
    UsersBypass,
}

impl AdminScope {
    /// Every scope.
    pub const ALL: [Self; 13] = [
        Self::UsersRead,
        Self::UsersWrite,
        Self::KeysRead,
        Self::KeysWrite,
        Self::KeysMint,
        Self::ClientsRead,
        Self::ClientsWrite,
        Self::NotificationsRead,
        Self::NotificationsWrite,
        Self::AuditRead,
        Self::Auth,
        Self::UsersAct,
        Self::UsersBypass,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::KeysRead => "keys:read",
            Self::KeysWrite => "keys:write",
            Self::KeysMint => "keys:mint",
            Self::ClientsRead => "clients:read",
            Self::ClientsWrite => "clients:write",
            Self::NotificationsRead => "notifications:read",
            Self::NotificationsWrite => "notifications:write",
            Self::AuditRead => "audit:read",
            Self::Auth => "auth",
            Self::UsersAct => "users:act",
            Self::UsersBypass => "users:bypass",
        }
    }

    /// Every word, for who has to choose.
    #[must_use]
    pub fn all() -> String {
        Self::ALL.map(Self::word).join(", ")
    }
}

impl Display for AdminScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for AdminScope {
    type Err = AdminScopeError;

    fn from_str(text: &str) -> Result<Self, AdminScopeError> {
        let found = Self::ALL.into_iter().find(|scope| scope.word() == text);
        found.ok_or_else(|| AdminScopeError::Unknown(text.to_owned()))
    }
}

/// What a key of the admin API may do, all in all; never nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminScopes(BTreeSet<AdminScope>);

impl AdminScopes {
    /// The set of these.
    ///
    /// # Errors
    /// When there are none.
    pub fn of(scopes: impl IntoIterator<Item = AdminScope>) -> Result<Self, AdminScopeError> {
        let scopes: BTreeSet<AdminScope> = scopes.into_iter().collect();
        if scopes.is_empty() { Err(AdminScopeError::Empty) } else { Ok(Self(scopes)) }
    }

    /// A list of words with a comma between, as the database keeps them.
    ///
    /// # Errors
    /// When a word is no scope.
    pub fn parse(list: &str) -> Result<Self, AdminScopeError> {
        Self::of(list.split(',').map(str::parse).collect::<Result<Vec<_>, _>>()?)
    }

    /// Whether the scope is in the set.
    #[must_use]
    pub fn contains(&self, scope: AdminScope) -> bool {
        self.0.contains(&scope)
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.word())
    }
}

impl Display for AdminScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_a_word_that_leads_back_to_it() {
        for scope in AdminScope::ALL {
            assert_eq!(scope.word().parse(), Ok(scope));
        }
        let all = AdminScopes::of(AdminScope::ALL).unwrap();
        assert_eq!(AdminScopes::parse(&all.to_string()), Ok(all));
    }

    #[test]
    fn no_list_stands_for_everything_k12() {
        assert_eq!(AdminScopes::of([]), Err(AdminScopeError::Empty));
        for list in ["", "*", "all", "users", "users:*", "users:read,", "users:read, keys:read", "USERS:READ"] {
            assert!(AdminScopes::parse(list).is_err(), "{list}");
        }
    }
}

//! Scopes: what a key may touch. A name, and sets of names; the rules behind a name are in `scope_catalog`.

use std::fmt::{self, Display};

/// What is wrong with a scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// An item that is no name: empty, blank, or with a character no name has.
    #[error("scopes is a list of names with a comma between, without spaces; {0:?} is no name")]
    Name(String),
    /// A list that is too long.
    #[error("scopes is longer than 500 characters or 20 names")]
    TooMany,
}

/// The name of a scope: `read`, `books:read`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

impl Scope {
    /// # Errors
    /// When it is not 1 to 100 of the ASCII letters, digits, `_`, `-`, `:`, `.`.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.');
        if (1..=100).contains(&text.len()) && text.chars().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ScopeError::Name(text.to_owned()))
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A set of scopes, in the order in which they were asked for. The empty set allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Takes a comma list apart as the protocol does: nothing is trimmed, case counts, empty items at the end fall
    /// away and empty items elsewhere are errors (`C-036`, `C-075`); a name twice counts once.
    ///
    /// # Errors
    /// When an item is no name, or there are too many.
    pub fn parse(list: &str) -> Result<Self, ScopeError> {
        let items = list.trim_end_matches(',');
        if list.chars().count() > 500 {
            return Err(ScopeError::TooMany);
        }
        let mut scopes = Self::default();
        for item in items.split(',').filter(|_| !items.is_empty()) {
            scopes.insert(Scope::parse(item)?);
        }
        if scopes.0.len() > 20 { Err(ScopeError::TooMany) } else { Ok(scopes) }
    }

    /// Adds a scope at the end, unless it is in the set.
    pub fn insert(&mut self, scope: Scope) {
        if !self.contains(&scope) {
            self.0.push(scope);
        }
    }

    /// The set without those of which this holds.
    #[must_use]
    pub fn without(mut self, gone: impl Fn(&Scope) -> bool) -> Self {
        self.0.retain(|scope| !gone(scope));
        self
    }

    /// Whether the scope is in the set.
    #[must_use]
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether a scope of this name is in the set.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.as_str() == name)
    }

    /// The scopes in the order in which they were asked for.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(","))
    }
}

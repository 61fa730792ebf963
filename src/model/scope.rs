//! Scopes: what a key may touch. A name, sets of names, and the rules behind each name.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::matcher::{Matcher, Matchers};
use super::original_path::OriginalPath;
use super::route::{Method, Rule};

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

    fn insert(&mut self, scope: Scope) {
        if !self.contains(&scope) {
            self.0.push(scope);
        }
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

/// One scope with the requests it permits.
#[derive(Clone, Debug)]
struct ScopeDefinition {
    name: Scope,
    dangerous: bool,
    allow: Vec<Rule>,
}

/// Every scope this site knows. The ones of the protocol for now; an operator's own join them later.
#[derive(Clone, Debug)]
pub struct ScopeCatalog {
    definitions: Vec<ScopeDefinition>,
    matchers: Arc<Matchers>,
}

// Name, whether it can change things, what it permits: `details.md` section 3. HEAD counts as GET.
const PROTOCOL: &[(&str, bool, &[&str])] = &[
    ("read", false, &["GET /**"]),
    ("write", true, &["GET|POST|PUT|PATCH|DELETE /**"]),
    ("message_bus", false, &["POST /message-bus/*/poll"]),
    ("push", false, &[]),
    ("one_time_password", true, &[]),
    (
        "notifications",
        false,
        &[
            "POST /message-bus/*/poll",
            "GET /notifications",
            "GET /notifications/totals",
            "PUT /notifications/mark-read",
            "PUT /notifications/read",
        ],
    ),
    ("session_info", false, &["GET /session/current", "GET /u/*/topic-tracking-state"]),
    ("bookmarks_calendar", false, &["GET /u/*/bookmarks.ics"]),
    ("user_status", true, &["GET|PUT|DELETE /user-status"]),
];

impl ScopeCatalog {
    /// The scopes of the protocol.
    ///
    /// # Errors
    /// Never for the table above; a test holds that.
    pub fn protocol() -> Result<Self, ScopeError> {
        let define = |(name, dangerous, allow): &(&str, bool, &[&str])| {
            let rules = allow.iter().map(|rule| Rule::parse(rule).map_err(|error| ScopeError::Name(error.to_string())));
            Ok(ScopeDefinition {
                name: Scope::parse(name)?,
                dangerous: *dangerous,
                allow: rules.collect::<Result<_, ScopeError>>()?,
            })
        };
        let definitions = PROTOCOL.iter().map(define).collect::<Result<_, _>>()?;
        Ok(Self { definitions, matchers: Arc::default() })
    }

    fn find(&self, scope: &Scope) -> Option<&ScopeDefinition> {
        self.definitions.iter().find(|definition| &definition.name == scope)
    }

    /// Whether the scope can change things or hand on access, so that pages set it apart.
    #[must_use]
    pub fn is_dangerous(&self, scope: &Scope) -> bool {
        self.find(scope).is_some_and(|definition| definition.dangerous)
    }

    /// What the scopes together permit. An unknown name permits nothing.
    #[must_use]
    pub fn matcher(&self, scopes: &Scopes) -> Arc<Matcher> {
        self.matchers.of(scopes, || {
            let mut matcher = Matcher::default();
            let definitions = scopes.iter().filter_map(|scope| self.find(scope));
            // All are the protocol's, so `.json` is optional on every one.
            definitions.flat_map(|definition| &definition.allow).for_each(|rule| matcher.add(rule, true));
            matcher
        })
    }

    /// Whether one of the scopes permits the request; an ambiguous path never.
    #[must_use]
    pub fn permits(&self, scopes: &Scopes, method: Method, path: &str) -> bool {
        OriginalPath::parse(path).is_ok_and(|path| self.matcher(scopes).permits(method, &path))
    }
}

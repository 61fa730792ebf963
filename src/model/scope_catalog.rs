//! Every scope of a site with the requests it permits: the protocol's, and the operator's own.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::application_name::is_invisible;
use super::matcher::{Matcher, Shared};
use super::original_path::OriginalPath;
use super::route::{Method, Rule};
use super::scope::{Scope, ScopeError, Scopes};
use super::{Group, User};

const LONGEST_LABEL: usize = 100;

/// What a scope of the operator's own lets an application do, in words for the consent page: `Read your book list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeLabel(String);

/// What is wrong with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeLabelError {
    /// Nothing a person could read.
    #[error("it is empty")]
    Empty,
    /// More than a line.
    #[error("it is longer than {LONGEST_LABEL} characters")]
    TooLong,
    /// A line break, or a character that changes how the others are shown.
    #[error("it holds a line break or an invisible character")]
    Invisible,
}

impl ScopeLabel {
    /// # Errors
    /// When it is not 1 to 100 visible characters on one line.
    pub fn parse(text: &str) -> Result<Self, ScopeLabelError> {
        let text = text.trim();
        if text.is_empty() {
            Err(ScopeLabelError::Empty)
        } else if text.chars().count() > LONGEST_LABEL {
            Err(ScopeLabelError::TooLong)
        } else if text.chars().any(|c| c.is_control() || is_invisible(c)) {
            Err(ScopeLabelError::Invisible)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl Display for ScopeLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A scope of the operator's own.
#[derive(Clone, Debug)]
pub struct OwnScope {
    /// What applications ask for.
    pub name: Scope,
    /// What people read.
    pub label: ScopeLabel,
    /// What it permits; at least one rule.
    pub allow: Vec<Rule>,
    /// Whether pages set it apart, as one that can change things.
    pub dangerous: bool,
}

/// A scope that only users in certain groups may give to keys. What a key has of it counts for as long as its owner is in one.
#[derive(Clone, Debug)]
pub struct ReservedScope {
    /// The scope.
    pub name: Scope,
    /// The groups; at least one.
    pub groups: Vec<Group>,
}

/// Somebody is in none of the groups that a scope is kept for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scope {scope:?} is only for users in one of these groups: {groups}")]
pub struct ScopeReserved {
    /// The scope.
    pub scope: String,
    /// The groups.
    pub groups: String,
}

/// One scope with the requests it permits.
#[derive(Clone, Debug)]
struct ScopeDefinition {
    name: Scope,
    /// The operator's words; the protocol's scopes have theirs among the words of the pages.
    label: Option<ScopeLabel>,
    dangerous: bool,
    allow: Vec<Rule>,
    /// Whether a `.json` at the end of a path does not count.
    json: bool,
}

impl From<OwnScope> for ScopeDefinition {
    fn from(OwnScope { name, label, allow, dangerous }: OwnScope) -> Self {
        Self { name, label: Some(label), dangerous, allow, json: false }
    }
}

/// Every scope this site knows.
#[derive(Clone, Debug)]
pub struct ScopeCatalog {
    definitions: Vec<ScopeDefinition>,
    reserved: Vec<ReservedScope>,
    matchers: Arc<Shared<Vec<Scope>, Matcher>>,
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

/// Whether the protocol has a scope of this name.
#[must_use]
pub fn is_of_the_protocol(scope: &Scope) -> bool {
    PROTOCOL.iter().any(|(name, ..)| *name == scope.as_str())
}

impl ScopeCatalog {
    /// The scopes of the protocol.
    ///
    /// # Errors
    /// Never for the table above; a test holds that.
    pub fn protocol() -> Result<Self, ScopeError> {
        Self::with(Vec::new(), Vec::new())
    }

    /// The scopes of the protocol and these, of all of which some may be reserved. Where a name is the protocol's, the protocol's
    /// counts.
    ///
    /// # Errors
    /// Never for the table above; a test holds that.
    pub fn with(own: Vec<OwnScope>, reserved: Vec<ReservedScope>) -> Result<Self, ScopeError> {
        let define = |(name, dangerous, allow): &(&str, bool, &[&str])| {
            let rules = allow.iter().map(|rule| Rule::parse(rule).map_err(|error| ScopeError::Name(error.to_string())));
            Ok(ScopeDefinition {
                name: Scope::parse(name)?,
                label: None,
                dangerous: *dangerous,
                allow: rules.collect::<Result<_, ScopeError>>()?,
                json: true,
            })
        };
        let mut definitions = PROTOCOL.iter().map(define).collect::<Result<Vec<_>, _>>()?;
        definitions.extend(own.into_iter().map(ScopeDefinition::from));
        Ok(Self { definitions, reserved, matchers: Arc::default() })
    }

    fn find(&self, scope: &Scope) -> Option<&ScopeDefinition> {
        self.definitions.iter().find(|definition| &definition.name == scope)
    }

    /// Whether the scope can change things or hand on access, so that pages set it apart.
    #[must_use]
    pub fn is_dangerous(&self, scope: &Scope) -> bool {
        self.find(scope).is_some_and(|definition| definition.dangerous)
    }

    /// What the operator says that the scope allows, where it is the operator's own.
    #[must_use]
    pub fn label(&self, scope: &Scope) -> Option<&ScopeLabel> {
        self.find(scope)?.label.as_ref()
    }

    /// Whether a user may give all of these to a key.
    ///
    /// # Errors
    /// With the first that the user may not, and who may.
    pub fn check_held(&self, scopes: &Scopes, user: &User) -> Result<(), ScopeReserved> {
        let kept =
            |scope: &Scope| self.reserved.iter().find(|kept| kept.name == *scope && !user.is_in_any(&kept.groups));
        match scopes.iter().find_map(kept) {
            None => Ok(()),
            Some(ReservedScope { name, groups }) => {
                let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
                Err(ScopeReserved { scope: name.to_string(), groups: groups.join(", ") })
            }
        }
    }

    /// Those that count for keys of this owner now.
    #[must_use]
    pub fn held(&self, scopes: Scopes, owner: &User) -> Scopes {
        if self.reserved.is_empty() {
            return scopes;
        }
        let kept =
            |scope: &Scope| self.reserved.iter().any(|kept| kept.name == *scope && !owner.is_in_any(&kept.groups));
        scopes.without(kept)
    }

    /// What the scopes together permit. An unknown name permits nothing.
    #[must_use]
    pub fn matcher(&self, scopes: &Scopes) -> Arc<Matcher> {
        let mut names: Vec<Scope> = scopes.iter().cloned().collect();
        names.sort_unstable();
        self.matchers.of(names, || {
            let mut matcher = Matcher::default();
            for definition in scopes.iter().filter_map(|scope| self.find(scope)) {
                definition.allow.iter().for_each(|rule| matcher.add(rule, definition.json));
            }
            matcher
        })
    }

    /// Whether one of the scopes permits the request; an ambiguous path never.
    #[must_use]
    pub fn permits(&self, scopes: &Scopes, method: Method, path: &str) -> bool {
        OriginalPath::parse(path).is_ok_and(|path| self.matcher(scopes).permits(method, &path))
    }
}

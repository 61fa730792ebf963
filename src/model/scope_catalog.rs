//! Every scope of a site with the requests it permits: the protocol's, and the operator's own.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::application_name::is_invisible;
use super::matcher::{Matcher, Matchers};
use super::original_path::OriginalPath;
use super::route::{Method, Rule};
use super::scope::{Scope, ScopeError, Scopes};

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
        Self::with(Vec::new())
    }

    /// The scopes of the protocol and these. Where a name is the protocol's, the protocol's counts.
    ///
    /// # Errors
    /// Never for the table above; a test holds that.
    pub fn with(own: Vec<OwnScope>) -> Result<Self, ScopeError> {
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

    /// What the operator says that the scope allows, where it is the operator's own.
    #[must_use]
    pub fn label(&self, scope: &Scope) -> Option<&ScopeLabel> {
        self.find(scope)?.label.as_ref()
    }

    /// What the scopes together permit. An unknown name permits nothing.
    #[must_use]
    pub fn matcher(&self, scopes: &Scopes) -> Arc<Matcher> {
        self.matchers.of(scopes, || {
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

//! Rules over requests: a set of methods and a pattern of a path.

use std::str::FromStr;

use percent_encoding::{AsciiSet, utf8_percent_encode};

use super::original_path::{AmbiguousPath, OriginalPath};

// Encodes only what is outside ASCII, so that `café` may stand in a rule as it is.
const NOTHING: &AsciiSet = &AsciiSet::EMPTY;

/// What is wrong with the path of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RulePathError {
    /// No slash first.
    #[error("it does not begin with a `/`")]
    Relative,
    /// Not the form of one, and why.
    #[error("{0}")]
    Form(&'static str),
    /// No request could have it.
    #[error("it would never match: {0}")]
    Never(AmbiguousPath),
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A method this service does not know.
    #[error("{0:?} is no method; write GET, POST, PUT, PATCH, DELETE or OPTIONS, with | between several")]
    Method(String),
    /// Not the form of a rule, and why.
    #[error("{0:?} is no rule, because {1}; write one like \"GET|POST /books/*/pages\" or \"GET /books/**\"")]
    Form(String, &'static str),
    /// No request could have this path.
    #[error("{0:?} would never match: {1}")]
    Path(String, AmbiguousPath),
}

/// The method of a request. HEAD is read as GET (RFC 9110 9.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET and HEAD.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
    /// OPTIONS.
    Options,
    /// Any other; no rule permits it.
    Other,
}

impl Method {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Other => "OTHER",
        }
    }
}

impl FromStr for Method {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "GET" | "HEAD" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            _ => Self::Other,
        })
    }
}

/// Several methods, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Methods(u8);

impl Methods {
    const fn of(method: Method) -> Self {
        Self(match method {
            Method::Get => 1,
            Method::Post => 2,
            Method::Put => 4,
            Method::Patch => 8,
            Method::Delete => 16,
            Method::Options => 32,
            Method::Other => 64,
        })
    }

    /// Every method there is, those that have no name here too.
    pub(super) const ALL: Self = Self(127);

    /// Parses `GET|POST`; gives back the name of what is no method.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut methods = Self::default();
        for name in text.split('|') {
            match name.parse() {
                Ok(Method::Other) | Err(_) => return Err(name.to_owned()),
                Ok(method) => methods.add(Self::of(method)),
            }
        }
        Ok(methods)
    }

    /// These, and those that have no name here.
    pub(super) const fn and_unknown(mut self) -> Self {
        self.add(Self::of(Method::Other));
        self
    }

    pub(super) const fn add(&mut self, others: Self) {
        self.0 |= others.0;
    }

    pub(super) const fn has(self, method: Method) -> bool {
        self.0 & Self::of(method).0 != 0
    }

    const fn only(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }
}

/// One part of a path between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// Decoded, as a request's path is.
    Literal(String),
    /// `*`: exactly one segment, whatever it is, but not nothing.
    One,
    /// `**`, only at the end: any rest, also none.
    Rest,
}

/// Methods, and the paths on which they are permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    methods: Methods,
    path: Vec<Segment>,
}

impl Rule {
    /// Parses `GET|POST /books/*/pages`.
    ///
    /// # Errors
    /// When a method is unknown, the path does not begin with a slash or could never be a request's, or `**` is not at
    /// its end.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let form = |slip| RuleError::Form(text.to_owned(), slip);
        let (methods, path) = text.split_once(' ').ok_or(form("no space is between methods and path"))?;
        let path = Self::parse_path(path).map_err(|error| match error {
            RulePathError::Relative => form("one space and a `/` come before the path"),
            RulePathError::Form(slip) => form(slip),
            RulePathError::Never(error) => RuleError::Path(text.to_owned(), error),
        })?;
        Ok(Self { methods: Methods::parse(methods).map_err(RuleError::Method)?, path })
    }

    /// A rule for these methods and this path: `/books/*/pages`.
    pub(super) fn on(methods: Methods, path: &str) -> Result<Self, RulePathError> {
        Ok(Self { methods, path: Self::parse_path(path)? })
    }

    fn parse_path(path: &str) -> Result<Vec<Segment>, RulePathError> {
        let form = RulePathError::Form;
        let inside = path.strip_prefix('/').ok_or(RulePathError::Relative)?;
        let encoded = utf8_percent_encode(path, NOTHING).to_string();
        let read = OriginalPath::parse(&encoded).map_err(RulePathError::Never)?;
        // A rule is written as it is meant: what a request may have and loses (`//`, `/./`, a query) is a slip here.
        if path.contains('?') {
            return Err(form("a query does not count, so leave out what follows the `?`"));
        }
        if read.as_str().split('/').count() != path.split('/').count() {
            return Err(form("the path of a request loses its empty segments and its `.` and `..`"));
        }
        let decoded = read.as_str().split('/').skip(1);
        let path: Vec<Segment> = inside
            .split('/')
            .zip(decoded)
            .map(|(raw, decoded)| segment(raw, decoded).ok_or(form("`*` and `**` stand for whole segments")))
            .collect::<Result<_, _>>()?;
        if path.iter().rev().skip(1).any(|segment| *segment == Segment::Rest) {
            return Err(form("`**` is any rest, so nothing comes after it"));
        }
        Ok(path)
    }

    /// The same with its literal segments changed.
    pub(super) fn map_literals(&self, change: impl Fn(&str) -> String) -> Self {
        let changed = |segment: &Segment| match segment {
            Segment::Literal(literal) => Segment::Literal(change(literal)),
            Segment::One | Segment::Rest => segment.clone(),
        };
        Self { methods: self.methods, path: self.path.iter().map(changed).collect() }
    }

    /// Whether nothing it permits is meant to change anything (RFC 9110 9.2.1).
    #[must_use]
    pub const fn only_reads(&self) -> bool {
        let mut reading = Methods::of(Method::Get);
        reading.add(Methods::of(Method::Options));
        self.methods.only(reading)
    }

    pub(super) const fn methods(&self) -> Methods {
        self.methods
    }

    pub(super) fn path(&self) -> &[Segment] {
        &self.path
    }
}

// `book*` looks as if it matched a part of a segment, which nothing does; a star that is meant is written `%2A`.
fn segment(raw: &str, decoded: &str) -> Option<Segment> {
    match raw {
        "*" => Some(Segment::One),
        "**" => Some(Segment::Rest),
        _ if raw.contains('*') => None,
        _ => Some(Segment::Literal(decoded.to_owned())),
    }
}

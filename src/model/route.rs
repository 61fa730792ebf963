//! Rules over requests: a set of methods and a pattern of a path.

use std::str::FromStr;

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A method this service does not know.
    #[error("{0:?} is no method; write GET, POST, PUT, PATCH, DELETE or OPTIONS, with | between several")]
    Method(String),
    /// Not the form of a rule.
    #[error("{0:?} is no rule; write one like \"GET|POST /books/*/pages\" or \"GET /books/**\"")]
    Form(String),
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

/// One part of a path between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// `*`: exactly one segment, whatever it is.
    One,
    /// `**`, only at the end: any rest, also none.
    Rest,
}

/// Methods, and the paths on which they are permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    methods: Vec<Method>,
    path: Vec<Segment>,
}

impl Rule {
    /// Parses `GET|POST /books/*/pages`.
    ///
    /// # Errors
    /// When a method is unknown, the path does not begin with a slash, or `**` is not at its end.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let form = || RuleError::Form(text.to_owned());
        let (methods, path) = text.split_once(' ').ok_or_else(form)?;
        let path = path.strip_prefix('/').ok_or_else(form)?;
        let segments: Vec<Segment> = path.split('/').map(segment).collect();
        let rests = segments.iter().filter(|segment| **segment == Segment::Rest).count();
        if rests > 1 || (rests == 1 && segments.last() != Some(&Segment::Rest)) {
            return Err(form());
        }
        Ok(Self { methods: methods.split('|').map(method).collect::<Result<_, _>>()?, path: segments })
    }

    /// Whether the rule permits the request. The path is that of the request without the prefix of the service, still
    /// encoded; a `.json` at its end does not count (section 1.1 of the protocol).
    #[must_use]
    pub fn permits(&self, method: Method, path: &str) -> bool {
        self.methods.contains(&method) && self.matches(path.strip_suffix(".json").unwrap_or(path))
    }

    fn matches(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix('/') else { return false };
        let mut given = path.split('/');
        for wanted in &self.path {
            match (wanted, given.next()) {
                (Segment::Rest, _) => return true,
                (Segment::One, Some(_)) => {}
                (Segment::Literal(literal), Some(text)) if literal == text => {}
                _ => return false,
            }
        }
        given.next().is_none()
    }
}

fn segment(text: &str) -> Segment {
    match text {
        "*" => Segment::One,
        "**" => Segment::Rest,
        literal => Segment::Literal(literal.to_owned()),
    }
}

fn method(text: &str) -> Result<Method, RuleError> {
    match text.parse() {
        Ok(Method::Other) | Err(_) => Err(RuleError::Method(text.to_owned())),
        Ok(method) => Ok(method),
    }
}

//! Who may reach what: the operator's rules over paths and groups. A key's scopes say what the key may touch, these what its
//! owner may; both have to allow a request.
//!
//! A rule closes what it is about to everybody outside of its groups. Where two servers might take two paths for one, the rule
//! holds for both: a rule that missed one would be open (`security.md W10`).

use std::sync::Arc;

use super::matcher::{Matcher, Shared};
use super::original_path::OriginalPath;
use super::route::{Method, Methods, Rule, RulePathError};
use super::wide_path::{widely, widely_segment, without_ending, without_slash};
use super::{Group, User};

/// What is wrong with a method or a path of a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessPathError {
    /// A method this service does not know.
    #[error("{0:?} is no method; there are GET, POST, PUT, PATCH, DELETE and OPTIONS")]
    Method(String),
    /// No path of a rule, and why.
    #[error("{0:?}: {1}")]
    Path(String, String),
}

/// A rule: these requests are only for who is in one of these groups.
#[derive(Clone, Debug)]
pub struct AccessRule {
    requests: Vec<Rule>,
    groups: Vec<Group>,
}

impl AccessRule {
    /// A rule over these paths: by these methods, or by whatever method where there are none. By one that nobody here knows always:
    /// some sites take `post` for POST, or do by another what one of these does.
    ///
    /// # Errors
    /// The first method or path that is none.
    pub fn parse(paths: &[&str], methods: &[&str], groups: Vec<Group>) -> Result<Self, AccessPathError> {
        let methods = match methods {
            [] => Methods::ALL,
            some => Methods::parse(&some.join("|")).map_err(AccessPathError::Method)?.and_unknown(),
        };
        let request = |path: &&str| Rule::on(methods, without_slash(path)).map_err(|error| wrong(path, error));
        Ok(Self { requests: paths.iter().map(request).collect::<Result<_, _>>()?, groups })
    }
}

fn wrong(path: &str, error: RulePathError) -> AccessPathError {
    AccessPathError::Path(path.to_owned(), error.to_string())
}

/// Every rule of the site.
#[derive(Clone, Debug, Default)]
pub struct AccessRules {
    rules: Arc<[AccessRule]>,
    nothing: Arc<Closed>,
    closed: Arc<Shared<Vec<usize>, Closed>>,
}

impl AccessRules {
    /// These rules. Each that is about a request has to allow it.
    #[must_use]
    pub fn new(rules: Vec<AccessRule>) -> Self {
        Self { rules: rules.into(), ..Self::default() }
    }

    /// Whether there are any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What is closed to a user.
    #[must_use]
    pub fn closed_to(&self, user: &User) -> Arc<Closed> {
        self.closed_where(|rule| !user.is_in_any(&rule.groups))
    }

    /// What is closed to somebody who is nobody we know: whatever there is a rule about.
    #[must_use]
    pub fn closed_to_nobody(&self) -> Arc<Closed> {
        self.closed_where(|_any| true)
    }

    fn closed_where(&self, is_outside: impl Fn(&AccessRule) -> bool) -> Arc<Closed> {
        let outside = self.rules.iter().enumerate().filter(|(_, rule)| is_outside(rule));
        let (places, rules): (Vec<usize>, Vec<&AccessRule>) = outside.unzip();
        if rules.is_empty() { Arc::clone(&self.nothing) } else { self.closed.of(places, || Closed::by(&rules)) }
    }
}

/// What is closed to a user, or to all who are in the same groups as far as the rules ask for any.
#[derive(Debug, Default)]
pub struct Closed {
    matcher: Matcher,
    is_something: bool,
}

impl Closed {
    fn by(rules: &[&AccessRule]) -> Self {
        let mut matcher = Matcher::default();
        for request in rules.iter().flat_map(|rule| &rule.requests) {
            matcher.add(&request.map_literals(|literal| widely_segment(literal).into_owned()), false);
        }
        Self { matcher, is_something: true }
    }

    /// Whether this request is.
    #[must_use]
    pub fn has(&self, method: Method, path: &OriginalPath<'_>) -> bool {
        self.is_something && {
            let path = widely(path.as_str());
            self.matcher.covers(method, &path)
                || without_ending(&path).is_some_and(|path| self.matcher.covers(method, path))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(paths: &[&str], methods: &[&str]) -> Arc<Closed> {
        let rule = AccessRule::parse(paths, methods, vec![Group::Staff]).unwrap();
        AccessRules::new(vec![rule]).closed_to_nobody()
    }

    fn has(closed: &Closed, method: Method, path: &str) -> bool {
        closed.has(method, &OriginalPath::parse(path).unwrap())
    }

    #[test]
    fn a_rule_holds_for_every_path_that_a_site_may_take_for_its_own_w10() {
        let one = closed(&["/Admin/", "/caf%C3%89/v1.0"], &[]);
        for path in [
            "/admin",
            "/ADMIN",
            "/admin/",
            "/admin.json",
            "/Admin.XML",
            "/admin;x=1",
            "/admin;x=1/",
            "/admin.",
            "/admin%20",
            "/%61dmin",
            "/./admin",
            "/admin?a=b",
            "/caf%c3%a9/v1.0",
            "/caf%c3%89/v1.0.json",
        ] {
            assert!(has(&one, Method::Get, path), "{path}");
        }
        for path in ["/", "/administer", "/x/admin", "/admin/users", "/admin.d/x", "/caf%c3%a9/v2", "/caf%c3%a9/v1"] {
            assert!(!has(&one, Method::Get, path), "{path}");
        }
        let below = closed(&["/admin/**"], &[]);
        for path in
            ["/admin", "/admin/", "/admin.json", "/admin/users", "/Admin/a/b.c", "/admin;a/users", "/admin%20/x"]
        {
            assert!(has(&below, Method::Get, path), "{path}");
        }
        assert!(!has(&below, Method::Get, "/administer/users"));
        let all = closed(&["/**"], &[]);
        assert!(["/", "/a", "/a/b/"].iter().all(|path| has(&all, Method::Get, path)));
        let root = closed(&["/"], &[]);
        assert!(has(&root, Method::Get, "/") && !has(&root, Method::Get, "/a"));
    }

    #[test]
    fn a_rule_holds_for_every_letter_that_some_site_takes_for_its_own_w10() {
        for (rule, paths) in [
            ("/staff/**", &["/%C5%BFtaff/x", "/STA\u{fb00}/x", "/\u{17f}TAFF"][..]),
            ("/admin/kiosk", &["/adm\u{131}n/\u{212a}iosk"]),
            ("/οδος", &["/ΟΔΟΣ", "/οδοσ", "/οδος.json", "/ΟΔΟΣ.json"]),
            ("/stra\u{df}e", &["/STRASSE", "/Stra\u{1e9e}e"]),
        ] {
            let rule = closed(&[rule], &[]);
            for path in paths {
                let encoded = percent_encoding::utf8_percent_encode(path, &percent_encoding::AsciiSet::EMPTY);
                assert!(has(&rule, Method::Get, &encoded.to_string()), "{path}");
            }
        }
    }

    #[test]
    fn a_rule_holds_for_its_methods_or_all_and_always_for_those_that_nobody_knows_k12() {
        let (every, post) = (closed(&["/a"], &[]), closed(&["/a"], &["POST", "PUT"]));
        for method in [Method::Get, Method::Post, Method::Delete, Method::Options, Method::Other] {
            assert!(has(&every, method, "/a"), "{method:?}");
        }
        for (method, is_closed) in [("POST", true), ("PUT", true), ("post", true), ("PROPFIND", true), ("GET", false)] {
            assert_eq!(has(&post, method.parse().unwrap(), "/a"), is_closed, "{method}");
        }
    }

    #[test]
    fn each_rule_that_is_about_a_request_has_to_allow_it() {
        let rule = |path, group| AccessRule::parse(&[path], &[], vec![group]).unwrap();
        let press = Group::parse("press").unwrap();
        let rules = AccessRules::new(vec![rule("/a/**", Group::Staff), rule("/a/b", press)]);
        let of = |outside: &[usize]| {
            rules.closed_where(|rule| outside.iter().any(|at| rule.groups == rules.rules[*at].groups))
        };
        assert!(has(&of(&[0]), Method::Get, "/a/b") && has(&of(&[1]), Method::Get, "/a/b"));
        assert!(!has(&of(&[1]), Method::Get, "/a/c") && !has(&of(&[]), Method::Get, "/a/b"));
        let kept = of(&[0, 1]);
        assert!(Arc::ptr_eq(&kept, &rules.closed_to_nobody()), "equal ones are made once");
    }

    #[test]
    fn a_slip_is_told() {
        let slip = |paths: &[&str], methods: &[&str]| {
            AccessRule::parse(paths, methods, vec![Group::Staff]).unwrap_err().to_string()
        };
        assert!(slip(&["/a"], &["FETCH"]).contains("\"FETCH\" is no method"));
        assert!(slip(&["/a", "b"], &[]).contains("\"b\""));
        assert!(slip(&["/a/../b"], &[]).contains("would never match"));
        assert!(slip(&["/a*"], &[]).contains("stand for whole segments"));
    }
}

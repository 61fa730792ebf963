//! All rules of a set of scopes as one tree, walked once for each request without allocating.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::original_path::{OriginalPath, segments};
use super::route::{Method, Methods, Rule, Segment};
use super::scope::{Scope, Scopes};

/// What a set of scopes permits.
#[derive(Debug, Default)]
pub struct Matcher(Node);

#[derive(Debug, Default)]
struct Node {
    literals: BTreeMap<String, Node>,
    one: Option<Box<Node>>,
    /// On a path that ends here.
    end: Permitted,
    /// On any path that comes through here.
    rest: Permitted,
}

#[derive(Debug, Default)]
struct Permitted {
    /// Whatever the ending.
    plain: Methods,
    /// Those among them that a `.json` at the end does not change (section 1.1 of the protocol).
    json: Methods,
}

impl Matcher {
    /// Adds a rule; with `json`, a `.json` at the end of a path does not count.
    pub(super) fn add(&mut self, rule: &Rule, json: bool) {
        let mut node = &mut self.0;
        for segment in rule.path() {
            node = match segment {
                Segment::Literal(literal) => node.literals.entry(literal.clone()).or_default(),
                Segment::One => node.one.get_or_insert_default(),
                Segment::Rest => return node.rest.add(rule.methods(), json),
            };
        }
        node.end.add(rule.methods(), json);
    }

    /// Whether the request is permitted.
    #[must_use]
    pub fn permits(&self, method: Method, path: &OriginalPath<'_>) -> bool {
        let path = path.as_str();
        let bare = || path.strip_suffix(".json").is_some_and(|bare| self.0.reaches(segments(bare), method, true));
        self.0.reaches(segments(path), method, false) || bare()
    }
}

impl Permitted {
    fn add(&mut self, methods: Methods, json: bool) {
        self.plain.add(methods);
        if json {
            self.json.add(methods);
        }
    }

    const fn has(&self, method: Method, json: bool) -> bool {
        if json { self.json.has(method) } else { self.plain.has(method) }
    }
}

impl Node {
    // As deep as the tree at most, however long the path.
    fn reaches(&self, mut rest: std::str::Split<'_, char>, method: Method, json: bool) -> bool {
        if self.rest.has(method, json) {
            return true;
        }
        let Some(segment) = rest.next() else { return self.end.has(method, json) };
        let one = self.one.as_ref().filter(|_| !segment.is_empty());
        self.literals.get(segment).is_some_and(|node| node.reaches(rest.clone(), method, json))
            || one.is_some_and(|node| node.reaches(rest, method, json))
    }
}

/// The matchers in use, so that keys with the same scopes share one. Held weakly: the sets that could be asked for
/// are too many to keep, those of the keys in memory are not.
#[derive(Debug, Default)]
pub(super) struct Matchers(Mutex<Interned>);

#[derive(Debug, Default)]
struct Interned {
    by_scopes: HashMap<Vec<Scope>, Weak<Matcher>>,
    sweep_at: usize,
}

const FIRST_SWEEP: usize = 64;

impl Matchers {
    /// The one matcher of this set, in whatever order it was asked for.
    pub(super) fn of(&self, scopes: &Scopes, compile: impl FnOnce() -> Matcher) -> Arc<Matcher> {
        let mut names: Vec<Scope> = scopes.iter().cloned().collect();
        names.sort_unstable();
        let mut interned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = interned.by_scopes.get(&names).and_then(Weak::upgrade) {
            return known;
        }
        interned.sweep();
        let compiled = Arc::new(compile());
        interned.by_scopes.insert(names, Arc::downgrade(&compiled));
        compiled
    }
}

impl Interned {
    // Each sweep pays for as many inserts as it leaves entries, so that it costs a constant for each.
    fn sweep(&mut self) {
        if self.by_scopes.len() >= self.sweep_at.max(FIRST_SWEEP) {
            self.by_scopes.retain(|_names, matcher| matcher.strong_count() > 0);
            self.sweep_at = self.by_scopes.len().saturating_mul(2);
        }
    }
}

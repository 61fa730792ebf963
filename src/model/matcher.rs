//! Many rules as one tree, walked once for each request without allocating: what a set of scopes permits, or what is closed
//! to an owner.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::original_path::{OriginalPath, segments};
use super::route::{Method, Methods, Rule, Segment};

/// Which requests some rules are about: for scopes, what they permit.
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

    /// Whether a rule is about the request, by its path as it stands here.
    pub(super) fn covers(&self, method: Method, path: &str) -> bool {
        self.0.reaches(segments(path), method, false)
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

/// Values made of others, so that equal ones are made once and shared: the matchers of all keys with the same scopes. Held
/// weakly: the sets that could be asked for are too many to keep, those of the keys in memory are not.
#[derive(Debug, Default)]
pub(super) struct Shared<K, V>(Mutex<Interned<K, V>>);

#[derive(Debug, Default)]
struct Interned<K, V> {
    made: HashMap<K, Weak<V>>,
    sweep_at: usize,
}

const FIRST_SWEEP: usize = 64;

impl<K: Eq + Hash, V> Shared<K, V> {
    /// The one value of this.
    pub(super) fn of(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let mut interned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = interned.made.get(&key).and_then(Weak::upgrade) {
            return known;
        }
        interned.sweep();
        let value = Arc::new(make());
        interned.made.insert(key, Arc::downgrade(&value));
        value
    }
}

impl<K: Eq + Hash, V> Interned<K, V> {
    // Each sweep pays for as many inserts as it leaves entries, so that it costs a constant for each.
    fn sweep(&mut self) {
        if self.made.len() >= self.sweep_at.max(FIRST_SWEEP) {
            self.made.retain(|_of, value| value.strong_count() > 0);
            self.sweep_at = self.made.len().saturating_mul(2);
        }
    }
}

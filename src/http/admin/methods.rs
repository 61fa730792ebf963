//! Which methods each path of the admin API takes, by its document: for who calls with another one.

use serde_json::Value;

/// Each path, with a name in braces for each value in it, and its methods, in capitals, with a comma between.
pub(super) struct Methods(Vec<(String, String)>);

impl Methods {
    /// Those of an OpenAPI document.
    pub(super) fn of(spec: &Value) -> Self {
        let paths = spec.get("paths").and_then(Value::as_object).into_iter().flatten();
        Self(paths.map(|(path, calls)| (path.clone(), methods(calls))).collect())
    }

    /// The methods of the path; `None` where nothing is.
    pub(super) fn at(&self, path: &str) -> Option<String> {
        self.0.iter().find(|(pattern, _)| fits(pattern, path)).map(|(_, methods)| methods.clone())
    }
}

fn methods(calls: &Value) -> String {
    let names = calls.as_object().into_iter().flatten().map(|(name, _)| name.to_uppercase());
    names.collect::<Vec<_>>().join(", ")
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let fits = |(part, given): (&&str, &&str)| part == given || (part.starts_with('{') && !given.is_empty());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(fits)
}

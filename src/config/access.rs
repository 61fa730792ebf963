//! `[[access]]`: which requests only certain groups may make, each rule a table of the file.

use super::reader::Reader;
use super::table::{GROUPS, Table, groups};
use super::value::{self, Value};
use crate::model::AccessRule;

/// The name of the array that holds them all.
pub(super) const HEADING: &str = "access";

/// One, for people to copy, line by line.
pub(super) const EXAMPLE: &str =
    r#"`[[access]]` with the lines `paths = ["/admin/**"]` and `groups = ["staff"]` below it"#;

/// The reference of these tables, in Markdown.
pub(super) const ABOUT: &str = r#"
## `[[access]]`

What only certain users may do, whatever the scopes of their keys: each rule is a table of the file, with two brackets; it
cannot be set in the environment or by a flag. A request that a rule is about goes through only if the key's owner is in
one of its groups. Where several rules are about it, each of them has to allow it. A request without a key is in no
group. What no rule is about is open to every user.

```toml
[[access]]
paths = ["/admin/**", "/api/members/*"]
methods = ["POST", "PUT", "PATCH", "DELETE"]
groups = ["staff", "editors"]
```

- `paths`: at least one, as the site sees them: a segment for itself, `*` for any one segment, `**` at the end for any
  rest, also none. Other than with scopes, a rule also holds for what a site may take for the same path: in whatever
  case, with a slash or a format such as `.json` at the end, with parameters behind a `;`. Needed.
- `methods`: by which methods; `GET` holds for `HEAD` too. Whatever is none of `GET`, `HEAD`, `POST`, `PUT`, `PATCH`,
  `DELETE` and `OPTIONS`, such as `PROPFIND` or `post`, each rule is about. Without it by every method.
- `groups`: at least one of `admins`, `moderators`, `staff`, `trust_level_0` to `trust_level_4`, and the site's own.
  Needed.
"#;

/// The rules, and how `config show` prints them.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    pub(super) rules: Vec<AccessRule>,
    pub(super) shown: String,
}

/// Reads every table, in the order of the file.
pub(super) fn read(reader: &mut Reader) -> Option<Access> {
    let tables = Table::all(reader.access());
    let read: Vec<_> = tables.into_iter().map(|table| rule(table, reader)).collect();
    let mut access = Access::default();
    for (rule, shown) in read.into_iter().collect::<Option<Vec<_>>>()? {
        access.rules.push(rule);
        access.shown.push_str(&shown);
    }
    Some(access)
}

fn rule(mut table: Table, reader: &mut Reader) -> Option<(AccessRule, String)> {
    let paths = table.take(reader, "paths", None, PATHS, |value| {
        let paths = texts(value, "it names no path")?;
        checked(&paths, &[]).map(|_good| paths)
    });
    let methods = if table.has("methods") {
        table.take(reader, "methods", None, METHODS, |value| {
            let methods = texts(value, "it names no method; leave it out for all")?;
            checked(&[], &methods).map(|_good| methods)
        })
    } else {
        Some(Vec::new())
    };
    let groups = table.take(reader, "groups", None, GROUPS, groups);
    let shown = table.finish(reader, "nothing, or one of `paths`, `methods` and `groups`");
    let (paths, methods) = (paths?, methods?);
    let groups = groups?;
    Some((AccessRule::parse(&views(&paths), &views(&methods), groups).ok()?, shown))
}

/// Looks at each, so that all that are wrong are told.
fn checked(paths: &[String], methods: &[String]) -> Result<(), String> {
    let parse = |path: &str, method: Option<&str>| {
        let methods: Vec<&str> = method.into_iter().collect();
        AccessRule::parse(&[path], &methods, Vec::new()).map(drop).map_err(|error| error.to_string())
    };
    let by_method = methods.iter().map(|method| parse("/", Some(method)));
    value::all(paths.iter().map(|path| parse(path, None)).chain(by_method)).map(drop)
}

fn texts(value: &Value, none: &str) -> Result<Vec<String>, String> {
    let texts: Vec<String> = value.list()?.into_iter().map(str::to_owned).collect();
    if texts.is_empty() { Err(none.to_owned()) } else { Ok(texts) }
}

fn views(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

const PATHS: &str = "an array of paths, such as [\"/admin/**\", \"/api/books/*\"]";
const METHODS: &str = "an array of methods, such as [\"POST\", \"DELETE\"]";

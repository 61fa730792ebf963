//! `[scopes."books:read"]`: the operator's own scopes, each a table of the file; and which scopes are for some groups only.

use super::reader::Reader;
use super::table::{GROUPS, Table, TableId, groups};
use super::value::{self, Value};
use crate::model::{OwnScope, ReservedScope, Rule, Scope, ScopeLabel, is_of_the_protocol};

/// The table that holds them all.
pub(super) const HEADING: &str = "scopes";

/// One, for people to copy, line by line: TOML has no table on one.
pub(super) const EXAMPLE: &str = r#"`[scopes."books:read"]` with the lines `label = "Read your book list"` and `allow = ["GET /api/books", "GET /api/books/**"]` below it"#;

/// The reference of these tables, in Markdown.
pub(super) const ABOUT: &str = r#"
## `[scopes."NAME"]`

The site's own scopes: what applications may ask for beyond the protocol's. Each is a table of the file; it cannot be
set in the environment or by a flag. An own scope may be asked for as soon as it is here, by applications that register
themselves only if `user_api.allow_user_api_key_client_scopes` names it. Taking one away takes it from existing keys
too.

```toml
[scopes."books:read"]
label = "Read your book list"
allow = ["GET /api/books", "GET /api/books/**"]
dangerous = false
```

- `label`: what people read on the consent page, 1 to 100 characters. Needed.
- `allow`: the requests it permits, at least one. Each is the methods, with `|` between several, a space, and the path
  as the site sees it: a segment for itself, `*` for any one segment, `**` at the end for any rest, also none. `GET`
  holds for HEAD too. Case counts; a query does not. Needed.
- `dangerous`: `true` sets it apart on the consent page as one that can change things, asks for the password again when
  the sign-in is older than ten minutes, and keeps it from unregistered applications where
  `user_api.unregistered_dangerous_scopes` says so. Default: `false`.
- `groups`: who may give it to a key, at least one of `admins`, `moderators`, `staff`, `trust_level_0` to
  `trust_level_4`, and the site's own groups. Keys have it for as long as their owner is in one of them. Without it:
  everybody who may have keys.

A table with the name of one of the protocol's scopes has `groups` and nothing else:

```toml
[scopes.write]
groups = ["trust_level_2", "staff"]
```
"#;

/// The scopes, and how `config show` prints them.
#[derive(Clone, Debug, Default)]
pub(super) struct Scopes {
    /// The operator's own.
    pub(super) own: Vec<OwnScope>,
    /// Those that are kept for some groups, the protocol's too.
    pub(super) reserved: Vec<ReservedScope>,
    pub(super) shown: String,
}

/// Reads every table, in the order of the file.
pub(super) fn read(reader: &mut Reader) -> Option<Scopes> {
    let tables = Table::all(reader.scopes());
    let read: Vec<_> = tables.into_iter().map(|table| read_one(table, reader)).collect();
    let mut scopes = Scopes::default();
    for One { own, reserved, shown } in read.into_iter().collect::<Option<Vec<_>>>()? {
        scopes.own.extend(own);
        scopes.reserved.extend(reserved);
        scopes.shown.push_str(&shown);
    }
    Some(scopes)
}

struct One {
    own: Option<OwnScope>,
    reserved: Option<ReservedScope>,
    shown: String,
}

fn read_one(mut table: Table, reader: &mut Reader) -> Option<One> {
    match name(&table, reader) {
        Some(name) if is_of_the_protocol(&name) => {
            let groups = table.take(reader, "groups", None, GROUPS, groups);
            let shown = table.finish(reader, "`groups` alone: what a scope of the protocol permits, the protocol says");
            Some(One { own: None, reserved: Some(ReservedScope { name, groups: groups? }), shown })
        }
        name => read_own(name, table, reader),
    }
}

fn read_own(name: Option<Scope>, mut table: Table, reader: &mut Reader) -> Option<One> {
    let label = table.take(reader, "label", None, LABEL, |value| {
        ScopeLabel::parse(value.text()?).map_err(|error| error.to_string())
    });
    let allow = table.take(reader, "allow", None, ALLOW, rules);
    let dangerous =
        table.take(reader, "dangerous", Some(Value::Boolean(false)), DANGEROUS, |value| Ok(value.boolean()?));
    let is_reserved = table.has("groups");
    let groups = if is_reserved { table.take(reader, "groups", None, GROUPS, groups) } else { None };
    let shown = table.finish(reader, "nothing, or one of `label`, `allow`, `dangerous` and `groups`");
    if is_reserved && groups.is_none() {
        return None;
    }
    let own = OwnScope { name: name?, label: label?, allow: allow?, dangerous: dangerous? };
    let reserved = groups.map(|groups| ReservedScope { name: own.name.clone(), groups });
    Some(One { own: Some(own), reserved, shown })
}

fn name(table: &Table, reader: &mut Reader) -> Option<Scope> {
    let TableId::Scope(name) = &table.id else { return None };
    let parsed = Scope::parse(name).ok();
    if parsed.is_none() {
        let remedy = "1 to 100 of the ASCII letters, digits, `_`, `-`, `:` and `.`";
        reader.fault(table.fault_of_all("it is not the name of a scope", remedy));
    }
    parsed
}

const LABEL: &str = "what people read on the consent page, such as \"Read your book list\"";
const ALLOW: &str = "an array of what it permits, such as [\"GET /api/books\", \"GET|POST /api/books/**\"]";
const DANGEROUS: &str = "`true` or `false`";

fn rules(value: &Value) -> Result<Vec<Rule>, String> {
    let rules = value.texts()?.into_iter().map(|text| Rule::parse(text).map_err(|error| error.to_string()));
    match value::all(rules)? {
        none if none.is_empty() => Err("it permits nothing".to_owned()),
        rules => Ok(rules),
    }
}

//! `[scopes."books:read"]`: the operator's own scopes, each a table of the file.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use super::faults::{Fault, Origin};
use super::given::Entry;
use super::reader::Reader;
use super::value::{self, Value};
use crate::model::{OwnScope, Rule, Scope, ScopeLabel, is_of_the_protocol};

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
"#;

/// The name of an entry's section, for the scope of this name.
pub(super) fn section(name: &str) -> String {
    format!("{HEADING}.{}", value::quote(name))
}

/// The scopes, and how `config show` prints them.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnScopes {
    pub(super) scopes: Vec<OwnScope>,
    pub(super) shown: String,
}

/// Reads every table, in the order of the file.
pub(super) fn read(reader: &mut Reader) -> Option<OwnScopes> {
    let read: Vec<_> = tables(reader.scopes()).into_iter().map(|table| table.read(reader)).collect();
    let mut own = OwnScopes::default();
    for (scope, shown) in read.into_iter().collect::<Option<Vec<_>>>()? {
        own.scopes.push(scope);
        own.shown.push_str(&shown);
    }
    Some(own)
}

/// An entry without a name is a heading.
fn tables(entries: Vec<Entry>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for entry in entries {
        let Some(scope) = &entry.scope else { continue };
        if !tables.iter().any(|table| table.name == *scope) {
            tables.push(Table::new(scope, &entry.origin));
        }
        let table = tables.iter_mut().find(|table| table.name == *scope);
        if let Some(table) = table.filter(|_| !entry.name.is_empty()) {
            table.keys.insert(entry.name.clone(), entry);
        }
    }
    tables
}

/// The table of one scope.
struct Table {
    name: String,
    section: String,
    origin: Origin,
    keys: BTreeMap<String, Entry>,
    shown: String,
}

impl Table {
    fn new(name: &str, origin: &Origin) -> Self {
        let (name, section, origin) = (name.to_owned(), section(name), origin.clone());
        Self { shown: format!("\n[{section}]\n"), name, section, origin, keys: BTreeMap::new() }
    }

    fn read(mut self, reader: &mut Reader) -> Option<(OwnScope, String)> {
        let name = self.name(reader);
        let label = self.take(reader, "label", None, LABEL, |value| {
            ScopeLabel::parse(value.text()?).map_err(|error| error.to_string())
        });
        let allow = self.take(reader, "allow", None, ALLOW, rules);
        let dangerous =
            self.take(reader, "dangerous", Some(Value::Boolean(false)), DANGEROUS, |value| Ok(value.boolean()?));
        for (name, entry) in std::mem::take(&mut self.keys) {
            let remedy = "nothing, or one of `label`, `allow` and `dangerous`";
            reader.fault(self.fault(&name, entry.origin, None, "there is no setting of this name", remedy));
        }
        let scope = OwnScope { name: name?, label: label?, allow: allow?, dangerous: dangerous? };
        Some((scope, self.shown))
    }

    fn name(&self, reader: &mut Reader) -> Option<Scope> {
        let (problem, remedy) = match Scope::parse(&self.name) {
            Ok(name) if !is_of_the_protocol(&name) => return Some(name),
            Ok(_) => ("the protocol has a scope of this name", "another name, such as `books:read`"),
            Err(_) => ("it is not the name of a scope", "1 to 100 of the ASCII letters, digits, `_`, `-`, `:` and `.`"),
        };
        reader.fault(Fault { key: self.section.clone(), ..self.fault("", self.origin.clone(), None, problem, remedy) });
        None
    }

    /// Takes one key out of the table; what is missing has the default or is a fault.
    fn take<T>(
        &mut self,
        reader: &mut Reader,
        name: &str,
        default: Option<Value>,
        form: &str,
        parse: impl FnOnce(&Value) -> Result<T, String>,
    ) -> Option<T> {
        let (value, origin) = match (self.keys.remove(name), default) {
            (Some(entry), _) => (entry.value, entry.origin),
            (None, Some(default)) => (default, Origin::Default),
            (None, None) => {
                reader.fault(self.fault(name, self.origin.clone(), None, "it is missing", form));
                return None;
            }
        };
        let _ = writeln!(self.shown, "{name} = {}  # {origin}", value.toml());
        let parsed = parse(&value);
        parsed.map_err(|problem| reader.fault(self.fault(name, origin, Some(value.toml()), problem, form))).ok()
    }

    fn fault(&self, name: &str, origin: Origin, value: Option<String>, problem: impl Display, remedy: &str) -> Fault {
        let key = format!("{}.{name}", self.section);
        Fault { key, origin, value, problem: problem.to_string(), remedy: remedy.to_owned() }
    }
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

//! A table of the file that is no section: one of several of its kind, with settings of its own.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use super::faults::{Fault, Origin};
use super::given::Entry;
use super::reader::Reader;
use super::value::{self, Value};
use crate::model::Group;

/// Which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TableId {
    /// Of the scope of this name.
    Scope(String),
    /// The rule of access in this place, from 1.
    Access(usize),
}

impl TableId {
    /// How people find it in the file.
    pub(super) fn section(&self) -> String {
        match self {
            Self::Scope(name) => format!("scopes.{}", value::quote(name)),
            Self::Access(place) => format!("access[{place}]"),
        }
    }
}

/// One table.
pub(super) struct Table {
    pub(super) id: TableId,
    section: String,
    origin: Origin,
    keys: BTreeMap<String, Entry>,
    shown: String,
}

impl Table {
    /// Those of these entries, in the order of the file. An entry without a name is a heading.
    pub(super) fn all(entries: Vec<Entry>) -> Vec<Self> {
        let mut tables: Vec<Self> = Vec::new();
        for entry in entries {
            let Some(id) = &entry.table else { continue };
            if !tables.iter().any(|table| table.id == *id) {
                tables.push(Self::new(id.clone(), &entry.origin));
            }
            let table = tables.iter_mut().find(|table| table.id == *id);
            if let Some(table) = table.filter(|_| !entry.name.is_empty()) {
                table.keys.insert(entry.name.clone(), entry);
            }
        }
        tables
    }

    fn new(id: TableId, origin: &Origin) -> Self {
        let (section, origin) = (id.section(), origin.clone());
        let heading = match &id {
            TableId::Scope(_) => format!("[{section}]"),
            TableId::Access(_) => "[[access]]".to_owned(),
        };
        Self { id, shown: format!("\n{heading}\n"), section, origin, keys: BTreeMap::new() }
    }

    /// Whether this key is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.keys.contains_key(name)
    }

    /// Takes one key out of the table; what is missing has the default or is a fault.
    pub(super) fn take<T>(
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

    /// Faults for what nobody took; how `config show` prints the rest.
    pub(super) fn finish(mut self, reader: &mut Reader, remedy: &str) -> String {
        for (name, entry) in std::mem::take(&mut self.keys) {
            reader.fault(self.fault(&name, entry.origin, None, "there is no setting of this name", remedy));
        }
        self.shown
    }

    /// A fault of the table as a whole.
    pub(super) fn fault_of_all(&self, problem: &str, remedy: &str) -> Fault {
        Fault { key: self.section.clone(), ..self.fault("", self.origin.clone(), None, problem, remedy) }
    }

    fn fault(&self, name: &str, origin: Origin, value: Option<String>, problem: impl Display, remedy: &str) -> Fault {
        let key = format!("{}.{name}", self.section);
        Fault { key, origin, value, problem: problem.to_string(), remedy: remedy.to_owned() }
    }
}

pub(super) const GROUPS: &str = "an array of groups, such as [\"staff\", \"press\"]";

/// Groups, at least one: nobody is in none.
pub(super) fn groups(value: &Value) -> Result<Vec<Group>, String> {
    let entries = value.list()?;
    let each = |entry: &&str| Group::parse(entry).map_err(|error| format!("{}: {error}", value::quote(entry)));
    match value::all(entries.iter().map(each))? {
        none if none.is_empty() => Err("it names no group, so it would be nobody's".to_owned()),
        groups => Ok(groups),
    }
}

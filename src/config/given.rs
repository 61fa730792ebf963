//! What was said, merged: of several voices for one key the strongest counts. Keys that do not exist end up as faults.

use std::collections::BTreeMap;

use super::catalog::{self, Setting};
use super::faults::{Fault, Origin};
use super::sources::{self, Sources};
use super::table::TableId;
use super::value::Value;
use super::{file, suggest};

/// One value from one source.
pub(super) struct Entry {
    /// The table that it stands in, if that is no section.
    pub(super) table: Option<TableId>,
    /// The section; empty when the key stands outside of any.
    pub(super) section: String,
    /// The name; empty when the section as a whole is unknown.
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// What was said.
pub(super) struct Given {
    /// The values that count, by key.
    pub(super) settings: BTreeMap<String, Entry>,
    /// The tables of scopes, in the order of the file.
    pub(super) scopes: Vec<Entry>,
    /// The rules of access, in the order of the file.
    pub(super) access: Vec<Entry>,
}

/// Of several voices for one key the strongest.
pub(super) fn merge(sources: &Sources, faults: &mut Vec<Fault>) -> Given {
    faults.extend(sources.unread.iter().cloned());
    let from_file = sources.file.as_ref().map(|file| file::entries(file, faults)).unwrap_or_default();
    let (tables, from_file): (Vec<_>, Vec<_>) = from_file.into_iter().partition(|entry| entry.table.is_some());
    let (scopes, access) = tables.into_iter().partition(|entry| matches!(entry.table, Some(TableId::Scope(_))));
    let from_environment = sources.environment.iter().filter(|(name, _)| sources::is_setting(name)).map(variable);
    let mut settings = BTreeMap::new();
    for entry in from_file.into_iter().chain(from_environment).chain(sources.flags.iter().map(flag)) {
        match catalog::find(&entry.section, &entry.name) {
            Some(setting) => drop(settings.insert(setting.key(), entry)),
            None => faults.push(suggest::unknown(&entry)),
        }
    }
    Given { settings, scopes, access }
}

fn variable((name, value): &(String, String)) -> Entry {
    let known = catalog::settings().find(|setting| setting.variable() == *name);
    // An unknown one is kept in capitals, so that it cannot be taken for a setting.
    let spelled = || sources::split_variable(&name.to_ascii_uppercase()).map(own).unwrap_or_default();
    let (section, key) = known.map_or_else(spelled, |setting| own((setting.section, setting.name)));
    bare(&section, &key, value, Origin::Environment(name.clone()))
}

fn own((section, name): (&str, &str)) -> (String, String) {
    (section.to_owned(), name.to_owned())
}

fn flag((key, value): &(String, String)) -> Entry {
    let (section, name) = key.split_once('.').unwrap_or(("", key));
    bare(section, name, value, Origin::Flag(format!("--set {key}")))
}

fn bare(section: &str, name: &str, value: &str, origin: Origin) -> Entry {
    let value = Value::Bare(value.to_owned());
    Entry { table: None, section: section.to_owned(), name: name.to_owned(), value, origin }
}

/// How this setting is written in a source of this sort.
pub(super) fn spelling(setting: &Setting, origin: &Origin) -> String {
    match origin {
        Origin::Default | Origin::File { .. } => format!("`{}` in section `[{}]`", setting.name, setting.section),
        Origin::Environment(_) => format!("`{}`", setting.variable()),
        Origin::Flag(_) => format!("`--set {}=…`", setting.key()),
    }
}

//! Takes the file apart into entries that know their line.

use std::iter;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::catalog;
use super::faults::{Fault, Origin};
use super::given::Entry;
use super::sources::FileSource;
use super::table::TableId;
use super::value::Value;
use super::{access, scopes};

/// The entries of the file; errors of its TOML go to `faults`, and what stands on a broken line is left out, so that
/// one slip is not reported twice.
pub(super) fn entries(file: &FileSource, faults: &mut Vec<Fault>) -> Vec<Entry> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    let mut found = spread(file, table.get_ref());
    let mut broken: Vec<usize> = Vec::new();
    for error in errors {
        let start = error.span().map_or(0, |span| span.start);
        let line = line_of(&file.text, start);
        if !broken.contains(&line) {
            let known = found.iter().find(|(span, _)| span.start <= start && start <= span.end).map(|(_, entry)| entry);
            faults.push(syntax(file, line, known, error.message()));
            broken.push(line);
        }
        // Keys that the parser found behind the error, on the same line, may be pieces of a secret without quotes.
        found.retain(|(span, _)| (start < span.start || span.end < start) && line_of(&file.text, span.start) != line);
    }
    // After a broken heading nobody knows which section the lines below it belong to.
    if broken.iter().any(|line| text_of(&file.text, *line).starts_with('[')) {
        found.clear();
    }
    found.into_iter().map(|(_, entry)| entry).collect()
}

fn spread(file: &FileSource, table: &DeTable<'_>) -> Vec<(Range<usize>, Entry)> {
    let mut found = Vec::new();
    for (heading, value) in table {
        let section: &str = heading.get_ref();
        match value.get_ref() {
            DeValue::Table(inner) if catalog::SECTIONS.iter().any(|known| known.name == section) => {
                found.extend(inner.iter().map(|(name, value)| {
                    (value.span(), entry(file, section, name.get_ref(), value.span().start, value.get_ref()))
                }));
            }
            DeValue::Table(scopes) if section == scopes::HEADING => {
                found.extend(scopes.iter().flat_map(|(name, value)| scope(file, name, value)));
            }
            DeValue::Array(rules) if section == access::HEADING => {
                found.extend(rules.iter().enumerate().flat_map(|(place, value)| rule(file, place, value)));
            }
            DeValue::Table(_) => {
                found.push((heading.span(), entry(file, section, "", heading.span().start, value.get_ref())));
            }
            other => found.push((value.span(), entry(file, "", section, value.span().start, other))),
        }
    }
    found.sort_by_key(|(span, _)| span.start);
    found
}

/// A scope with a table.
fn scope(file: &FileSource, name: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Vec<(Range<usize>, Entry)> {
    let DeValue::Table(keys) = value.get_ref() else {
        return vec![(value.span(), entry(file, scopes::HEADING, name.get_ref(), value.span().start, value.get_ref()))];
    };
    table(file, &TableId::Scope(name.get_ref().to_string()), name.span(), keys)
}

/// A rule of access.
fn rule(file: &FileSource, place: usize, value: &Spanned<DeValue<'_>>) -> Vec<(Range<usize>, Entry)> {
    let DeValue::Table(keys) = value.get_ref() else {
        return vec![(value.span(), entry(file, access::HEADING, "", value.span().start, value.get_ref()))];
    };
    table(file, &TableId::Access(place + 1), value.span(), keys)
}

/// An entry for the heading, so that an empty table is noticed, and one for each key.
fn table(file: &FileSource, id: &TableId, heading: Range<usize>, keys: &DeTable<'_>) -> Vec<(Range<usize>, Entry)> {
    let section = id.section();
    let of_it = |span: Range<usize>, key: &str, value: Value| {
        let origin = origin(file, span.start);
        (span, Entry { table: Some(id.clone()), section: section.clone(), name: key.to_owned(), value, origin })
    };
    let heading = of_it(heading, "", Value::Other);
    let each = keys.iter().map(|(key, value)| of_it(value.span(), key.get_ref(), Value::of_toml(value.get_ref())));
    iter::once(heading).chain(each).collect()
}

fn entry(file: &FileSource, section: &str, name: &str, start: usize, value: &DeValue<'_>) -> Entry {
    let (section, name, origin) = (section.to_owned(), name.to_owned(), origin(file, start));
    Entry { table: None, section, name, value: Value::of_toml(value), origin }
}

fn origin(file: &FileSource, start: usize) -> Origin {
    Origin::File { path: file.path.clone(), line: Some(line_of(&file.text, start)) }
}

fn syntax(file: &FileSource, line: usize, known: Option<&Entry>, message: &str) -> Fault {
    let setting = known.and_then(|entry| catalog::find(&entry.section, &entry.name));
    Fault {
        key: setting.map_or_else(|| "the configuration file".to_owned(), catalog::Setting::key),
        origin: Origin::File { path: file.path.clone(), line: Some(line) },
        value: None,
        problem: format!("the line is not TOML: {}", message.replace('\n', " ")),
        remedy: match setting {
            Some(setting) => format!("{}; like `{} = {}`", setting.form(), setting.name, setting.default),
            None if text_of(&file.text, line).starts_with("[scopes.") => {
                format!("the name of the scope in quotes, like {}", scopes::EXAMPLE)
            }
            None => "each key once, as `key = value` below its `[section]`, with text in quotes".to_owned(),
        },
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn text_of(text: &str, line: usize) -> &str {
    text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim_start()
}

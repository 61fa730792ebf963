//! Reads settings one by one, collects every fault, and remembers what counted.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::mem;

use super::catalog::{self, Kind, Setting};
use super::faults::{Fault, Faults, Origin};
use super::given::{self, Entry, Given};
use super::sources::Sources;
use super::value::{self, Value};

const LONGEST_QUOTE: usize = 200;

/// A setting that was read, as `config show` prints it. Secrets are already masked.
#[derive(Clone, Debug)]
pub(super) struct Effective {
    pub(super) setting: &'static Setting,
    pub(super) origin: Origin,
    pub(super) shown: String,
}

/// The reader of one configuration. Its methods return `None` after noting a fault, so that reading goes on.
pub(super) struct Reader {
    given: BTreeMap<String, Entry>,
    scopes: Vec<Entry>,
    access: Vec<Entry>,
    faults: Vec<Fault>,
    effective: Vec<Effective>,
}

impl Reader {
    pub(super) fn new(sources: &Sources) -> Self {
        let mut faults = Vec::new();
        let Given { settings, scopes, access } = given::merge(sources, &mut faults);
        Self { given: settings, scopes, access, faults, effective: Vec::new() }
    }

    /// The tables of scopes; the reader has them no more.
    pub(super) fn scopes(&mut self) -> Vec<Entry> {
        mem::take(&mut self.scopes)
    }

    /// The rules of access; the reader has them no more.
    pub(super) fn access(&mut self) -> Vec<Entry> {
        mem::take(&mut self.access)
    }

    /// Notes a fault that its finder describes.
    pub(super) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Reads text and hands it to `parse`.
    pub(super) fn text<T, E: Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.read(setting, |value| {
            let text = value.text()?;
            Ok((parse(text).map_err(|error| error.to_string())?, shown(setting, text)))
        })
    }

    /// Reads one of two words.
    pub(super) fn word<T>(&mut self, setting: &'static Setting, words: [(&str, T); 2]) -> Option<T> {
        self.text(setting, |text| {
            words.into_iter().find(|(word, _)| *word == text).map(|(_, meant)| meant).ok_or("it is neither of the two")
        })
    }

    /// Like [`Reader::text`], for what is shown otherwise than it was written: without a password.
    pub(super) fn url<T: Display, E: Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.read(setting, |value| {
            let parsed = parse(value.text()?).map_err(|error| error.to_string())?;
            let shown = value::quote(&parsed.to_string());
            Ok((parsed, shown))
        })
    }

    /// Like [`Reader::url`], with the empty text for "none".
    #[expect(clippy::option_option, reason = "the outer says that it was read, the inner that there is something")]
    pub(super) fn optional_url<T: Display, E: Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        self.read(setting, |value| {
            let text = value.text()?;
            let parsed = if text.is_empty() { None } else { Some(parse(text).map_err(|error| error.to_string())?) };
            let shown = value::quote(&parsed.as_ref().map(ToString::to_string).unwrap_or_default());
            Ok((parsed, shown))
        })
    }

    /// Like [`Reader::text`], with the empty text for "none".
    #[expect(clippy::option_option, reason = "the outer says that it was read, the inner that there is something")]
    pub(super) fn optional<T, E: Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        self.text(setting, |text| if text.is_empty() { Ok(None) } else { parse(text).map(Some) })
    }

    /// Reads a list and hands all of it to `parse`.
    pub(super) fn list<T, E: Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl FnOnce(&[&str]) -> Result<T, E>,
    ) -> Option<T> {
        self.read(setting, |value| {
            let entries = value.list()?;
            Ok((parse(&entries).map_err(|error| error.to_string())?, value::quote_all(&entries)))
        })
    }

    /// Reads a list and hands each entry to `parse`.
    pub(super) fn entries<T, E: Display>(
        &mut self,
        setting: &'static Setting,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        let each = |entry: &&str| parse(entry).map_err(|error| format!("{}: {error}", value::quote(entry)));
        self.list(setting, |entries| value::all(entries.iter().map(each)))
    }

    /// Reads a whole number within the bounds that the catalog gives.
    pub(super) fn integer<T: TryFrom<i64>>(&mut self, setting: &'static Setting) -> Option<T> {
        self.read(setting, |value| {
            let number = value.integer()?;
            let within = !matches!(setting.kind, Kind::Integer(least, most) if !(least..=most).contains(&number));
            let fitting = if within { T::try_from(number).ok() } else { None };
            Ok((fitting.ok_or("it is outside of the allowed range")?, number.to_string()))
        })
    }

    /// Reads `true` or `false`.
    pub(super) fn boolean(&mut self, setting: &'static Setting) -> Option<bool> {
        self.read(setting, |value| {
            let answer = value.boolean()?;
            Ok((answer, answer.to_string()))
        })
    }

    fn read<T>(
        &mut self,
        setting: &'static Setting,
        take: impl FnOnce(&Value) -> Result<(T, String), String>,
    ) -> Option<T> {
        let Entry { value, origin, .. } = self.given.remove(&setting.key()).unwrap_or_else(|| unset(setting));
        match take(&value) {
            Ok((taken, shown)) => {
                self.effective.push(Effective { setting, origin, shown });
                Some(taken)
            }
            Err(problem) => {
                let value = may_be_quoted(setting, &value).then(|| value.toml());
                self.faults.push(Fault { key: setting.key(), origin, value, problem, remedy: setting.form() });
                None
            }
        }
    }

    /// Notes that a setting, read before, does not go together with another.
    pub(super) fn conflict(&mut self, setting: &'static Setting, problem: String, remedy: &str) {
        let read = self.effective.iter().find(|effective| effective.setting.key() == setting.key());
        let origin = read.map_or(Origin::Default, |effective| effective.origin.clone());
        self.faults.push(Fault { key: setting.key(), origin, value: None, problem, remedy: remedy.to_owned() });
    }

    /// What was read, in the order of the catalog; or the faults.
    pub(super) fn finish(mut self) -> Result<Vec<Effective>, Faults> {
        if !self.faults.is_empty() {
            return Err(Faults::new(self.faults));
        }
        let place = |effective: &Effective| catalog::settings().position(|s| s.key() == effective.setting.key());
        self.effective.sort_by_key(|effective| place(effective).unwrap_or(usize::MAX));
        Ok(self.effective)
    }
}

fn unset(setting: &Setting) -> Entry {
    let value = toml::de::DeValue::parse(setting.default);
    Entry {
        table: None,
        section: setting.section.to_owned(),
        name: setting.name.to_owned(),
        value: value.map_or(Value::Other, |value| Value::of_toml(value.get_ref())),
        origin: Origin::Default,
    }
}

fn shown(setting: &Setting, text: &str) -> String {
    match setting.kind {
        Kind::Secret(_) if text.is_empty() => "(not set)".to_owned(),
        Kind::Secret(_) => "(set)".to_owned(),
        _ => value::quote(text),
    }
}

// A URL that does not parse may hold a password before an `@` or in a parameter.
fn may_be_quoted(setting: &Setting, value: &Value) -> bool {
    let harmless = match setting.kind {
        Kind::Secret(_) => false,
        Kind::Url(_) => value.text().is_ok_and(|text| !text.contains(['@', '?', '='])),
        _ => true,
    };
    harmless && !matches!(value, Value::Other) && value.toml().len() <= LONGEST_QUOTE
}

//! Reads the text format of Prometheus, version 0.0.4, and is strict about it.

use std::collections::{BTreeMap, BTreeSet};

/// A family, as its two comments describe it.
#[derive(Debug, Default)]
pub(super) struct Family {
    pub(super) help: String,
    pub(super) kind: String,
    /// Labels as they are written, with their values.
    pub(super) samples: BTreeMap<String, String>,
}

impl Family {
    /// The names of its labels.
    pub(super) fn labels(&self) -> BTreeSet<String> {
        self.pairs().into_iter().map(|(name, _)| name).collect()
    }

    /// Its labels with their values, but for the ends of bands.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let braced = self.samples.keys().filter_map(|series| Some(series.split_once('{')?.1));
        braced.flat_map(labels).filter(|(name, _)| name != "le").collect()
    }
}

/// What was fetched.
#[derive(Debug)]
pub(super) struct Text(pub(super) BTreeMap<String, Family>);

impl Text {
    /// Panics where the text is not what Prometheus expects.
    pub(super) fn parse(text: &str) -> Self {
        assert!(text.ends_with('\n'));
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap();
                assert!(is_name(name) && !families.contains_key(name), "{line}");
                name.clone_into(&mut current);
                families.insert(current.clone(), Family { help: help.to_owned(), ..Family::default() });
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').unwrap();
                assert!(name == current && ["counter", "gauge", "histogram"].contains(&kind), "{line}");
                kind.clone_into(&mut families.get_mut(name).unwrap().kind);
            } else {
                families.get_mut(&current).unwrap().add(&current, line);
            }
        }
        for (name, family) in &families {
            family.check(name);
        }
        Self(families)
    }

    /// The value of one series, a whole number: `name` or `name{label="value"}`.
    pub(super) fn of(&self, series: &str) -> i64 {
        let value = self.text_of(series);
        value.parse().unwrap_or_else(|_| panic!("{series} is {value}"))
    }

    /// The value of one series, as it is written.
    pub(super) fn text_of(&self, series: &str) -> &str {
        let (_, samples) = self.family(series);
        samples.get(series).unwrap_or_else(|| panic!("no {series} in {samples:#?}"))
    }

    fn family(&self, series: &str) -> (&str, &BTreeMap<String, String>) {
        let name = series.split('{').next().unwrap();
        let end = ["_bucket", "_sum", "_count"].into_iter().find_map(|end| name.strip_suffix(end));
        let found = self.0.get_key_value(name).or_else(|| self.0.get_key_value(end?));
        let (name, family) = found.unwrap_or_else(|| panic!("no family of {series}"));
        (name, &family.samples)
    }
}

impl Family {
    fn add(&mut self, name: &str, line: &str) {
        let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line:?}"));
        let own = series.split('{').next().unwrap();
        let end = own.strip_prefix(name).unwrap_or_else(|| panic!("{line} does not belong to {name}"));
        let ends: &[&str] = if self.kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
        assert!(ends.contains(&end), "{line}");
        if let Some((_, rest)) = series.split_once('{') {
            let names: Vec<String> = labels(rest).into_iter().map(|(label, _)| label).collect();
            assert!(names.iter().all(|label| is_name(label) && !label.contains(':')), "{line}");
            assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{line}");
        }
        assert!(value.parse::<f64>().is_ok(), "{line}");
        assert!(self.samples.insert(series.to_owned(), value.to_owned()).is_none(), "{series} is there twice");
    }

    fn check(&self, name: &str) {
        assert!(!self.help.is_empty(), "{name}");
        assert_eq!(self.kind == "counter", name.ends_with("_total"), "{name}");
        assert!(self.kind != "counter" || self.samples.values().all(|value| number(value) >= 0.0), "{name}");
        for (series, count) in self.samples.iter().filter(|(series, _)| series.contains("le=\"+Inf\"")) {
            let others = series.replace(",le=\"+Inf\"", "").replace("le=\"+Inf\"", "").replace("{}", "");
            assert_eq!(self.samples[&others.replace("_bucket", "_count")], *count, "{series}");
            assert!(self.samples.contains_key(&others.replace("_bucket", "_sum")), "{series}");
            let of_it =
                |other: &str| other.replace(|c: char| c.is_ascii_digit() || c == '.', "") == series.replace("+Inf", "");
            assert!(
                self.samples.iter().filter(|(other, _)| of_it(other)).all(|(_, below)| number(below) <= number(count)),
                "{series}"
            );
        }
    }
}

fn number(value: &str) -> f64 {
    value.parse().unwrap()
}

fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What stands between braces, taken apart. Values have neither quotes nor backslashes in them.
fn labels(braced: &str) -> Vec<(String, String)> {
    let Some(inside) = braced.strip_suffix('}') else { return Vec::new() };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once("=\"").unwrap_or_else(|| panic!("{braced}"));
        assert!(!value.contains(['"', '\\', '\n']), "{braced}");
        (name.to_owned(), value.to_owned())
    };
    inside.strip_suffix('"').unwrap_or_else(|| panic!("{braced}")).split("\",").map(pair).collect()
}

//! What somebody may have meant with a key that does not exist. Never shows the value, which may be a secret gone
//! astray.

use strsim::damerau_levenshtein;

use super::access;
use super::catalog::{self, SECTIONS, Setting};
use super::faults::{Fault, Origin};
use super::given::{self, Entry};
use super::scopes::{self, HEADING};

/// The fault for a key that is not in the catalog.
pub(super) fn unknown(entry: &Entry) -> Fault {
    let Entry { section, name, origin, .. } = entry;
    let (key, problem) = match (section.as_str(), name.as_str(), origin) {
        (access::HEADING, ..) | ("", access::HEADING, _) => {
            (access::HEADING.to_owned(), "each rule is a table of the file, with two brackets")
        }
        (section, "", Origin::File { .. }) => (format!("[{section}]"), "there is no section of this name"),
        (HEADING, name, _) => (format!("{HEADING}.{name}"), "the site's own scopes stand in the file, each as a table"),
        ("", name, _) => (name.to_owned(), "it stands outside of any section"),
        (section, name, Origin::Environment(_)) => {
            (format!("{section}.{name}").to_ascii_lowercase(), "there is no setting of this name")
        }
        (section, name, _) => (format!("{section}.{name}"), "there is no setting of this name"),
    };
    Fault { key, origin: origin.clone(), value: None, problem: problem.to_owned(), remedy: remedy(entry) }
}

fn remedy(entry: &Entry) -> String {
    let (section, name) = (entry.section.to_ascii_lowercase(), entry.name.to_ascii_lowercase());
    if section == HEADING || (section.is_empty() && name == HEADING) {
        return format!("in the file, like {}", scopes::EXAMPLE);
    }
    if section == access::HEADING || (section.is_empty() && name == access::HEADING) {
        return format!("in the file, {}", access::EXAMPLE);
    }
    if name.is_empty() {
        let names = SECTIONS.iter().map(|section| section.name).chain([HEADING, access::HEADING]);
        let written = |name| if name == access::HEADING { "`[[access]]`".to_owned() } else { format!("`[{name}]`") };
        let near = nearest(&section, names).map(written);
        return near.unwrap_or_else(|| format!("one of {}", sections()));
    }
    match meant(&section, &name) {
        Some(setting) => given::spelling(setting, &entry.origin),
        None => nothing_near(&section),
    }
}

// Right in all but case, right but in another section, misspelled in this section, misspelled anywhere.
fn meant(section: &str, name: &str) -> Option<&'static Setting> {
    let named = |wanted: &str| catalog::settings().find(|setting| setting.name == wanted);
    let here = catalog::settings().filter(|setting| setting.section == section).map(|setting| setting.name);
    let anywhere = catalog::settings().map(|setting| setting.name);
    catalog::find(section, name)
        .or_else(|| named(name))
        .or_else(|| catalog::find(section, nearest(name, here)?))
        .or_else(|| named(nearest(name, anywhere)?))
}

// A third of the letters wrong is a slip; more is another word.
fn nearest(word: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (distance, candidate) =
        candidates.map(|candidate| (damerau_levenshtein(word, candidate), candidate)).min_by_key(|(d, _)| *d)?;
    (distance <= (word.chars().count() / 3).max(1)).then_some(candidate)
}

fn nothing_near(section: &str) -> String {
    match SECTIONS.iter().find(|known| known.name == section) {
        Some(known) => {
            let names: Vec<_> = known.settings.iter().map(|setting| format!("`{}`", setting.name)).collect();
            format!("nothing, or one of the keys of `[{section}]`: {}", names.join(", "))
        }
        None => format!("nothing, or a key of one of the sections {}", sections()),
    }
}

fn sections() -> String {
    SECTIONS.iter().map(|section| format!("`[{}]`", section.name)).collect::<Vec<_>>().join(", ")
}

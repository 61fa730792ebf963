//! Every setting there is, once: name, default, form and meaning.
//!
//! A setting is a constant beside the section that reads it. The readers take the constant, so a setting cannot be read
//! without having a default and a description; a test compares what was read with [`SECTIONS`]. The check for unknown
//! keys, `config sample`, `config show` and the reference page all come from here.

use super::{cors, database, limits, log, notifications, server, session, site, user_api, verify};

/// What a value may be, with the words that tell a person what to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text in quotes.
    Text(&'static str),
    /// Text that may hold a password when it is wrong: quoted in a fault only where it certainly holds none.
    Url(&'static str),
    /// Text that is never shown.
    Secret(&'static str),
    /// An array of texts, or one text separated by `|`.
    List(&'static str),
    /// `true` or `false`.
    Boolean,
    /// A whole number within these bounds, both included.
    Integer(i64, i64),
}

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// The section it stands in.
    pub section: &'static str,
    /// Its name within the section.
    pub name: &'static str,
    /// What a value may be.
    pub kind: Kind,
    /// The value it has when nothing is said, in TOML.
    pub default: &'static str,
    /// What it does: one paragraph of Markdown.
    pub about: &'static str,
}

/// One section with its settings.
#[derive(Debug)]
pub struct Section {
    /// The word in brackets.
    pub name: &'static str,
    /// What belongs here, in a sentence.
    pub about: &'static str,
    /// Its settings, in the order of the documentation.
    pub settings: &'static [&'static Setting],
}

/// All sections, in the order of the documentation.
pub const SECTIONS: [&Section; 10] = [
    &site::SECTION,
    &server::SECTION,
    &database::SECTION,
    &session::SECTION,
    &user_api::SECTION,
    &limits::SECTION,
    &verify::SECTION,
    &notifications::SECTION,
    &cors::SECTION,
    &log::SECTION,
];

/// All settings, in the order of the documentation.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    SECTIONS.into_iter().flat_map(|section| section.settings.iter().copied())
}

/// The setting with exactly this section and name.
pub(super) fn find(section: &str, name: &str) -> Option<&'static Setting> {
    settings().find(|setting| setting.section == section && setting.name == name)
}

impl Setting {
    /// Section and name with a dot, as flags and faults have it: `server.listen`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// The environment variable: `HALLPASS_SERVER__LISTEN`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("HALLPASS_{}__{}", self.section.to_ascii_uppercase(), self.name.to_ascii_uppercase())
    }

    /// What to write as its value, in words.
    #[must_use]
    pub fn form(&self) -> String {
        match self.kind {
            Kind::Text(form) | Kind::Url(form) | Kind::Secret(form) | Kind::List(form) => form.to_owned(),
            Kind::Boolean => "`true` or `false`".to_owned(),
            Kind::Integer(least, most) => format!("a whole number from {least} to {most}"),
        }
    }
}

//! `[database]`: where the data is kept.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::DatabaseUrl;

pub(super) const SECTION: Section =
    Section { name: "database", about: "Where users, keys and sessions are kept.", settings: &[&URL] };

const URL: Setting = Setting {
    section: "database",
    name: "url",
    kind: Kind::Url("the URL of a SQLite file: \"sqlite://hallpass.db\" or \"sqlite:///var/lib/hallpass/hallpass.db\""),
    default: r#""sqlite://hallpass.db""#,
    about: "The SQLite file: `sqlite://x.db` is relative to the working directory, `sqlite:///x.db` (three slashes) \
            absolute. It is created when it is missing; its folder is not. SQLite writes further files beside it.",
};

/// Where the data is kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// The URL of the database.
    pub url: DatabaseUrl,
}

impl Database {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { url: reader.text(&URL, DatabaseUrl::parse)? })
    }
}

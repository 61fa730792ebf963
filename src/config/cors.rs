//! `[cors]`: which websites and browser extensions may call the API from a browser.

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::WebOrigin;

pub(super) const SECTION: Section = Section {
    name: "cors",
    about: "Which websites and browser extensions may call the API from a browser.",
    settings: &[&ORIGINS],
};

const ORIGINS: Setting = Setting {
    section: "cors",
    name: "origins",
    kind: Kind::List("origins, such as [\"https://app.example\", \"http://localhost:3000\", \"moz-extension://UUID\"]"),
    default: "[]",
    about: "Pages of these origins may call the API with a `User-Api-Key`: a website's scheme, host and port, or an \
            extension's `chrome-extension://ID` or `moz-extension://UUID`. Cookies never count there, and the pages for \
            people are never open to other origins. Empty: no CORS headers at all.",
};

/// Which websites and browser extensions may call the API from a browser.
#[derive(Clone, Debug)]
pub struct Cors {
    /// Their origins, as browsers name them.
    pub origins: Vec<WebOrigin>,
}

impl Cors {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { origins: reader.entries(&ORIGINS, WebOrigin::parse)? })
    }
}

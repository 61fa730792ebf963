//! `[site]`: how the site presents itself on our pages.

use url::Url;

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::{HexColor, PublicUrl};

pub(super) const SECTION: Section = Section {
    name: "site",
    about: "How the site presents itself on the pages that people see.",
    settings: &[&TITLE, &DESCRIPTION, &LOGO_URL, &ACCENT_COLOR],
};

const TITLE: Setting = Setting {
    section: "site",
    name: "title",
    kind: Kind::Text("the name of the site: one line of 1 to 100 characters"),
    default: r#""Hallpass""#,
    about: "The name of the site. It stands at the top of every page, and applications get it as the title of the \
            site.",
};

const DESCRIPTION: Setting = Setting {
    section: "site",
    name: "description",
    kind: Kind::Text("one line of at most 500 characters, or an empty text"),
    default: r#""""#,
    about: "A sentence about the site, for the endpoints that describe it to applications.",
};

const LOGO_URL: Setting = Setting {
    section: "site",
    name: "logo_url",
    kind: Kind::Url("a path on the origin of `server.public_url`, such as \"/logo.svg\", or an absolute URL there"),
    default: r#""""#,
    about: "The logo on the pages: a path, counted from the root of the origin and not from the path of \
            `server.public_url`, or an absolute URL on the same origin. The content security policy allows images from \
            nowhere else. Empty: no logo.",
};

const ACCENT_COLOR: Setting = Setting {
    section: "site",
    name: "accent_color",
    kind: Kind::Text("a colour in hexadecimal, such as \"#0a5ad4\""),
    default: r#""""#,
    about: "The colour of buttons and links. Empty: the colour of the built-in style sheet.",
};

const LONGEST_TITLE: usize = 100;
const LONGEST_DESCRIPTION: usize = 500;

/// How the site presents itself.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name of the site: 1 to 100 characters, one line.
    pub title: String,
    /// A sentence about the site; may be empty.
    pub description: String,
    /// The logo: an absolute path, or an absolute URL on our own origin.
    pub logo_url: Option<String>,
    /// The colour of buttons and links.
    pub accent_color: Option<HexColor>,
}

impl Site {
    pub(super) fn read(reader: &mut Reader, public_url: Option<&PublicUrl>) -> Option<Self> {
        let title = reader.text(&TITLE, title);
        let description = reader.text(&DESCRIPTION, |text| line(text, LONGEST_DESCRIPTION));
        let logo_url = reader.optional(&LOGO_URL, |text| logo(text, public_url));
        let accent_color = reader.optional(&ACCENT_COLOR, HexColor::parse);
        Some(Self { title: title?, description: description?, logo_url: logo_url?, accent_color: accent_color? })
    }
}

fn title(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("it is empty") } else { line(text, LONGEST_TITLE) }
}

fn line(text: &str, longest: usize) -> Result<String, &'static str> {
    match text {
        _ if text.chars().count() > longest => Err("it is too long"),
        _ if text.chars().any(char::is_control) => Err("it has a line break or another control character in it"),
        _ => Ok(text.trim().to_owned()),
    }
}

fn logo(text: &str, public_url: Option<&PublicUrl>) -> Result<String, &'static str> {
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>')) {
        return Err("it has a space, a quote or another character in it that no URL has");
    }
    // The parser decides what a browser would: `//elsewhere.example/x` is no path. Where public_url itself is at fault,
    // that fault is told, and this one can wait.
    let Some(public_url) = public_url else { return Ok(text.to_owned()) };
    let base = Url::parse(&public_url.origin()).ok();
    let logo = base.and_then(|base| base.join(text).ok()).ok_or("it cannot be read as a URL")?;
    match logo.origin().ascii_serialization() == public_url.origin() {
        _ if !logo.username().is_empty() || logo.password().is_some() => Err("it has a user name or a password in it"),
        _ if !text.starts_with('/') && !text.contains("://") => {
            Err("it is neither a path from `/` nor an absolute URL")
        }
        false => Err("it is on another origin than `server.public_url`"),
        true => Ok(text.to_owned()),
    }
}

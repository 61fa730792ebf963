//! Which paths go to Hallpass, and which are verified, in the words of each proxy.

use std::fmt::{self, Display};

use crate::http::BESIDE_A_SITE;
use crate::model::PublicUrl;

/// A path, or with a slash at its end all below it.
#[derive(Clone, Debug)]
pub(super) struct Page(String);

impl Page {
    /// What `public_url` gives to Hallpass: all below its path, or the routes one by one.
    pub(super) fn all(public_url: &PublicUrl) -> Vec<Self> {
        match public_url.base_path() {
            "" => BESIDE_A_SITE.iter().map(|path| Self((*path).to_owned())).collect(),
            base => vec![Self(base.to_owned()), Self(format!("{base}/"))],
        }
    }

    pub(super) fn is_prefix(&self) -> bool {
        self.0.ends_with('/')
    }

    /// For nginx: `/login$`, `/session/`.
    pub(super) fn pattern(&self) -> String {
        format!("{}{}", self.0.replace('.', "\\."), if self.is_prefix() { "" } else { "$" })
    }

    /// For Caddy: `/login`, `/session/*`.
    pub(super) fn glob(&self) -> String {
        format!("{}{}", self.0, if self.is_prefix() { "*" } else { "" })
    }

    /// For Traefik.
    pub(super) fn rule(&self) -> String {
        format!("{}(`{}`)", if self.is_prefix() { "PathPrefix" } else { "Path" }, self.0)
    }
}

impl Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether nobody can read this path in two ways.
pub(in crate::cli) fn is_plain(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '~' | '/');
    let dots = path.split('/').any(|part| matches!(part, "." | ".."));
    path.starts_with('/') && path.chars().all(plain) && !path.contains("//") && !dots
}

/// What some sites decode twice: a letter, a digit, or a sign that paths are made of.
pub(super) const TWICE: &str = "%25(25)*(2[d-f]|3[0-9b]|[4-7][0-9a-f])";

/// The path below which everything is verified; begins and ends with a slash.
#[derive(Clone, Debug)]
pub(super) struct Protected(String);

impl Protected {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        if !is_plain(text) {
            return Err("write a path such as /api/, of letters, digits, `.`, `_`, `-` and `~`");
        }
        let path = text.strip_suffix('/').unwrap_or(text);
        Ok(Self(format!("{path}/")))
    }

    pub(super) fn is_all(&self) -> bool {
        self.0 == "/"
    }

    /// Which paths some sites read as one below this: they pass over capitals, and over blanks and dots at the end of a
    /// segment. For an expression that itself passes over capitals.
    pub(super) fn lookalikes(&self) -> String {
        let segments = self.0.split('/').filter(|segment| !segment.is_empty());
        segments.map(|segment| format!("/{}([. ]|%20)*", segment.replace('.', "[.]"))).collect::<Vec<_>>().concat()
            + "/"
    }
}

impl Display for Protected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_what_is_protected_has_blanks_and_dots_behind_its_segments() {
        let wide = Protected::parse("/api/v1.2").unwrap().lookalikes();
        assert_eq!(wide, "/api([. ]|%20)*/v1[.]2([. ]|%20)*/");
    }

    #[test]
    fn what_is_protected_begins_and_ends_with_a_slash() {
        let read = |text| Protected::parse(text).map(|path| path.to_string());
        assert_eq!(["/", "/api", "/api/v1/"].map(|text| read(text).unwrap()), ["/", "/api/", "/api/v1/"]);
        for text in ["", "api", "/a b", "//", "/api//x", "/../x", "/a/.", "/%41", "/a`"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}

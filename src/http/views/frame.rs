//! What every page shares: the site, who is signed in, the words.

use std::sync::Arc;

use super::words::{Phrase, Words};

/// The frame around every page. No `Debug`, like every page: it holds the tokens of forms.
#[derive(Clone)]
pub struct Frame {
    /// The site's name (`[site] title`).
    pub site_title: String,
    /// One sentence about the site (`[site] description`); may be empty.
    pub description: String,
    /// The site's logo, from our own origin: the CSP allows no other.
    pub logo_url: Option<String>,
    /// What comes before every path: empty, or `/hall` when `public_url` has that path. No slash at the end.
    pub base: String,
    /// Whether `static/accent.css` is served, with the site's own colour.
    pub has_accent: bool,
    /// Who is signed in.
    pub account: Option<Account>,
    /// The words of the reader's language.
    pub words: Arc<Words>,
}

/// The signed-in account, as the frame shows it.
#[derive(Clone)]
pub struct Account {
    /// The user's name on the site.
    pub username: String,
    /// The CSRF token of the session, for the forms of the frame.
    pub csrf: String,
}

impl Frame {
    /// The sentence with this id.
    #[must_use]
    pub fn say(&self, id: &str) -> Phrase<'_> {
        self.words.say(id).with("site", &self.site_title)
    }

    /// The first letter of the site's name, which stands in for a missing logo.
    #[must_use]
    pub fn initial(&self) -> String {
        self.site_title.chars().find(|c| c.is_alphanumeric()).map_or_else(String::new, |c| c.to_uppercase().collect())
    }

    /// The CSRF token of the session; empty when nobody is signed in.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.account.as_ref().map_or("", |account| &account.csrf)
    }

    /// The name of who is signed in; empty when nobody is.
    #[must_use]
    pub fn username(&self) -> &str {
        self.account.as_ref().map_or("", |account| &account.username)
    }
}

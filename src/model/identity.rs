//! Who asks, in words for the site.

use std::sync::Arc;

use super::{User, UserApiKey};

/// What a site is told about a key and its owner: a line of a head for each of `NAMES`, in that order, each with its end.
///
/// Made once for a key that is remembered, because they go out with every request; in one piece, because each piece is one more
/// place in memory to go to.
#[derive(Clone, Debug)]
pub struct Identity(Arc<str>);

impl Identity {
    /// The names of the headers; the first four are those that applications behind proxies read already.
    pub const NAMES: [&'static str; 8] = [
        "Remote-User",
        "Remote-Groups",
        "Remote-Name",
        "Remote-Email",
        "Hallpass-User-Id",
        "Hallpass-Scopes",
        "Hallpass-Client-Id",
        "Hallpass-Key-Id",
    ];

    /// Of this key and its owner.
    #[must_use]
    pub fn of(key: &UserApiKey, owner: &User) -> Self {
        Self::with(owner, [&key.scopes.to_string(), key.client_id.as_str(), &key.id.to_string()])
    }

    fn with(owner: &User, [scopes, client_id, key_id]: [&str; 3]) -> Self {
        let groups: Vec<String> = owner.groups().iter().map(ToString::to_string).collect();
        Self::told([
            owner.username.as_str(),
            &groups.join(","),
            &owner.name,
            owner.email.as_ref().map_or("", |email| email.as_str()),
            &owner.id.to_string(),
            scopes,
            client_id,
            key_id,
        ])
    }

    /// Of a user as whom somebody else asks, with no key of theirs.
    #[must_use]
    pub fn of_user(user: &User) -> Self {
        Self::with(user, ["", "", ""])
    }

    /// Nobody's: every header, and nothing in it.
    #[must_use]
    pub fn nobody() -> Self {
        Self::told([""; 8])
    }

    /// The lines.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn told(values: [&str; 8]) -> Self {
        let lines = Self::NAMES.iter().zip(values).map(|(name, value)| line(name, value));
        Self(lines.collect::<String>().into())
    }
}

/// UTF-8, without what would end a line or hide in one (`security.md W9`).
fn line(name: &str, value: &str) -> String {
    let printable: String = value.chars().filter(|c| !c.is_control()).collect();
    format!("{}: {}\r\n", name.to_ascii_lowercase(), printable.trim())
}

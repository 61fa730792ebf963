//! Who asks, in words for the site.

use std::borrow::Cow;

use super::{User, UserApiKey};

/// What a site is told about a key and its owner: eight lines of a head, in the order of the documentation, each with its end.
/// Made once for a key that is remembered, because they go out with every request; in one piece, because each piece is one more
/// place in memory to go to.
#[derive(Clone, Debug)]
pub struct Identity(Cow<'static, str>);

impl Identity {
    /// Nobody's.
    pub const NOBODY: Self = Self(Cow::Borrowed(
        "remote-user: \r\nremote-groups: \r\nremote-name: \r\nremote-email: \r\nhallpass-user-id: \r\nhallpass-scopes: \r\n\
         hallpass-client-id: \r\nhallpass-key-id: \r\n",
    ));

    /// Of this key and its owner.
    #[must_use]
    pub fn of(key: &UserApiKey, owner: &User) -> Self {
        let groups: Vec<String> = owner.groups().iter().map(ToString::to_string).collect();
        let lines = [
            // The names that applications behind proxies read already.
            ("remote-user", owner.username.as_str()),
            ("remote-groups", &groups.join(",")),
            ("remote-name", &owner.name),
            ("remote-email", owner.email.as_ref().map_or("", |email| email.as_str())),
            ("hallpass-user-id", &owner.id.to_string()),
            ("hallpass-scopes", &key.scopes.to_string()),
            ("hallpass-client-id", key.client_id.as_str()),
            ("hallpass-key-id", &key.id.to_string()),
        ];
        Self(Cow::Owned(lines.map(|(name, value)| line(name, value)).concat()))
    }

    /// The lines.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// UTF-8, without what would end a line or hide in one (`security.md W9`).
fn line(name: &str, value: &str) -> String {
    let printable: String = value.chars().filter(|c| !c.is_control()).collect();
    format!("{name}: {}\r\n", printable.trim())
}

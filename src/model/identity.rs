//! Who asks, in words for the site.

use bytes::Bytes;

use super::{User, UserApiKey};

/// What a site is told about a key and its owner, each as the text of one header. Made once for a key that is remembered,
/// because it goes out with every request; one piece of memory holds all of it.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The owner's name to sign in with.
    pub username: Bytes,
    /// Their groups, with commas between.
    pub groups: Bytes,
    /// The name they go by.
    pub name: Bytes,
    /// Their address.
    pub email: Bytes,
    /// Their id.
    pub user_id: Bytes,
    /// The scopes of the key, with commas between.
    pub scopes: Bytes,
    /// The application's `client_id`.
    pub client_id: Bytes,
    /// The key's id.
    pub key_id: Bytes,
}

impl Identity {
    /// Of this key and its owner.
    #[must_use]
    pub fn of(key: &UserApiKey, owner: &User) -> Self {
        let groups: Vec<String> = owner.groups().iter().map(ToString::to_string).collect();
        let texts = [
            owner.username.as_str(),
            &groups.join(","),
            &owner.name,
            owner.email.as_ref().map_or("", |email| email.as_str()),
            &owner.id.get().to_string(),
            &key.scopes.to_string(),
            key.client_id.as_str(),
            &key.id.get().to_string(),
        ]
        .map(printable);
        let all = Bytes::from(texts.concat());
        let mut from = 0;
        let [username, groups, name, email, user_id, scopes, client_id, key_id] = texts.map(|text| {
            let to = from + text.len();
            all.slice(std::mem::replace(&mut from, to)..to)
        });
        Self { username, groups, name, email, user_id, scopes, client_id, key_id }
    }
}

/// Without what would end a line or hide in one (`security.md W9`).
fn printable(text: &str) -> String {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    printable.trim().to_owned()
}

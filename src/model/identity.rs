//! Who asks, in words for the site.

use http::HeaderValue;

use super::{User, UserApiKey};

/// What a site is told about a key and its owner, each as the value of one header. Made once for a key that is remembered,
/// because it goes out with every request.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The owner's name to sign in with.
    pub username: HeaderValue,
    /// Their groups, with commas between.
    pub groups: HeaderValue,
    /// The name they go by.
    pub name: HeaderValue,
    /// Their address.
    pub email: HeaderValue,
    /// Their id.
    pub user_id: HeaderValue,
    /// The scopes of the key, with commas between.
    pub scopes: HeaderValue,
    /// The application's `client_id`.
    pub client_id: HeaderValue,
    /// The key's id.
    pub key_id: HeaderValue,
}

const NONE: HeaderValue = HeaderValue::from_static("");

impl Identity {
    /// Nobody's.
    pub const NOBODY: Self = Self {
        username: NONE,
        groups: NONE,
        name: NONE,
        email: NONE,
        user_id: NONE,
        scopes: NONE,
        client_id: NONE,
        key_id: NONE,
    };

    /// Of this key and its owner.
    #[must_use]
    pub fn of(key: &UserApiKey, owner: &User) -> Self {
        let groups: Vec<String> = owner.groups().iter().map(ToString::to_string).collect();
        Self {
            username: printable(owner.username.as_str()),
            groups: printable(&groups.join(",")),
            name: printable(&owner.name),
            email: printable(owner.email.as_ref().map_or("", |email| email.as_str())),
            user_id: HeaderValue::from(owner.id.get()),
            scopes: printable(&key.scopes.to_string()),
            client_id: printable(key.client_id.as_str()),
            key_id: HeaderValue::from(key.id.get()),
        }
    }
}

/// UTF-8, without what would end a line or hide in one (`security.md W9`).
fn printable(text: &str) -> HeaderValue {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    HeaderValue::from_bytes(printable.trim().as_bytes()).unwrap_or(NONE)
}

//! Who asks, in words for the site.

use bytes::Bytes;
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
        let [username, groups, name, email, user_id, scopes, client_id, key_id] = values([
            printable(owner.username.as_str()),
            printable(&groups.join(",")),
            printable(&owner.name),
            printable(owner.email.as_ref().map_or("", |email| email.as_str())),
            owner.id.to_string(),
            printable(&key.scopes.to_string()),
            printable(key.client_id.as_str()),
            key.id.to_string(),
        ]);
        Self { username, groups, name, email, user_id, scopes, client_id, key_id }
    }

    /// All of it, in the order above.
    #[must_use]
    pub const fn values(&self) -> [&HeaderValue; 8] {
        let Self { username, groups, name, email, user_id, scopes, client_id, key_id } = self;
        [username, groups, name, email, user_id, scopes, client_id, key_id]
    }
}

/// UTF-8, without what would end a line or hide in one (`security.md W9`).
fn printable(text: &str) -> String {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    printable.trim().to_owned()
}

/// Each text as a value, all in one piece of memory: they are counted in and out together with every request, which on
/// several cores costs by the piece.
fn values<const N: usize>(texts: [String; N]) -> [HeaderValue; N] {
    let all = Bytes::from(texts.concat());
    let mut end = 0;
    texts.map(|text| {
        let begin = end;
        end += text.len();
        HeaderValue::from_maybe_shared(all.slice(begin..end)).unwrap_or(NONE)
    })
}

//! A key that was issued, as the store keeps it: everything but the key.

use super::{
    ApplicationName, ClientId, ClientRowId, Fingerprint, KeyHash, KeyId, PushUrl, RedirectUri, Scopes, Succession,
    Timestamp, UserId,
};

/// Whether a key is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is.
    Active,
    /// It is, until the key that replaces it is used; at the latest until then.
    BeingReplaced(Timestamp),
    /// The key that replaces it took over, then.
    Replaced(Timestamp),
    /// Somebody ended it, then.
    Revoked(Timestamp),
    /// Its time was up, then (`C-213`).
    Expired(Timestamp),
}

impl KeyState {
    /// Whether the key works.
    #[must_use]
    pub const fn is_alive(self) -> bool {
        matches!(self, Self::Active | Self::BeingReplaced(_))
    }

    /// The state of a key at an instant, by when it was ended, when its time is up, and where it stands in a replacement.
    #[must_use]
    pub fn of(
        revoked_at: Option<Timestamp>,
        expires_at: Option<Timestamp>,
        succession: Succession,
        now: Timestamp,
    ) -> Self {
        match (revoked_at, expires_at, succession) {
            (Some(then), _, _) => Self::Revoked(then),
            (None, Some(then), _) if then <= now => Self::Expired(then),
            (None, _, Succession::ReplacedUntil(then)) if then <= now => Self::Replaced(then),
            (None, _, Succession::ReplacedUntil(then)) => Self::BeingReplaced(then),
            (None, _, Succession::Settled | Succession::Replaces(_)) => Self::Active,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::BeingReplaced(_) => "being replaced",
            Self::Replaced(_) => "replaced",
            Self::Revoked(_) => "revoked",
            Self::Expired(_) => "expired",
        }
    }
}

/// A key about to be stored.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Whose it is.
    pub user_id: UserId,
    /// What the key is found by.
    pub hash: KeyHash,
    /// Its first characters.
    pub start: String,
    /// The name the application gave itself.
    pub application_name: ApplicationName,
    /// What it may touch.
    pub scopes: Scopes,
    /// Where the application gets it.
    pub auth_redirect: Option<RedirectUri>,
    /// Where its application wants pushes.
    pub push_url: Option<PushUrl>,
    /// Of the public key it is encrypted to; `None` for one that the site's back end is given in clear.
    pub fingerprint: Option<Fingerprint>,
    /// Now.
    pub created_at: Timestamp,
    /// When its time is up, if ever.
    pub expires_at: Option<Timestamp>,
}

/// A user API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserApiKey {
    /// The id.
    pub id: KeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// The row of its `client_id`.
    pub client_row: ClientRowId,
    /// The application's `client_id`.
    pub client_id: ClientId,
    /// The first characters of the key, for people to tell keys apart (`security.md K2`).
    pub start: String,
    /// The name the application gave itself when this key was made.
    pub application_name: ApplicationName,
    /// What it may touch.
    pub scopes: Scopes,
    /// Where the application got it; `None` when it was pasted.
    pub auth_redirect: Option<RedirectUri>,
    /// Where its application wants pushes.
    pub push_url: Option<PushUrl>,
    /// Of the public key it was encrypted to; `None` for one that the site's back end was given in clear.
    pub fingerprint: Option<Fingerprint>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used; when it was made, until then.
    pub last_used_at: Timestamp,
    /// When its time is up, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was ended, if it was.
    pub revoked_at: Option<Timestamp>,
    /// Where it stands in a replacement.
    pub succession: Succession,
}

impl UserApiKey {
    /// Its state at an instant.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> KeyState {
        KeyState::of(self.revoked_at, self.expires_at, self.succession, now)
    }

    /// Whether it was ever used: a sign that its application has it.
    #[must_use]
    pub fn was_used(&self) -> bool {
        self.last_used_at > self.created_at
    }
}

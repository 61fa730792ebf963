//! The log of what was done to whom.

use std::net::IpAddr;

use enum_map::{Enum, EnumMap};

use super::{AdminKeyId, ClientId, KeyId, Timestamp, UserApiKey, UserId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AuditEvent {
    /// A key was issued.
    KeyIssued,
    /// A key was ended.
    KeyRevoked,
    /// The end of a key was taken back.
    KeyRestored,
    /// The key that replaced a key took over.
    KeyReplaced,
    /// A key was ended because nobody used it for long.
    KeyEndedUnused,
    /// A key was ended because of its age.
    KeyEndedOld,
    /// A key moved to another client id.
    KeyMoved,
    /// A key was made in its owner's name, on the word of the site's back end.
    KeyMinted,
    /// It was said when a key ends by itself.
    KeyExpirySet,
    /// A registered application was deleted, with its keys, because nobody used it for long.
    ClientEndedUnused,
    /// An account was made.
    UserCreated,
    /// An account was suspended.
    UserSuspended,
    /// A suspension was lifted.
    UserUnsuspended,
    /// What is known of a user was changed.
    UserChanged,
    /// A user was deleted, with their keys.
    UserDeleted,
    /// A password was set.
    PasswordSet,
    /// An application was registered.
    ClientRegistered,
    /// A registered application was removed, with its keys.
    ClientRemoved,
    /// An application was blocked, and its keys ended.
    ClientBlocked,
    /// An application is blocked no more.
    ClientUnblocked,
    /// A one-time password was made for an application.
    OneTimePasswordMade,
    /// Somebody signed in with a one-time password.
    OneTimePasswordRedeemed,
    /// Users were told something; whom, where it is one.
    NotificationPublished,
    /// What a user was told was marked as read, on the word of the site's back end.
    NotificationRead,
    /// What a user was told was deleted.
    NotificationDeleted,
    /// A key of the admin API was made.
    AdminKeyCreated,
    /// A key of the admin API was ended.
    AdminKeyRevoked,
    /// Somebody called the admin API with a good key.
    AdminCalled,
    /// A user proved to be one, to the site's back end.
    UserAuthenticated,
}

/// A word that is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no event of the log")]
pub struct AuditEventError(String);

impl AuditEvent {
    /// The event with this word.
    ///
    /// # Errors
    /// When there is none.
    pub fn parse(word: &str) -> Result<Self, AuditEventError> {
        let found =
            EnumMap::<Self, ()>::default().into_iter().map(|(event, ())| event).find(|event| event.word() == word);
        found.ok_or_else(|| AuditEventError(word.to_owned()))
    }

    /// The stable word for the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::KeyIssued => "key_issued",
            Self::KeyRevoked => "key_revoked",
            Self::KeyRestored => "key_restored",
            Self::KeyReplaced => "key_replaced",
            Self::KeyEndedUnused => "key_ended_unused",
            Self::KeyEndedOld => "key_ended_old",
            Self::KeyMoved => "key_moved",
            Self::KeyMinted => "key_minted",
            Self::KeyExpirySet => "key_expiry_set",
            Self::ClientEndedUnused => "client_ended_unused",
            Self::UserCreated => "user_created",
            Self::UserSuspended => "user_suspended",
            Self::UserUnsuspended => "user_unsuspended",
            Self::UserChanged => "user_changed",
            Self::UserDeleted => "user_deleted",
            Self::PasswordSet => "password_set",
            Self::ClientRegistered => "client_registered",
            Self::ClientRemoved => "client_removed",
            Self::ClientBlocked => "client_blocked",
            Self::ClientUnblocked => "client_unblocked",
            Self::OneTimePasswordMade => "one_time_password_made",
            Self::OneTimePasswordRedeemed => "one_time_password_redeemed",
            Self::NotificationPublished => "notification_published",
            Self::NotificationRead => "notification_read",
            Self::NotificationDeleted => "notification_deleted",
            Self::AdminKeyCreated => "admin_key_created",
            Self::AdminKeyRevoked => "admin_key_revoked",
            Self::AdminCalled => "admin_called",
            Self::UserAuthenticated => "user_authenticated",
        }
    }
}

/// Where a wish came from: part of every line of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who asked; `None` for the command line and the worker, and for an admin key that acts for nobody.
    pub actor: Option<UserId>,
    /// With which key of the admin API, if with one.
    pub admin_key: Option<AdminKeyId>,
    /// From which address.
    pub address: Option<IpAddr>,
    /// In which request.
    pub request_id: Option<String>,
    /// By which call of the admin API, if by one: `GET /admin/users/{id}`.
    pub route: Option<String>,
}

/// A line of the log. Never holds a secret (`security.md K7`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AuditEvent,
    /// From where.
    pub origin: Origin,
    /// To whom.
    pub user_id: Option<UserId>,
    /// To which key.
    pub key_id: Option<KeyId>,
    /// Of which application.
    pub client_id: Option<ClientId>,
}

impl AuditLine {
    /// A line about nobody and nothing, to which those whom it is about are added.
    #[must_use]
    pub const fn new(event: AuditEvent, origin: Origin, at: Timestamp) -> Self {
        Self { at, event, origin, user_id: None, key_id: None, client_id: None }
    }

    /// A line about a user.
    #[must_use]
    pub fn of_user(event: AuditEvent, user: UserId, origin: Origin, at: Timestamp) -> Self {
        Self { user_id: Some(user), ..Self::new(event, origin, at) }
    }

    /// A line about a key, and so about its owner and its application.
    #[must_use]
    pub fn of_key(event: AuditEvent, key: &UserApiKey, origin: Origin, at: Timestamp) -> Self {
        let client_id = Some(key.client_id.clone());
        Self { at, event, origin, user_id: Some(key.user_id), key_id: Some(key.id), client_id }
    }

    /// A line about an application.
    #[must_use]
    pub fn of_client(event: AuditEvent, client_id: &ClientId, origin: Origin, at: Timestamp) -> Self {
        Self { client_id: Some(client_id.clone()), ..Self::new(event, origin, at) }
    }
}

/// A line with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedLine {
    /// Its number; later lines have larger ones.
    pub id: i64,
    /// The line.
    pub line: AuditLine,
}

/// Which lines are meant: those to which all of it applies. Without an event: every line but those that a call was made, which
/// would bury the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Those about this user.
    pub user_id: Option<UserId>,
    /// Those about this key.
    pub key_id: Option<KeyId>,
    /// Those of what was done with this key of the admin API.
    pub admin_key_id: Option<AdminKeyId>,
    /// Those of this event.
    pub event: Option<AuditEvent>,
}

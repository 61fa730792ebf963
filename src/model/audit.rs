//! The log of what was done to whom.

use std::net::IpAddr;

use super::{ClientId, KeyId, Timestamp, UserId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditEvent {
    /// A key was issued.
    KeyIssued,
    /// A key was ended.
    KeyRevoked,
    /// The end of a key was taken back.
    KeyRestored,
    /// An account was made.
    UserCreated,
    /// An account was suspended.
    UserSuspended,
    /// A suspension was lifted.
    UserUnsuspended,
    /// A password was set.
    PasswordSet,
    /// An application was registered.
    ClientRegistered,
    /// A registered application was removed, with its keys.
    ClientRemoved,
    /// A one-time password was made for an application.
    OneTimePasswordMade,
    /// Somebody signed in with a one-time password.
    OneTimePasswordRedeemed,
}

impl AuditEvent {
    /// The stable word for the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::KeyIssued => "key_issued",
            Self::KeyRevoked => "key_revoked",
            Self::KeyRestored => "key_restored",
            Self::UserCreated => "user_created",
            Self::UserSuspended => "user_suspended",
            Self::UserUnsuspended => "user_unsuspended",
            Self::PasswordSet => "password_set",
            Self::ClientRegistered => "client_registered",
            Self::ClientRemoved => "client_removed",
            Self::OneTimePasswordMade => "one_time_password_made",
            Self::OneTimePasswordRedeemed => "one_time_password_redeemed",
        }
    }
}

/// Where a wish came from: part of every line of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who asked; `None` for the command line and the worker.
    pub actor: Option<UserId>,
    /// From which address.
    pub address: Option<IpAddr>,
    /// In which request.
    pub request_id: Option<String>,
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

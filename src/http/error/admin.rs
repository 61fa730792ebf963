//! The errors of the acts of the admin API, as problems.

use super::Problem;
use crate::domain::admin::AdminError;
use crate::domain::admin::act::ActError;
use crate::domain::admin::auth::AuthError;
use crate::domain::admin::clients::ClientsError;
use crate::domain::admin::keys::KeysError;
use crate::domain::admin::mint::MintError;
use crate::domain::admin::notifications::NotificationsError;
use crate::domain::admin::users::UsersError;
use crate::domain::notifications::PublishError;
use crate::domain::session::SignInError;
use crate::model::PagingError;

impl From<PagingError> for Problem {
    fn from(error: PagingError) -> Self {
        let parameter = match error {
            PagingError::Cursor => "cursor",
            PagingError::Limit => "limit",
        };
        Self::wrong(parameter, &error)
    }
}

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        let reason = match error {
            AdminError::Missing => return Self::AdminKeyNeeded,
            AdminError::Refused => return Self::KeyRefused,
            AdminError::Guessing(refused) => return refused.into(),
            AdminError::Limits(error) => return error.into(),
            AdminError::Store(error) => return error.into(),
            AdminError::Scope(_) => "admin_scope",
            AdminError::NoSuchUser => "no_such_user",
        };
        Self::refused(reason, &error)
    }
}

impl From<UsersError> for Problem {
    fn from(error: UsersError) -> Self {
        let invalid = |parameter, reason| Self::invalid(parameter, &error, reason);
        match error {
            UsersError::NotFound(_) => Self::NoSuch(error.to_string()),
            UsersError::Taken { what, .. } => invalid(what, "taken"),
            UsersError::TooMany(_) => invalid("users", "too_many"),
            UsersError::Twice(_) => invalid("users", "twice"),
            UsersError::Staff(_) => invalid("users", "staff"),
            UsersError::Rule(_) => invalid("password", "bad_value"),
            UsersError::LastAdministrator => Self::refused("last_administrator", &error),
            UsersError::Password(error) => Self::internal(error),
            UsersError::Store(error) => error.into(),
        }
    }
}

impl From<KeysError> for Problem {
    fn from(error: KeysError) -> Self {
        match error {
            KeysError::NotFound(_) => Self::NoSuch(error.to_string()),
            KeysError::Ended(_) => Self::refused("key_revoked", &error),
            KeysError::Store(error) => error.into(),
        }
    }
}

impl From<MintError> for Problem {
    fn from(error: MintError) -> Self {
        match error {
            MintError::NoSuchUser(_) | MintError::NoSuchKey(_) => Self::NoSuch(error.to_string()),
            MintError::Ended(_) => Self::refused("key_revoked", &error),
            MintError::Registered(_) => Self::refused("client_id_registered", &error),
            MintError::Approve(error) => error.into(),
        }
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        let invalid = |parameter, reason| Self::invalid(parameter, &error, reason);
        match error {
            PublishError::Nobody => invalid("user_ids", "bad_value"),
            PublishError::TooMany(_) => invalid("users", "too_many"),
            PublishError::NoSuchUsers(_) => invalid("users", "no_such_user"),
            PublishError::Twice(_) => invalid("users", "twice"),
            PublishError::Store(error) => error.into(),
        }
    }
}

impl From<NotificationsError> for Problem {
    fn from(error: NotificationsError) -> Self {
        match error {
            NotificationsError::NotFound | NotificationsError::NoSuchUser(_) => Self::NoSuch(error.to_string()),
            NotificationsError::Store(error) => error.into(),
        }
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Admin(error) => error.into(),
            ActError::Limited(refused) => refused.into(),
            ActError::Ambiguous(_) | ActError::Access | ActError::Suspended => Self::forbidden(),
            ActError::Limits(error) => error.into(),
        }
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            // Not 403: the caller's own key is good.
            AuthError::SignIn(SignInError::Wrong) => Self::base(&error, "wrong_credentials"),
            AuthError::SignIn(SignInError::Suspended) => Self::refused("suspended", &error),
            AuthError::SignIn(error) => error.into(),
            AuthError::Mint(error) => error.into(),
            AuthError::Store(error) => error.into(),
        }
    }
}

impl From<ClientsError> for Problem {
    fn from(error: ClientsError) -> Self {
        match error {
            ClientsError::NotFound(_) => Self::NoSuch(error.to_string()),
            ClientsError::Store(error) => error.into(),
        }
    }
}

//! The errors of the acts and of the store, as problems. A new one is a row here.

use super::Problem;
use crate::domain::accounts::AccountError;
use crate::domain::apps::AppsError;
use crate::domain::authorize::{ApproveError, Refusal};
use crate::domain::bus::{BeginError, PollError};
use crate::domain::client_id::ClientIdError;
use crate::domain::clients::RegisterError;
use crate::domain::device::DeviceError;
use crate::domain::otp::RedeemError;
use crate::domain::revoke::RevokeError;
use crate::domain::session::SignInError;
use crate::domain::verify::VerifyError;
use crate::limits::{ActRefused, Unreachable, Window};
use crate::model::{Repeated, ScopeError};
use crate::store::StoreError;

impl From<ActRefused> for Problem {
    fn from(refused: ActRefused) -> Self {
        Self::Limited { seconds: refused.retry_after.as_secs(), code: None, standing: None }
    }
}

impl From<Unreachable> for Problem {
    fn from(Unreachable: Unreachable) -> Self {
        Self::Uncounted
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) | StoreError::Unavailable(_) => Self::Unavailable(error.to_string()),
            StoreError::Full(_) => Self::Full(error.to_string()),
            StoreError::Conflict(_) | StoreError::Corrupt { .. } | StoreError::Query(_) => Self::internal(error),
        }
    }
}

impl From<Repeated> for Problem {
    fn from(error: Repeated) -> Self {
        Self::invalid(&error.0, &error, "repeated_parameter")
    }
}

impl From<PollError> for Problem {
    fn from(error: PollError) -> Self {
        match error {
            PollError::Repeated(error) => error.into(),
            PollError::Position { channel, fault } => Self::wrong(&channel, &fault),
            PollError::Seq => Self::wrong("__seq", &error),
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Limited(refused) => refused.into(),
            BeginError::Limits(error) => error.into(),
            BeginError::Store(error) => error.into(),
        }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Malformed
            | VerifyError::Unknown
            | VerifyError::Revoked
            | VerifyError::Replaced
            | VerifyError::Expired => Self::KeyRefused,
            VerifyError::ClientId(error) => error.into(),
            VerifyError::Scope | VerifyError::Access | VerifyError::Ambiguous(_) | VerifyError::OwnerSuspended => {
                Self::forbidden()
            }
            VerifyError::Guessing(refused)
            | VerifyError::CallerLimited(refused)
            | VerifyError::OwnerLimited(refused) => refused.into(),
            VerifyError::Limited(refused) => {
                let code = match refused.which {
                    Window::Minute => "user_api_key_limiter_60_secs",
                    Window::Day => "user_api_key_limiter_1_day",
                };
                let seconds = refused.retry_after.as_secs();
                Self::Limited { seconds, code: Some(code), standing: Some(refused.standing) }
            }
            VerifyError::Limits(error) => error.into(),
            VerifyError::Store(error) => error.into(),
        }
    }
}

impl From<ClientIdError> for Problem {
    fn from(error: ClientIdError) -> Self {
        match error {
            ClientIdError::TooLong(_) => Self::invalid("client_id", &error, "too_long"),
            ClientIdError::Registered => Self::refused("client_id_registered", &error),
            ClientIdError::Blocked => Self::refused("client_blocked", &error),
            ClientIdError::Store(error) => error.into(),
        }
    }
}

// What the POST answers (section 4.1 of the protocol); GET shows a page or a model instead.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing(name) => Self::Missing(name),
            Refusal::Disabled
            | Refusal::Blocked
            | Refusal::Scopes(ScopeError::Name(_))
            | Refusal::UnknownScope { .. }
            | Refusal::DangerousScope(_)
            | Refusal::ScopeReserved(_)
            | Refusal::BadRedirect(_)
            | Refusal::RedirectNotAllowed(_)
            | Refusal::OtherRedirect(_)
            | Refusal::ScopeNotRegistered { .. }
            | Refusal::ReservedName(_)
            | Refusal::NotAllowed(_)
            | Refusal::Suspended
            | Refusal::TooManyKeys(_) => Self::refused(refusal.reason(), &refusal),
            Refusal::Repeated(_)
            | Refusal::TooLong(_)
            | Refusal::Scopes(ScopeError::TooMany)
            | Refusal::PublicKey(_)
            | Refusal::Padding(_)
            | Refusal::TwoRedirects
            | Refusal::Expiry(_)
            | Refusal::ApplicationName(_)
            | Refusal::PayloadTooLarge { .. } => Self::invalid(refusal.parameter(), &refusal, refusal.reason()),
        }
    }
}

impl From<ApproveError> for Problem {
    fn from(error: ApproveError) -> Self {
        match error {
            ApproveError::Refused(refusal) => refusal.into(),
            ApproveError::Handover(error) => Refusal::BadRedirect(error).into(),
            ApproveError::Encrypt(error) => Self::internal(error),
            ApproveError::Store(error) => error.into(),
        }
    }
}

impl From<RedeemError> for Problem {
    fn from(error: RedeemError) -> Self {
        match error {
            RedeemError::Gone => Self::NotFound,
            RedeemError::Limited(refused) => refused.into(),
            RedeemError::Limits(error) => error.into(),
            RedeemError::Store(error) => error.into(),
        }
    }
}

// The device flow names every parameter in an `invalid_parameters` (section 6.1 of the protocol).
impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let invalid = |parameter, reason| Self::invalid(parameter, &error, reason);
        match error {
            DeviceError::Missing(_) => invalid("base", "missing_parameter"),
            DeviceError::TooLarge { .. } => invalid("base", "parameter_too_long"),
            DeviceError::Refused(Refusal::Missing(name)) => invalid(name, "missing_parameter"),
            DeviceError::Refused(Refusal::Scopes(ScopeError::TooMany)) => invalid("scopes", "parameter_too_long"),
            DeviceError::ScopeNotHere | DeviceError::Refused(Refusal::Scopes(ScopeError::Name(_))) => {
                invalid("scopes", "unknown_scope")
            }
            DeviceError::NoFreeCode | DeviceError::Gone => Self::forbidden(),
            DeviceError::Limited(refused) => refused.into(),
            DeviceError::Refused(refusal) => refusal.into(),
            DeviceError::Approve(error) => error.into(),
            DeviceError::Limits(error) => error.into(),
            DeviceError::Store(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        let reason = match error {
            RegisterError::Limited(refused) => return refused.into(),
            RegisterError::Refused(refusal) => return refusal.into(),
            RegisterError::Limits(error) => return error.into(),
            RegisterError::Store(error) => return error.into(),
            RegisterError::Off => "registration_off",
            RegisterError::Scope { .. } => "unknown_scope",
            RegisterError::Taken(_) => "client_id_taken",
        };
        Self::refused(reason, &error)
    }
}

impl From<RevokeError> for Problem {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::NotFound => Self::NotFound,
            RevokeError::NotYours => Self::forbidden(),
            RevokeError::TooManyKeys(_) => Self::refused("too_many_keys", &error),
            RevokeError::ByOperator => Self::refused("ended_by_operator", &error),
            RevokeError::Blocked => Self::refused("client_blocked", &error),
            RevokeError::Store(error) => error.into(),
        }
    }
}

impl From<AppsError> for Problem {
    fn from(error: AppsError) -> Self {
        match error {
            AppsError::NotFound => Self::NotFound,
            AppsError::NotYours => Self::forbidden(),
            AppsError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Limited(refused) => refused.into(),
            SignInError::Wrong | SignInError::Suspended => Self::forbidden(),
            SignInError::Password(error) => Self::internal(error),
            SignInError::Limits(error) => error.into(),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotFound(_) => Self::NotFound,
            AccountError::AlreadySetUp => Self::SetUpOver,
            AccountError::UsernameTaken(_) | AccountError::EmailTaken | AccountError::Rule(_) => {
                Self::base(&error, "bad_account")
            }
            AccountError::Password(error) => Self::internal(error),
            AccountError::Store(error) => error.into(),
        }
    }
}

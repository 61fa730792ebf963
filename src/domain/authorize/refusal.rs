//! Everything that can stand between an application and a key, by name.

use crate::crypto::PublicKeyError;
use crate::model::{
    ApplicationNameError, ExpiresInError, PaddingError, RedirectError, Repeated, ScopeError, ScopeReserved, TooLong,
};

/// Why a request is refused. The text speaks to the application's author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The operator issues no new keys.
    #[error("this site issues no new user API keys at present (allow_user_api_keys is off)")]
    Disabled,
    /// The operator blocked the application.
    #[error("client_id: this site has blocked the application, and gives it no keys")]
    Blocked,
    /// A parameter is not there, or empty.
    #[error("param is missing or the value is empty or invalid: {0}")]
    Missing(&'static str),
    /// A parameter came twice.
    #[error(transparent)]
    Repeated(#[from] Repeated),
    /// A parameter is too long.
    #[error(transparent)]
    TooLong(#[from] TooLong),
    /// `scopes` is no list of names.
    #[error(transparent)]
    Scopes(#[from] ScopeError),
    /// A scope that this site does not offer.
    #[error("the scope {scope:?} is not offered here; this site offers: {offered}")]
    UnknownScope {
        /// The scope.
        scope: String,
        /// What may be asked for.
        offered: String,
    },
    /// No RSA public key, or none we encrypt to.
    #[error("public_key: {0}")]
    PublicKey(#[from] PublicKeyError),
    /// An unknown `padding`.
    #[error(transparent)]
    Padding(#[from] PaddingError),
    /// `auth_redirect` is no address we would send anybody to.
    #[error("auth_redirect: {0}")]
    BadRedirect(#[from] RedirectError),
    /// `auth_redirect` is not on the operator's list.
    #[error(
        "auth_redirect: {0} is not on this site's list (allowed_user_api_auth_redirects); \
         a loopback address such as http://127.0.0.1:PORT/ may be allowed without being listed"
    )]
    RedirectNotAllowed(String),
    /// The application is registered with another `auth_redirect` (`C-041`, `C-224`).
    #[error("auth_redirect: {0} is not the address that this application was registered with")]
    OtherRedirect(String),
    /// A scope beyond those the application was registered with (`C-037`).
    #[error("the scope {scope:?} is not among those that this application was registered with: {registered}")]
    ScopeNotRegistered {
        /// The scope.
        scope: String,
        /// What it may ask for.
        registered: String,
    },
    /// `auth_redirect` and its other name `redirect_uri` differ.
    #[error("auth_redirect and redirect_uri are two names of one parameter and were sent with different values")]
    TwoRedirects,
    /// `expires_in_seconds` is no life we give.
    #[error(transparent)]
    Expiry(#[from] ExpiresInError),
    /// `application_name` is no name.
    #[error(transparent)]
    ApplicationName(#[from] ApplicationNameError),
    /// The name belongs to the site (`security.md C4`).
    #[error("application_name: {0:?} is, or looks like, a name that is kept for this site itself; choose another")]
    ReservedName(String),
    /// The encrypted answer would not fit the key.
    #[error(
        "Payload too large for {padding} encryption with this key size. Maximum: {most} bytes, got: {bytes} bytes. \
         A nonce of at most {nonce} bytes fits; or use a larger RSA key."
    )]
    PayloadTooLarge {
        /// `PKCS#1` or `OAEP`.
        padding: &'static str,
        /// What the key can carry, bytes.
        most: usize,
        /// What there is to carry, bytes.
        bytes: usize,
        /// The longest nonce that would fit, bytes.
        nonce: usize,
    },
    /// A scope that can change things, for an application nobody registered (`security.md C5`).
    #[error("the scope {0:?} is given only to applications that this site has registered")]
    DangerousScope(String),
    /// A scope that the operator keeps for users in other groups.
    #[error(transparent)]
    ScopeReserved(#[from] ScopeReserved),
    /// The user may not approve applications (`C-065`).
    #[error("this user may not create user API keys; one of these groups is needed: {0}")]
    NotAllowed(String),
    /// The user was suspended meanwhile.
    #[error("this user is suspended")]
    Suspended,
    /// The user has as many keys as one may have (`security.md K10`).
    #[error("this user has {0} keys, as many as one user may have; end one that is not needed")]
    TooManyKeys(u32),
}

impl Refusal {
    /// The stable word for programs: part of the API.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Blocked => "client_blocked",
            Self::Missing(_) => "missing_parameter",
            Self::Repeated(_) => "repeated_parameter",
            Self::TooLong(_) | Self::ApplicationName(_) | Self::Scopes(ScopeError::TooMany) => "parameter_too_long",
            Self::Scopes(ScopeError::Name(_)) | Self::UnknownScope { .. } => "unknown_scope",
            Self::PublicKey(PublicKeyError::TooSmall { .. }) => "key_too_small",
            Self::PublicKey(_) => "bad_public_key",
            Self::Padding(_) => "bad_padding",
            Self::BadRedirect(_) | Self::TwoRedirects => "bad_redirect",
            Self::RedirectNotAllowed(_) | Self::OtherRedirect(_) => "redirect_not_allowed",
            Self::ScopeNotRegistered { .. } => "scope_not_registered",
            Self::Expiry(_) => "bad_expiry",
            Self::ReservedName(_) => "reserved_name",
            Self::PayloadTooLarge { .. } => "payload_too_large",
            Self::DangerousScope(_) => "dangerous_scope_refused",
            Self::ScopeReserved(_) => "scope_reserved",
            Self::NotAllowed(_) | Self::Suspended => "not_allowed",
            Self::TooManyKeys(_) => "too_many_keys",
        }
    }

    /// The parameter at fault, where it is one parameter.
    #[must_use]
    pub fn parameter(&self) -> &str {
        match self {
            Self::Missing(name) | Self::TooLong(TooLong { name, .. }) => name,
            Self::Repeated(Repeated(name)) => name,
            Self::Scopes(_)
            | Self::UnknownScope { .. }
            | Self::ScopeNotRegistered { .. }
            | Self::DangerousScope(_)
            | Self::ScopeReserved(_) => "scopes",
            Self::PublicKey(_) => "public_key",
            Self::Padding(_) => "padding",
            Self::BadRedirect(_) | Self::RedirectNotAllowed(_) | Self::OtherRedirect(_) | Self::TwoRedirects => {
                "auth_redirect"
            }
            Self::Expiry(_) => "expires_in_seconds",
            Self::ApplicationName(_) | Self::ReservedName(_) => "application_name",
            Self::Blocked => "client_id",
            Self::Disabled
            | Self::PayloadTooLarge { .. }
            | Self::NotAllowed(_)
            | Self::Suspended
            | Self::TooManyKeys(_) => "base",
        }
    }
}

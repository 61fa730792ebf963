//! Lets a key of the admin API make a request of the site as a user (`security.md K12`).
//!
//! It does what the user may do: rules of access hold as they hold for the user, and a suspended user's requests are refused.
//! Only a key with a scope for that goes past the rules, and only where the request says so. Each request is in the log, with both
//! identities and whether it was to go past the rules, before it is answered; but those over the limit, which would fill it.

use super::authenticate::{let_in, recognize};
use super::{AdminError, Presented};
use crate::domain::Context;
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{AdminScope, AmbiguousPath, Method, OriginalPath, User, Verdict};

/// What the log says behind the call where the request is to go past the rules.
const BYPASS: &str = " (bypass)";

/// A request as a user.
#[derive(Debug)]
pub struct Acting<'a> {
    /// With which key, for whom.
    pub presented: Presented<'a>,
    /// Its method.
    pub method: Method,
    /// Its path, and its query where there is one, as they came.
    pub uri: &'a str,
    /// Whether it wants to go past the rules of access.
    pub bypasses: bool,
}

/// Why it may not be made.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The key is not good, or not for this, or nobody is named for whom it acts.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The key makes too many.
    #[error("too many requests with this admin key for users")]
    Limited(ActRefused),
    /// What is asked for can be read in more than one way (`security.md W10`).
    #[error(transparent)]
    Ambiguous(#[from] AmbiguousPath),
    /// A rule of access keeps the user out.
    #[error("the user is in no group that may do this")]
    Access,
    /// The user is suspended.
    #[error("the user is suspended")]
    Suspended,
    /// The limits of all nodes.
    #[error(transparent)]
    Limits(#[from] Unreachable),
}

impl ActError {
    /// The word for it where the caller may know which it is: the site's own back end. Those of users' keys where they fit.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Admin(AdminError::NoSuchUser) => "no_such_user",
            Self::Admin(AdminError::Missing | AdminError::Refused) => Verdict::Unknown.word(),
            Self::Admin(AdminError::Scope(_)) => Verdict::Scope.word(),
            Self::Admin(AdminError::Guessing(_)) => Verdict::LimitedAddress.word(),
            Self::Limited(_) => Verdict::LimitedMinute.word(),
            Self::Ambiguous(_) => Verdict::Ambiguous.word(),
            Self::Access => Verdict::Access.word(),
            Self::Suspended => Verdict::Suspended.word(),
            Self::Admin(AdminError::Limits(_) | AdminError::Store(_)) | Self::Limits(_) => Verdict::Unavailable.word(),
        }
    }
}

/// The user as whom the request may be made.
///
/// # Errors
/// See [`ActError`].
pub async fn act(cx: &Context, acting: Acting<'_>) -> Result<User, ActError> {
    let Acting { mut presented, method, uri, bypasses } = acting;
    if bypasses {
        presented.route.push_str(BYPASS);
    }
    let key = recognize(cx, &presented).await?;
    cx.charge(Act::ActingPerAdminKey, &key.id.to_string(), ActError::Limited).await?;
    let admin = let_in(cx, key, presented).await?;
    admin.check(AdminScope::UsersAct)?;
    if bypasses {
        admin.check(AdminScope::UsersBypass)?;
    }
    let user = admin.user.ok_or(AdminError::NoSuchUser)?;
    let path = OriginalPath::parse(uri)?;
    if !bypasses && cx.access.closed_to(&user).has(method, &path) {
        return Err(ActError::Access);
    }
    if user.is_suspended() { Err(ActError::Suspended) } else { Ok(user) }
}

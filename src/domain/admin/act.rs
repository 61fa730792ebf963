//! Lets a key of the admin API make a request of the site as a user (`security.md K12`).
//!
//! It does what the user may do: rules of access hold as they hold for the user, and a suspended user's requests are refused.
//! Only a key with a scope for that goes past the rules, and only where the request says so. Each request is in the log, with both
//! identities and whether it was to go past the rules, before it is answered.

use super::{AdminError, Presented, authenticate};
use crate::domain::Context;
use crate::limits::{Act, ActRefused, Unreachable};
use crate::model::{AdminScope, AmbiguousPath, Method, OriginalPath, User};

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

/// The user as whom the request may be made.
///
/// # Errors
/// See [`ActError`].
pub async fn act(cx: &Context, acting: Acting<'_>) -> Result<User, ActError> {
    let Acting { mut presented, method, uri, bypasses } = acting;
    if bypasses {
        presented.route.push_str(BYPASS);
    }
    let admin = authenticate(cx, presented).await?;
    admin.check(AdminScope::UsersAct)?;
    if bypasses {
        admin.check(AdminScope::UsersBypass)?;
    }
    let user = admin.user.ok_or(AdminError::NoSuchUser)?;
    cx.charge(Act::ActingPerAdminKey, &admin.key.id.to_string(), ActError::Limited).await?;
    let path = OriginalPath::parse(uri)?;
    if !bypasses && cx.access.closed_to(&user).has(method, &path) {
        return Err(ActError::Access);
    }
    if user.is_suspended() { Err(ActError::Suspended) } else { Ok(user) }
}

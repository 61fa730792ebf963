//! Which users are meant.

use super::{Email, ExternalId, Username};

/// Which users are meant: those to whom all of it applies. Without anything: every user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// The one of this name.
    pub username: Option<Username>,
    /// The one with this address.
    pub email: Option<Email>,
    /// The one whom the site calls so.
    pub external_id: Option<ExternalId>,
}

impl From<Username> for UserFilter {
    fn from(username: Username) -> Self {
        Self { username: Some(username), ..Self::default() }
    }
}

impl From<Email> for UserFilter {
    fn from(email: Email) -> Self {
        Self { email: Some(email), ..Self::default() }
    }
}

impl From<ExternalId> for UserFilter {
    fn from(external_id: ExternalId) -> Self {
        Self { external_id: Some(external_id), ..Self::default() }
    }
}

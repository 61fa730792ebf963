//! Users, as the site's back end keeps them.
//!
//! All that is written goes through `write.rs`: whatever changes a user looks after what belongs to the change, a
//! suspension's sessions say, and a line in the log.

mod bulk;
mod create;
mod delete;
mod update;
mod write;

pub use bulk::{Entry, MOST, Upserted, upsert};
pub use create::create;
pub use delete::delete;
pub use update::{set_password, update};

use crate::crypto::PasswordError;
use crate::domain::Context;
use crate::model::{Page, Paging, User, UserError, UserFilter, UserId, Username};
use crate::store::{self, StoreError};

/// Why nothing came of a wish about users. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// There is none of this id.
    #[error("there is no user {0}")]
    NotFound(UserId),
    /// Somebody else has it.
    #[error("{what}: {value} belongs to another user")]
    Taken {
        /// The parameter.
        what: &'static str,
        /// Its value.
        value: String,
    },
    /// The site would be without an administrator, and open to whoever has the set-up link.
    #[error("the site would be left without an administrator; make another one first")]
    LastAdministrator,
    /// More than one call takes.
    #[error("users: {0} are too many for one call; send at most {MOST}")]
    TooMany(usize),
    /// Two entries mean one user.
    #[error("users: two entries are about {0}")]
    Twice(Username),
    /// Somebody at the site has the name of one of the staff, who has no `external_id`: whether they are the same, no name says.
    #[error(
        "users: {0} is of the staff and has no external_id; if they are who is meant, give them theirs with PATCH \
         /admin/users/{{id}} first"
    )]
    Staff(Username),
    /// The password will not do.
    #[error(transparent)]
    Rule(#[from] UserError),
    /// No hash could be computed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The user with this id.
///
/// # Errors
/// See [`UsersError`].
pub async fn find(cx: &Context, id: UserId) -> Result<User, UsersError> {
    cx.store.read(move |c| store::find_user(c, id)).await?.ok_or(UsersError::NotFound(id))
}

/// A page of the users who are meant.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, filter: UserFilter, paging: Paging) -> Result<Page<User>, StoreError> {
    cx.store.read(move |c| store::list_users_page(c, &filter, paging)).await
}

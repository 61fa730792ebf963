//! Makes a user.

use super::{UsersError, write};
use crate::domain::Context;
use crate::model::{Origin, User, UserChange, Username};

/// Makes a user of this name, and of whatever else is said of them. They have no password.
///
/// # Errors
/// See [`UsersError`].
pub async fn create(cx: &Context, username: Username, more: UserChange, origin: Origin) -> Result<User, UsersError> {
    let now = cx.now();
    cx.store
        .write_aside(move |tx| {
            let made = write::insert(tx, &username, &origin, now)?;
            write::apply(tx, &made, more, &origin, now)
        })
        .await
}

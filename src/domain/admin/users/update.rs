//! Changes a user: it counts from their next request on.

use secrecy::SecretString;

use super::{UsersError, write};
use crate::domain::Context;
use crate::domain::accounts::{self, AccountError};
use crate::model::{Origin, User, UserChange, UserId};

/// Changes what is said of a user, and leaves the rest.
///
/// # Errors
/// See [`UsersError`].
pub async fn update(cx: &Context, id: UserId, change: UserChange, origin: Origin) -> Result<User, UsersError> {
    let now = cx.now();
    cx.store
        .write_of(id, move |tx| {
            write::keeping_an_administrator(tx, |tx| {
                let before = write::get(tx, id)?;
                write::apply(tx, &before, change, &origin, now)
            })
        })
        .await
}

/// Sets a user's password: their sessions and one-time passwords end.
///
/// # Errors
/// See [`UsersError`].
pub async fn set_password(cx: &Context, id: UserId, password: SecretString, origin: Origin) -> Result<(), UsersError> {
    let username = super::find(cx, id).await?.username;
    accounts::set_password(cx, &username, password, origin).await.map_err(|error| match error {
        AccountError::Rule(rule) => rule.into(),
        AccountError::Password(error) => error.into(),
        AccountError::Store(error) => error.into(),
        AccountError::NotFound(_)
        | AccountError::UsernameTaken(_)
        | AccountError::EmailTaken
        | AccountError::AlreadySetUp => UsersError::NotFound(id),
    })
}

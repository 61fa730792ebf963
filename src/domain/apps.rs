//! The applications of a user: their keys, as people want to see them.

use super::Context;
use crate::limits::Standing;
use crate::model::{KeyId, KeyState, User, UserApiKey, UserId, Username};
use crate::store::{self, StoreError};

/// One application of a user.
#[derive(Clone, Debug)]
pub struct App {
    /// Its key; `last_used_at` includes what is not yet written down.
    pub key: UserApiKey,
    /// The key's state now.
    pub state: KeyState,
    /// How its limits stand.
    pub standing: Standing,
}

/// Why somebody's applications are not shown.
#[derive(Debug, thiserror::Error)]
pub enum AppsError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// They are somebody else's, and the reader is not staff (`C-299`).
    #[error("these applications are somebody else's")]
    NotYours,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The user of that name, if `reader` may look at their applications: they themselves, and staff.
///
/// # Errors
/// See [`AppsError`]. A name nobody has and a name that is not the reader's are told apart only to staff.
pub async fn owner(cx: &Context, reader: &User, username: &Username) -> Result<User, AppsError> {
    let login = username.folded();
    if login == reader.username.folded() {
        return Ok(reader.clone());
    }
    if !reader.is_staff() {
        return Err(AppsError::NotYours);
    }
    let found = cx.store.read(move |c| store::find_user_by_login(c, &login)).await?;
    found.ok_or(AppsError::NotFound)
}

/// The user's applications, least recently used first. Ended ones are left out, but for `keep`: the one whose end can
/// still be taken back on the page.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, user: UserId, keep: Option<KeyId>) -> Result<Vec<App>, StoreError> {
    let shown = |app: &App| !matches!(app.state, KeyState::Revoked(_)) || keep == Some(app.key.id);
    Ok(list_all(cx, user).await?.into_iter().filter(shown).collect())
}

/// The user's applications, ended ones too, least recently used first.
///
/// # Errors
/// Of the database.
pub async fn list_all(cx: &Context, user: UserId) -> Result<Vec<App>, StoreError> {
    let keys = cx.store.read(move |c| store::list_keys(c, user)).await?;
    let now = cx.now();
    let app = |mut key: UserApiKey| {
        key.last_used_at = cx.last_used.of(key.id).map_or(key.last_used_at, |at| at.max(key.last_used_at));
        App { state: key.state(now), standing: cx.key_limits.standing(key.id), key }
    };
    let mut apps: Vec<App> = keys.into_iter().map(app).collect();
    apps.sort_by_key(|app| (app.key.last_used_at, app.key.id));
    Ok(apps)
}

//! The applications of a user: their keys, as people want to see them.

use std::collections::HashMap;
use std::time::Duration;

use super::Context;
use crate::limits::Standing;
use crate::model::{
    KeyId, KeyRules, KeyState, PushUrl, Succession, Timestamp, User, UserApiKey, UserId, Username, wants_pushes,
};
use crate::store::{self, AnyConnection, StoreError};

/// How long before a key's end its owner is told.
const SOON: Duration = Duration::from_hours(14 * 24);

/// One application of a user.
#[derive(Clone, Debug)]
pub struct App {
    /// Its key; `last_used_at` includes what is not yet written down.
    pub key: UserApiKey,
    /// The key's state now.
    pub state: KeyState,
    /// How its limits stand.
    pub standing: Standing,
    /// Until when the key that it replaces works too, unless this one is used before.
    pub before_until: Option<Timestamp>,
    /// Whether nothing is pushed to it any more, because it did not take it for so long.
    pub push_is_off: bool,
    /// When the key ends if nothing happens, and why.
    pub ends: Option<(Timestamp, EndsBy)>,
}

/// What ends a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndsBy {
    /// The calendar: its own time, or that of all keys of this site.
    Age,
    /// That nobody uses it.
    Disuse,
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
/// still be taken back on the page. A key that is being replaced is part of the one that replaces it.
///
/// # Errors
/// Of the database.
pub async fn list(cx: &Context, user: UserId, keep: Option<KeyId>) -> Result<Vec<App>, StoreError> {
    let shown = |app: &App| match app.state {
        KeyState::Active | KeyState::Expired(_) => app.key.succession.replaced_until().is_none(),
        KeyState::BeingReplaced(_) | KeyState::Replaced(_) => false,
        KeyState::Revoked(_) => keep == Some(app.key.id),
    };
    Ok(list_all(cx, user).await?.into_iter().filter(shown).collect())
}

/// The user's applications, ended ones too, least recently used first.
///
/// # Errors
/// Of the database.
pub async fn list_all(cx: &Context, user: UserId) -> Result<Vec<App>, StoreError> {
    let (keys, off) = cx.store.read(move |c| keys_with_targets(c, user)).await?;
    let now = cx.now();
    let until: HashMap<KeyId, Timestamp> = keys.iter().filter_map(|key| works_until(key, now)).collect();
    let standings = cx.standings(&keys.iter().map(|key| key.id).collect::<Vec<_>>()).await;
    let mut apps = Vec::with_capacity(keys.len());
    for (mut key, standing) in keys.into_iter().zip(standings) {
        cx.last_used.correct(&mut key);
        let before_until = match key.succession {
            Succession::Replaces(old) => until.get(&old).copied(),
            Succession::Settled | Succession::ReplacedUntil(_) => None,
        };
        let push_is_off = wants_pushes(&key.scopes) && key.push_url.as_ref().is_some_and(|url| off.contains(url));
        let (state, ends) = (key.state(now), ends(&cx.rules, &key));
        apps.push(App { key, state, standing, before_until, push_is_off, ends });
    }
    apps.sort_by_key(|app| (app.key.last_used_at, app.key.id));
    Ok(apps)
}

/// The user's keys, and which of the addresses in them are switched off.
fn keys_with_targets(c: &mut AnyConnection, user: UserId) -> Result<(Vec<UserApiKey>, Vec<PushUrl>), StoreError> {
    let keys = store::list_keys(c, user)?;
    let urls: Vec<&PushUrl> = keys.iter().filter_map(|key| key.push_url.as_ref()).collect();
    let off = store::list_switched_off_push_urls(c, &urls)?;
    Ok((keys, off))
}

/// A key that works although another replaces it, and until when.
fn works_until(key: &UserApiKey, now: Timestamp) -> Option<(KeyId, Timestamp)> {
    match key.state(now) {
        KeyState::BeingReplaced(until) => Some((key.id, until)),
        KeyState::Active | KeyState::Replaced(_) | KeyState::Revoked(_) | KeyState::Expired(_) => None,
    }
}

impl App {
    /// When and why the key ends, if that is soon (`security.md K8`).
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> Option<(Timestamp, EndsBy)> {
        let soon = |(at, _): &(Timestamp, EndsBy)| *at > now && at.since(now) <= SOON;
        self.ends.filter(|_| self.state == KeyState::Active).filter(soon)
    }
}

/// When the key ends if nothing happens, and why.
fn ends(rules: &KeyRules, key: &UserApiKey) -> Option<(Timestamp, EndsBy)> {
    let age = rules.ends_by_age(key.created_at, key.expires_at).map(|at| (at, EndsBy::Age));
    let disuse = rules.ends_by_disuse(key.last_used_at).map(|at| (at, EndsBy::Disuse));
    age.into_iter().chain(disuse).min_by_key(|(at, _)| *at)
}

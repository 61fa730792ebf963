//! Ends keys, and takes the end back (section 11.1 of the protocol).

use super::Context;
use super::apps::{self, App};
use crate::model::{AuditEvent, AuditLine, KeyId, KeyState, Method, Origin, Succession, Timestamp, User, UserApiKey};
use crate::store::{self, AnyConnection, StoreError};

/// Who wishes a key's end.
#[derive(Clone, Copy, Debug)]
pub enum Wisher<'a> {
    /// A signed-in user.
    User(&'a User),
    /// A program with a key, acting for the key's owner.
    Key {
        /// The key it presented.
        key: &'a UserApiKey,
        /// The owner.
        owner: &'a User,
    },
    /// The operator, on the command line or through the admin API.
    Operator,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// There is no such key, or none was named.
    #[error("there is no such key")]
    NotFound,
    /// It is not the wisher's to end.
    #[error("this key is somebody else's")]
    NotYours,
    /// Its owner has as many keys as one may have without it (`security.md K10`).
    #[error("this user has {0} keys, as many as one user may have; end one that is not needed")]
    TooManyKeys(u32),
    /// The operator ended it, who had a reason: a signed-in user takes that back (`C-252`), no key does.
    #[error("the operator of this site ended this key; no key takes that back, only somebody who is signed in")]
    ByOperator,
    /// Its application is blocked.
    #[error("this site has blocked the application, and its keys stay ended")]
    Blocked,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Wisher<'_> {
    /// A key may end itself; another of its owner's only with a scope that lets it post there (`C-245`); users and keys
    /// act on the user's own, administrators on all (`C-244`, `C-246`, `C-247`).
    fn may(&self, cx: &Context, path: &str, target: &UserApiKey) -> bool {
        let owns = |user: &User| user.id == target.user_id || user.staff.admin;
        match self {
            Self::Operator => true,
            Self::User(user) => owns(user),
            Self::Key { key, owner } => {
                key.id == target.id || (owns(owner) && cx.scopes.permits(&key.scopes, Method::Post, path))
            }
        }
    }

    const fn own_key(&self) -> Option<KeyId> {
        match self {
            Self::Key { key, .. } => Some(key.id),
            Self::User(_) | Self::Operator => None,
        }
    }
}

/// Ends a key now, and the one that it replaces; the presented key itself when no id is given. Ending an ended key
/// moves its time (`C-256`).
///
/// # Errors
/// See [`RevokeError`].
pub async fn revoke(cx: &Context, who: Wisher<'_>, id: Option<KeyId>, origin: Origin) -> Result<(), RevokeError> {
    let id = id.or_else(|| who.own_key()).ok_or(RevokeError::NotFound)?;
    let target = target(cx, who, "/user-api-key/revoke", id).await?;
    set(cx, &target, AuditEvent::KeyRevoked, origin, |_tx, _key| Ok(())).await
}

/// Takes the end of a key back (`C-252`), and that of the one it replaces if the two ended together. Where the operator ended it,
/// another key of the user does not: whoever has one may be whom the end was meant for.
///
/// # Errors
/// See [`RevokeError`].
pub async fn undo_revoke(cx: &Context, who: Wisher<'_>, id: Option<KeyId>, origin: Origin) -> Result<(), RevokeError> {
    let id = id.ok_or(RevokeError::NotFound)?;
    let target = target(cx, who, "/user-api-key/undo-revoke", id).await?;
    let (now, most, by_key) = (cx.now(), cx.rules.max_keys_per_user, matches!(who, Wisher::Key { .. }));
    let check = move |tx: &mut AnyConnection, key: &UserApiKey| {
        if by_key && store::is_ended_by_operator(tx, key.id)? {
            return Err(RevokeError::ByOperator);
        }
        if store::count_live_keys(tx, key.user_id, key.client_row, now)? >= u64::from(most) {
            return Err(RevokeError::TooManyKeys(most));
        }
        if store::is_client_blocked(tx, key.client_row)? { Err(RevokeError::Blocked) } else { Ok(()) }
    };
    set(cx, &target, AuditEvent::KeyRestored, origin, check).await
}

/// Ends every live key of the user that was not used for so many days; gives their number.
///
/// # Errors
/// Of the database.
pub async fn revoke_unused(cx: &Context, user: &User, days: u64, origin: Origin) -> Result<usize, StoreError> {
    let now = cx.now();
    let stale = |app: &App| app.state == KeyState::Active && now.since(app.key.last_used_at).as_secs() >= days * 86_400;
    let unused: Vec<UserApiKey> =
        apps::list(cx, user.id, None).await?.into_iter().filter(stale).map(|app| app.key).collect();
    cx.store
        .write_of(user.id, move |tx| {
            unused.iter().try_fold(0, |ended, key| {
                let there = write(tx, key, AuditEvent::KeyRevoked, &origin, now)?;
                Ok(ended + usize::from(there))
            })
        })
        .await
}

async fn target(cx: &Context, who: Wisher<'_>, path: &str, id: KeyId) -> Result<UserApiKey, RevokeError> {
    let found = cx.store.read(move |c| store::find_key(c, id)).await?.ok_or(RevokeError::NotFound)?;
    if who.may(cx, path, &found) { Ok(found) } else { Err(RevokeError::NotYours) }
}

/// The key that this one replaces, which shares its end: users see the two as one. One that ended by itself is not meant.
fn before(tx: &mut AnyConnection, key: &UserApiKey) -> Result<Option<UserApiKey>, StoreError> {
    let Succession::Replaces(old) = key.succession else { return Ok(None) };
    Ok(store::find_key(tx, old)?.filter(|old| old.revoked_at == key.revoked_at))
}

async fn set(
    cx: &Context,
    key: &UserApiKey,
    event: AuditEvent,
    origin: Origin,
    check: impl FnOnce(&mut AnyConnection, &UserApiKey) -> Result<(), RevokeError> + Clone + Send + 'static,
) -> Result<(), RevokeError> {
    let (key, now) = (key.clone(), cx.now());
    let (id, owner) = (key.id, key.user_id);
    let change = move |tx: &mut AnyConnection| {
        check(tx, &key)?;
        // Somebody may have put another key in its place since it was looked up.
        if write(tx, &key, event, &origin, now)? { Ok(()) } else { Err(RevokeError::NotFound) }
    };
    cx.store.write_of(owner, change).await?;
    tracing::info!(event = event.word(), key_id = id.get(), "key changed");
    Ok(())
}

/// Writes the change, and a line of the log, in the caller's transaction; says whether the key was still there.
pub(super) fn write(
    tx: &mut AnyConnection,
    key: &UserApiKey,
    event: AuditEvent,
    origin: &Origin,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let at = (event == AuditEvent::KeyRevoked).then_some(now);
    if !store::update_revoked(tx, key.id, at)? {
        return Ok(false);
    }
    if let Some(old) = before(tx, key)? {
        write(tx, &old, event, origin, now)?;
    }
    store::insert_audit_line(tx, &AuditLine::of_key(event, key, origin.clone(), now))?;
    Ok(true)
}

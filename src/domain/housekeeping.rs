//! What the worker does from time to time.

use super::{Context, replacement};
use crate::store::{self, Seen, StoreError};

/// Writes down when keys and users were last seen and how the limits stand. What cannot be written waits for the next
/// time; nothing is lost.
///
/// # Errors
/// Of the database.
pub async fn flush(cx: &Context) -> Result<(), StoreError> {
    let (seen, changed) = (cx.last_used.take(), cx.key_limits.take_changed());
    if seen.keys.is_empty() && seen.users.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let copy = Seen { keys: seen.keys.clone(), users: seen.users.clone() };
    let ids: Vec<_> = changed.iter().map(|(id, _)| *id).collect();
    let written = cx.store.write_aside(move |tx| {
        copy.keys.into_iter().try_for_each(|(key, at)| store::update_last_used(tx, key, at))?;
        copy.users.into_iter().try_for_each(|(user, at)| store::update_last_seen(tx, user, at))?;
        store::upsert_windows(tx, &changed)
    });
    let written: Result<(), StoreError> = written.await;
    if written.is_err() {
        cx.last_used.put_back(seen);
        for id in ids {
            cx.key_limits.mark_changed(id);
        }
    }
    written
}

/// Takes the saved windows of all keys into memory; done once, before the first request.
///
/// # Errors
/// Of the database. A window that cannot be read is passed over with a warning.
pub async fn load_windows(cx: &Context) -> Result<(), StoreError> {
    for (id, saved) in cx.store.read(store::list_windows).await? {
        if let Err(error) = cx.key_limits.load(id, &saved) {
            tracing::warn!(key_id = id.get(), %error, "the saved limits of a key cannot be read; it starts afresh");
        }
    }
    Ok(())
}

/// Forgets what is over: empty windows, stale sessions, one-time passwords that nobody came with, requests by device
/// code, keys that were replaced.
///
/// # Errors
/// Of the database.
pub async fn sweep(cx: &Context) -> Result<(), StoreError> {
    cx.key_limits.sweep();
    cx.user_limits.sweep();
    cx.act_limits.sweep();
    let (now, life) = (cx.now(), cx.session_life);
    let (unused, begun) = (now.minus(life.idle), now.minus(life.absolute));
    let swept = cx.store.write_aside(move |tx| {
        store::delete_stale_sessions(tx, unused, begun)?;
        store::delete_expired_one_time_passwords(tx, now)
    });
    swept.await?;
    replacement::sweep(cx, now).await?;
    super::device::sweep(cx).await
}

/// Whether requests can be served: the database answers and its tables are up to date.
///
/// # Errors
/// When not.
pub async fn check_ready(cx: &Context) -> Result<(), StoreError> {
    cx.store.check_there()?;
    let state = cx.store.read(store::list_migrations).await?;
    match state.iter().find(|migration| !migration.applied) {
        None => Ok(()),
        Some(missing) => Err(StoreError::Unavailable(format!("the migration {} has not run", missing.name))),
    }
}

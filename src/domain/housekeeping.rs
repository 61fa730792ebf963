//! What the worker does from time to time.

use rustc_hash::FxHashMap;

use super::{Context, replacement};
use crate::model::{KeyId, Timestamp};
use crate::store::{self, StoreError};

/// Writes down when keys and users were last seen and how the limits stand. What cannot be written waits for the next
/// time; nothing is lost.
///
/// # Errors
/// Of the database.
pub async fn flush(cx: &Context) -> Result<(), StoreError> {
    let (seen, changed) = (cx.last_used.take(), windows(cx));
    if seen.keys.is_empty() && seen.users.is_empty() && changed.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = changed.iter().map(|(id, _)| *id).collect();
    let (keys, users) = (in_order(&seen.keys), in_order(&seen.users));
    let written = cx.store.write_aside(move |tx| {
        keys.into_iter().try_for_each(|(key, at)| store::update_last_used(tx, key, at))?;
        users.into_iter().try_for_each(|(user, at)| store::update_last_seen(tx, user, at))?;
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

/// In the order of the table: rows of one page are written together, and each page once.
fn in_order<I: Copy + Ord>(seen: &FxHashMap<I, Timestamp>) -> Vec<(I, Timestamp)> {
    let mut seen: Vec<_> = seen.iter().map(|(id, at)| (*id, *at)).collect();
    seen.sort_unstable_by_key(|(id, _)| *id);
    seen
}

/// The windows to be saved. Where all nodes share theirs, none: Redis keeps them.
fn windows(cx: &Context) -> Vec<(KeyId, Vec<u8>)> {
    let mut changed = cx.key_limits.take_changed();
    changed.sort_unstable_by_key(|(id, _)| *id);
    if cx.shared_limits.is_some() { Vec::new() } else { changed }
}

/// Connects to where all nodes share their limits, if that is lost.
pub async fn reach_limits(cx: &Context) {
    if let Some(shared) = &cx.shared_limits {
        shared.tend().await;
    }
}

/// Takes the saved windows of all keys into memory; done once, before the first request.
///
/// # Errors
/// Of the database. A window that cannot be read is passed over with a warning.
pub async fn load_windows(cx: &Context) -> Result<(), StoreError> {
    if cx.shared_limits.is_some() {
        return Ok(());
    }
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

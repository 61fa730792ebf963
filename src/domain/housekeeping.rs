//! What the worker does from time to time.

use rustc_hash::FxHashMap;

use super::{Context, push, replacement};
use crate::model::{KeyId, Timestamp, UserId};
use crate::store::{self, AnyConnection, StoreError};

/// Rows in one transaction: others who write wait for no more than these, and so does whoever hears of other processes.
const BATCH: usize = 200;

/// The same of what is deleted.
const CALLS: i64 = 1000;

/// Writes down all that is in memory only. What cannot be written waits for the next time; nothing is lost.
///
/// # Errors
/// Of the database.
pub async fn flush(cx: &Context) -> Result<(), StoreError> {
    let windows = write_windows(cx).await;
    write_seen(cx).await.and(windows)
}

/// Writes down how the limits stand.
///
/// # Errors
/// Of the database; then what was not written is written the next time.
pub async fn write_windows(cx: &Context) -> Result<(), StoreError> {
    // Where all nodes share theirs, Redis keeps them.
    if cx.shared_limits.is_some() {
        cx.key_limits.forget_changed();
        return Ok(());
    }
    let mut changed = cx.key_limits.take_changed();
    changed.sort_unstable_by_key(|(id, _)| *id);
    while !changed.is_empty() {
        let batch = changed.split_off(changed.len().saturating_sub(BATCH));
        let ids: Vec<_> = batch.iter().map(|(id, _)| *id).collect();
        if let Err(error) = cx.store.write_aside(move |tx| store::upsert_windows(tx, &batch)).await {
            ids.into_iter().chain(changed.into_iter().map(|(id, _)| id)).for_each(|id| cx.key_limits.mark_changed(id));
            return Err(error);
        }
    }
    Ok(())
}

/// Writes down when keys and users were last seen.
///
/// # Errors
/// Of the database; then it is all written the next time.
pub async fn write_seen(cx: &Context) -> Result<(), StoreError> {
    let seen = cx.last_used.take();
    let written = write_all_seen(cx, in_order(&seen.keys), in_order(&seen.users)).await;
    if written.is_err() {
        cx.last_used.put_back(seen);
    }
    written
}

async fn write_all_seen(
    cx: &Context,
    keys: Vec<(KeyId, Timestamp)>,
    users: Vec<(UserId, Timestamp)>,
) -> Result<(), StoreError> {
    for batch in keys.chunks(BATCH).map(<[_]>::to_vec) {
        let write = move |tx: &mut AnyConnection| {
            batch.into_iter().try_for_each(|(key, at)| store::update_last_used(tx, key, at))
        };
        cx.store.write_aside(write).await?;
    }
    for batch in users.chunks(BATCH).map(<[_]>::to_vec) {
        let write = move |tx: &mut AnyConnection| {
            batch.into_iter().try_for_each(|(user, at)| store::update_last_seen(tx, user, at))
        };
        cx.store.write_aside(write).await?;
    }
    Ok(())
}

/// In the order of the table: rows of one page are written together, and each page once.
fn in_order<I: Copy + Ord>(seen: &FxHashMap<I, Timestamp>) -> Vec<(I, Timestamp)> {
    let mut seen: Vec<_> = seen.iter().map(|(id, at)| (*id, *at)).collect();
    seen.sort_unstable_by_key(|(id, _)| *id);
    seen
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
/// code, keys that were replaced, messages of the bus, what nobody is to be pushed any more, calls of long ago.
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
    super::bus::sweep(cx).await?;
    push::sweep(cx, now).await?;
    sweep_calls(cx, now).await?;
    super::device::sweep(cx).await
}

/// Takes the oldest lines about calls of the admin API out of the log, no more at a time than others may wait for.
async fn sweep_calls(cx: &Context, now: Timestamp) -> Result<(), StoreError> {
    let Some(then) = now.days_earlier(cx.admin_calls_days) else { return Ok(()) };
    let last = cx.store.read(move |c| store::find_last_old_call(c, then, CALLS)).await?;
    match last {
        Some(last) => cx.store.write_aside(move |tx| store::delete_calls_until(tx, last)).await,
        None => Ok(()),
    }
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

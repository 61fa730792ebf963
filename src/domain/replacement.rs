//! A new key takes over from the one before in two steps, so that an answer lost on the way locks no application out
//! (deviation from `C-073`).
//!
//! `begin` stores both as a pair; `take_over` ends the older when the newer is used; `end_overdue` ends it when its
//! time is up; `call_off` leaves the older as it was. At most two keys of one user for one application work at a time.

use std::net::IpAddr;
use std::time::Duration;

use super::Context;
use crate::model::{AuditEvent, AuditLine, ClientRowId, KeyId, NewKey, Origin, Succession, Timestamp, UserApiKey};
use crate::store::{self, AnyConnection, LastUsed, StoreError};

/// How long the key before may stay, and what tells which one that is.
#[derive(Clone)]
pub(super) struct Grace {
    span: Duration,
    used: LastUsed,
}

impl Grace {
    pub(super) fn of(cx: &Context) -> Self {
        Self { span: cx.rules.user_api_key_replacement_grace, used: cx.last_used.clone() }
    }
}

/// Makes way for a key that is about to be stored; gives where it then stands, and the ids of those that ended at once.
///
/// One of them may stay until the new one is used or the grace is over: the one its application was last seen to have.
/// So of a chain of keys that were never used only the newest is left, beside the last one that was. Whatever is ended
/// or expired, and whatever may do something that the user did not allow this time, goes now.
pub(super) fn begin(
    tx: &mut AnyConnection,
    client: ClientRowId,
    key: &NewKey,
    grace: &Grace,
) -> Result<(Succession, Vec<KeyId>), StoreError> {
    let mut before = store::list_keys_of_client(tx, key.user_id, client)?;
    for one in &mut before {
        grace.used.correct(one);
    }
    let stays = if grace.span.is_zero() { None } else { staying(&before, key) };
    let gone: Vec<KeyId> = before.iter().map(|one| one.id).filter(|one| Some(*one) != stays).collect();
    for old in &gone {
        store::delete_key(tx, *old)?;
    }
    let Some(old) = stays else { return Ok((Succession::Settled, gone)) };
    store::update_succession(tx, old, Succession::ReplacedUntil(key.created_at.plus(grace.span)))?;
    Ok((Succession::Replaces(old), gone))
}

fn staying(before: &[UserApiKey], new: &NewKey) -> Option<KeyId> {
    let works = |key: &&UserApiKey| {
        let alive = key.state(new.created_at).is_alive();
        alive && key.scopes.iter().all(|scope| new.scopes.contains(scope))
    };
    let known = |key: &&UserApiKey| (key.was_used(), key.last_used_at, key.id);
    before.iter().filter(works).max_by_key(known).map(|key| key.id)
}

/// Ends the key that this one replaces, because this one was used. What cannot be written now is tried at the next use.
pub(super) async fn take_over(cx: &Context, key: &mut UserApiKey, address: IpAddr) {
    let Succession::Replaces(old) = key.succession else { return };
    let (now, origin) = (cx.now(), Origin { address: Some(address), ..Origin::default() });
    let written = cx.store.write_of(key.user_id, move |tx| {
        // Of several first uses at once one finds the newer key waiting and writes the line.
        if store::update_successor_settled(tx, old)?
            && let Some(ended) = store::find_key(tx, old)?
        {
            end(tx, &ended, now, origin)?;
        }
        Ok::<_, StoreError>(())
    });
    match written.await {
        Ok(()) => {
            key.succession = Succession::Settled;
            cx.key_limits.forget(old);
        }
        // The store tells that, and not as often as keys are used.
        Err(StoreError::Full(_)) => {}
        Err(error) => tracing::warn!(key_id = key.id.get(), %error, "the key before ends at the next use"),
    }
}

/// Ends the keys whose grace is over.
///
/// # Errors
/// Of the database.
pub(super) async fn sweep(cx: &Context, now: Timestamp) -> Result<(), StoreError> {
    // Mostly there are none, and then nobody's key has to be looked up again.
    if cx.store.read(move |c| store::list_replaced_keys(c, now)).await?.is_empty() {
        return Ok(());
    }
    for key in cx.store.write(move |tx| end_overdue(tx, now)).await? {
        cx.key_limits.forget(key);
    }
    Ok(())
}

fn end_overdue(tx: &mut AnyConnection, now: Timestamp) -> Result<Vec<KeyId>, StoreError> {
    let overdue = store::list_replaced_keys(tx, now)?;
    for key in &overdue {
        store::update_successor_settled(tx, key.id)?;
        end(tx, key, now, Origin::default())?;
    }
    Ok(overdue.iter().map(|key| key.id).collect())
}

/// Leaves the older key as it was before this one came, which is about to be ended because it never reached its
/// application. Gives this one back, settled: its end is then its own.
///
/// # Errors
/// Of the database.
pub fn call_off(tx: &mut AnyConnection, new: UserApiKey) -> Result<UserApiKey, StoreError> {
    if let Succession::Replaces(old) = new.succession {
        store::update_succession(tx, old, Succession::Settled)?;
        store::update_succession(tx, new.id, Succession::Settled)?;
    }
    Ok(UserApiKey { succession: Succession::Settled, ..new })
}

fn end(tx: &mut AnyConnection, key: &UserApiKey, at: Timestamp, origin: Origin) -> Result<(), StoreError> {
    store::delete_key(tx, key.id)?;
    store::insert_audit_line(tx, &AuditLine::of_key(AuditEvent::KeyReplaced, key, origin, at))
}

//! The work of once a day (section 7 of the protocol): keys nobody uses, keys that are too old, registered
//! applications nobody uses; and notifications that are old.
//!
//! The worker asks every few minutes; the clock and the store decide whether a day has passed. Of several nodes one
//! runs a job: claim and work are one transaction, so a run that breaks off is a run that was not claimed.

use std::time::Duration;

use super::{Context, housekeeping, notifications};
use crate::model::{AuditEvent, AuditLine, KeyId, NotificationRules, Origin, Timestamp, UserApiKey};
use crate::store::{self, AnyConnection, StoreError};

const DAY: Duration = Duration::from_hours(24);

/// The jobs, by their names in the store.
const JOBS: [(&str, Job); 4] = [
    ("end_unused_keys", end_unused_keys),
    ("end_old_keys", end_old_keys),
    ("delete_unused_clients", delete_unused_clients),
    ("delete_old_notifications", delete_old_notifications),
];

type Job = fn(&mut AnyConnection, Days, Timestamp) -> Result<Gone, StoreError>;

/// The operator's numbers of days; 0 switches a job off.
#[derive(Clone, Copy, Debug)]
struct Days {
    unused: u32,
    life: u32,
    client: u32,
    notifications: NotificationRules,
}

/// What a job made end or go.
#[derive(Debug, Default)]
struct Gone {
    keys: Vec<KeyId>,
    notifications: usize,
}

impl From<Vec<KeyId>> for Gone {
    fn from(keys: Vec<KeyId>) -> Self {
        Self { keys, notifications: 0 }
    }
}

/// Runs what is due; gives how many keys ended or went.
///
/// # Errors
/// Of the database. The job that failed is due again at once; those before it have run.
pub async fn run(cx: &Context) -> Result<usize, StoreError> {
    let mut gone = 0;
    for (name, job) in JOBS {
        gone += run_one(cx, name, job).await?;
    }
    Ok(gone)
}

async fn run_one(cx: &Context, name: &'static str, job: Job) -> Result<usize, StoreError> {
    let (now, rules) = (cx.now(), &cx.rules);
    let yesterday = now.minus(DAY);
    if !cx.store.read(move |c| store::is_job_due(c, name, yesterday, now)).await? {
        return Ok(0);
    }
    // A key that was used a moment ago is not unused: what waits in memory is written down first.
    housekeeping::flush(cx).await?;
    let days = Days {
        unused: rules.revoke_user_api_keys_unused_days,
        life: rules.revoke_user_api_keys_maxlife_days,
        client: rules.unused_registered_user_api_key_clients_days,
        notifications: cx.notification_rules,
    };
    let work = move |tx: &mut AnyConnection| {
        let ours = store::update_job_claimed(tx, name, yesterday, now)?;
        if ours { job(tx, days, now).map(Some) } else { Ok(None) }
    };
    let Some(gone) = cx.store.write(work).await? else { return Ok(0) };
    let Gone { keys, notifications } = gone;
    for key in &keys {
        cx.key_limits.forget(*key);
    }
    tracing::info!(job = name, keys = keys.len(), notifications, "the daily work is done");
    Ok(keys.len())
}

/// `C-215`. A key that was never used counts from its making.
fn end_unused_keys(tx: &mut AnyConnection, days: Days, now: Timestamp) -> Result<Gone, StoreError> {
    let Some(then) = now.days_earlier(days.unused) else { return Ok(Gone::default()) };
    let unused = store::list_keys_unused_since(tx, then, now)?;
    end(tx, &unused, AuditEvent::KeyEndedUnused, now)
}

/// `C-216`.
fn end_old_keys(tx: &mut AnyConnection, days: Days, now: Timestamp) -> Result<Gone, StoreError> {
    let Some(then) = now.days_earlier(days.life) else { return Ok(Gone::default()) };
    let old = store::list_keys_made_before(tx, then, now)?;
    end(tx, &old, AuditEvent::KeyEndedOld, now)
}

fn end(tx: &mut AnyConnection, keys: &[UserApiKey], event: AuditEvent, now: Timestamp) -> Result<Gone, StoreError> {
    for key in keys {
        store::update_revoked(tx, key.id, Some(now))?;
        store::insert_audit_line(tx, &AuditLine::of_key(event, key, Origin::default(), now))?;
    }
    Ok(keys.iter().map(|key| key.id).collect::<Vec<_>>().into())
}

/// `C-217`. One that has no key yet counts from its registration (deviation from `C-218`); one that nobody registered
/// stays (`C-219`).
fn delete_unused_clients(tx: &mut AnyConnection, days: Days, now: Timestamp) -> Result<Gone, StoreError> {
    let Some(then) = now.days_earlier(days.client) else { return Ok(Gone::default()) };
    let mut gone = Vec::new();
    for (row, client_id) in store::list_unused_registered_clients(tx, then)? {
        let about = AuditLine::of_client(AuditEvent::ClientEndedUnused, &client_id, Origin::default(), now);
        for (key, owner) in store::list_client_keys(tx, row)? {
            let line = AuditLine { user_id: Some(owner), key_id: Some(key), ..about.clone() };
            store::insert_audit_line(tx, &line)?;
        }
        gone.extend(store::delete_client(tx, row)?);
        store::insert_audit_line(tx, &about)?;
    }
    Ok(gone.into())
}

fn delete_old_notifications(tx: &mut AnyConnection, days: Days, now: Timestamp) -> Result<Gone, StoreError> {
    Ok(Gone { notifications: notifications::delete_old(tx, days.notifications, now)?, ..Gone::default() })
}

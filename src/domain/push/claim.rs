//! Takes what is due to be sent, so that nobody else does.

use super::LEASE;
use crate::domain::Context;
use crate::model::{Delivery, PushTarget, PushUrl, Timestamp};
use crate::store::{self, AnyConnection, StoreError};

/// How much goes in one request. What is told has at most some kilobytes, so that all of it stays under one megabyte.
const BATCH: i64 = 100;

/// What is to be sent to one target, by us alone.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Where.
    pub target: PushTarget,
    /// What.
    pub deliveries: Vec<Delivery>,
}

/// Claims what is due, for so many targets at most. While nothing is, nothing is written.
///
/// # Errors
/// Of the database.
pub async fn claim(cx: &Context, most: usize) -> Result<Vec<Claimed>, StoreError> {
    let (now, most) = (cx.now(), i64::try_from(most).unwrap_or(i64::MAX));
    if most == 0 || !cx.push.rules.is_on() {
        return Ok(Vec::new());
    }
    if cx.store.read(move |c| store::list_due_push_urls(c, now, 1)).await?.is_empty() {
        return Ok(Vec::new());
    }
    cx.store
        .write_aside(move |tx| {
            let urls = store::list_due_push_urls(tx, now, most)?;
            urls.into_iter().map(|url| claim_one(tx, url, now)).collect()
        })
        .await
}

fn claim_one(tx: &mut AnyConnection, url: PushUrl, now: Timestamp) -> Result<Claimed, StoreError> {
    let deliveries = store::list_due_push_deliveries(tx, &url, now, BATCH)?;
    let known = store::find_push_target(tx, &url)?;
    let target = PushTarget { due_at: now.plus(LEASE), ..known.unwrap_or_else(|| PushTarget::new(url, now)) };
    store::upsert_push_target(tx, &target)?;
    Ok(Claimed { target, deliveries })
}

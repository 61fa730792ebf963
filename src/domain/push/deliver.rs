//! Sends what was claimed, and writes down what came of it.

use secrecy::ExposeSecret;

use super::body::body;
use super::fate::{Fate, fate};
use super::schedule::failed;
use super::{Claimed, Sender};
use crate::courier::{CourierError, Letter};
use crate::crypto::sign_push;
use crate::domain::Context;
use crate::metrics::PushOutcome;
use crate::model::{Delivery, PushTarget, RedirectUri, Timestamp};
use crate::store::{self, AnyConnection, StoreError};

/// What was claimed, sorted by what becomes of it.
#[derive(Default)]
struct Sorted {
    sent: Vec<Delivery>,
    dropped: Vec<i64>,
    waiting: Vec<(i64, Timestamp)>,
}

/// Sends it, if it is still wanted, in one request; then forgets it, or says when to try again.
///
/// # Errors
/// Of the database; then it is due again when the claim is over.
pub async fn deliver(cx: &Context, sender: &Sender, claimed: Claimed) -> Result<(), StoreError> {
    let Claimed { target, deliveries } = claimed;
    let to = cx.push.rules.target(&target.push_url);
    let Sorted { sent, dropped, waiting } = sort(cx, deliveries, to.is_some());
    cx.metrics.pushed(PushOutcome::Dropped, dropped.len());
    let outcome = match &to {
        Some(to) if !sent.is_empty() => Some(send(cx, sender, to, &sent).await),
        Some(_) | None => None,
    };
    let mut done = dropped;
    let after = match outcome {
        None => PushTarget { due_at: cx.now(), ..target },
        Some(Ok(())) => {
            cx.metrics.pushed(PushOutcome::Delivered, sent.len());
            done.extend(sent.iter().map(|delivery| delivery.id));
            PushTarget::new(target.push_url, cx.now())
        }
        Some(Err(error)) => {
            cx.metrics.pushed(PushOutcome::Failed, sent.len());
            let after = failed(target, error.to_string(), cx.now(), &cx.random);
            tell(to.as_ref(), &after);
            after
        }
    };
    cx.store.write_aside(move |tx| settle(tx, &after, &done, &waiting)).await
}

fn sort(cx: &Context, deliveries: Vec<Delivery>, allowed: bool) -> Sorted {
    let (now, window) = (cx.now(), cx.push.rules.window);
    let mut sorted = Sorted::default();
    for delivery in deliveries {
        let seen = cx.last_used.of_user(delivery.user_id).max(delivery.last_seen_at);
        match fate(&delivery, seen, window, now) {
            Fate::Send if allowed => sorted.sent.push(delivery),
            Fate::Wait(until) if allowed => sorted.waiting.push((delivery.id, until)),
            Fate::Send | Fate::Wait(_) | Fate::Drop => sorted.dropped.push(delivery.id),
        }
    }
    sorted
}

async fn send(cx: &Context, sender: &Sender, to: &RedirectUri, sent: &[Delivery]) -> Result<(), CourierError> {
    let json = body(sender, sent).map_err(|_no_json| CourierError::Letter)?;
    let at = cx.now().as_seconds();
    let mark = sign_push(sender.secret.expose_secret(), at, &json);
    let proof = ("hallpass-signature", format!("t={at},v1={mark}"));
    sender.courier.deliver(to, Letter { json, proof }).await
}

/// Only the host: a path may hold what only the application should know.
fn tell(to: Option<&RedirectUri>, target: &PushTarget) {
    let host = to.map(RedirectUri::host).unwrap_or_default();
    let (failures, error) = (target.failures, target.last_failure.as_deref().unwrap_or_default());
    if target.switched_off_at.is_some() {
        tracing::warn!(host, failures, error, "a push target is switched off; `hallpass push list` shows it");
    } else {
        tracing::info!(host, failures, error, "a push was not taken, and will be tried again");
    }
}

fn settle(
    tx: &mut AnyConnection,
    target: &PushTarget,
    done: &[i64],
    waiting: &[(i64, Timestamp)],
) -> Result<(), StoreError> {
    store::delete_push_deliveries(tx, done)?;
    for (id, until) in waiting {
        store::update_push_delivery_due(tx, *id, *until)?;
    }
    if target.switched_off_at.is_some() {
        store::delete_push_deliveries_to(tx, &target.push_url)?;
    }
    if target.failures == 0 {
        store::delete_push_target(tx, &target.push_url)?;
    } else {
        store::upsert_push_target(tx, target)?;
    }
    Ok(())
}

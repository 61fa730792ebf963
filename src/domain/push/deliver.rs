//! Sends what was claimed, and writes down what came of it.

use secrecy::ExposeSecret;

use super::body::body;
use super::fate::{Fate, fate};
use super::schedule::{failed, part};
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
    done: Vec<i64>,
    waiting: Vec<(i64, Timestamp)>,
}

/// Sends it, if it is still wanted, in one request; then forgets it, or says when to try again.
///
/// # Errors
/// Of the database; then it is due again when the claim is over.
pub async fn deliver(cx: &Context, sender: &Sender, claimed: Claimed) -> Result<(), StoreError> {
    let Claimed { target, deliveries } = claimed;
    let to = cx.push.rules.target(&target.push_url);
    let mut sorted = sort(cx, deliveries, to.is_some());
    sorted.sent.truncate(part(sorted.sent.len(), target.failures));
    cx.metrics.pushed(PushOutcome::Dropped, sorted.done.len());
    let after = match &to {
        Some(to) if !sorted.sent.is_empty() => match send(cx, sender, to, &sorted.sent).await {
            Ok(()) => taken(cx, target, &mut sorted),
            Err(error) => not_taken(cx, target, &mut sorted, (to, &error)),
        },
        Some(_) | None => PushTarget { due_at: cx.now(), ..target },
    };
    cx.store.write_aside(move |tx| settle(tx, &after, &sorted.done, &sorted.waiting)).await
}

fn taken(cx: &Context, target: PushTarget, sorted: &mut Sorted) -> PushTarget {
    cx.metrics.pushed(PushOutcome::Delivered, sorted.sent.len());
    sorted.done.extend(sorted.sent.iter().map(|delivery| delivery.id));
    PushTarget::new(target.push_url, cx.now())
}

/// What was refused alone, for what is in it, is forgotten. All else is due with its target, and so comes after what was not
/// tried.
fn not_taken(
    cx: &Context,
    target: PushTarget,
    sorted: &mut Sorted,
    (to, error): (&RedirectUri, &CourierError),
) -> PushTarget {
    cx.metrics.pushed(PushOutcome::Failed, sorted.sent.len());
    let after = failed(target, error.to_string(), cx.now(), &cx.random);
    let hopeless = sorted.sent.len() == 1 && error.is_about_letter();
    let sent = sorted.sent.iter().map(|delivery| delivery.id);
    if hopeless {
        cx.metrics.pushed(PushOutcome::Dropped, 1);
        sorted.done.extend(sent);
    } else {
        sorted.waiting.extend(sent.map(|id| (id, after.due_at)));
    }
    tell(to, &after, hopeless);
    after
}

fn sort(cx: &Context, deliveries: Vec<Delivery>, allowed: bool) -> Sorted {
    let (now, rules) = (cx.now(), &cx.push.rules);
    let mut sorted = Sorted::default();
    for delivery in deliveries {
        let seen = cx.last_used.of_user(delivery.owner.id).max(delivery.last_seen_at);
        // They may have left the group that the scope is kept for.
        let wanted = delivery.wanted && rules.wants(delivery.scopes.clone(), &delivery.owner);
        match fate(wanted, delivery.created_at, seen, rules.window, now) {
            Fate::Send if allowed => sorted.sent.push(delivery),
            Fate::Wait(until) if allowed => sorted.waiting.push((delivery.id, until)),
            Fate::Send | Fate::Wait(_) | Fate::Drop => sorted.done.push(delivery.id),
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
fn tell(to: &RedirectUri, target: &PushTarget, hopeless: bool) {
    let host = to.host();
    let (failures, error) = (target.failures, target.last_failure.as_deref().unwrap_or_default());
    if target.switched_off_at.is_some() {
        tracing::warn!(host, failures, error, "a push target is switched off; `hallpass push list` shows it");
    } else if hopeless {
        tracing::info!(host, failures, error, "a notification was refused for what is in it, and is dropped");
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

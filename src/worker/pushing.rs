//! Sends what is to be pushed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{every, timed};
use crate::app::App;
use crate::domain::push::{claim, deliver};
use crate::metrics::Job;
use crate::store::StoreError;

/// How often it is looked whether something is due: what another node stored, what failed, what had to wait.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The most targets that are being sent to at the same time. Each has one place, so that a slow one holds up itself.
const PLACES: usize = 256;

/// Claims and sends until it is told to end; what was begun then is finished.
pub(super) async fn pushing((app, mut ended): (Arc<App>, watch::Receiver<bool>)) {
    let (mut looks, mut under_way) = (every(LOOK_EVERY), JoinSet::new());
    loop {
        tokio::select! {
            _ = ended.wait_for(|ended| *ended) => break,
            _ = looks.tick() => {}
            () = app.cx.push.stored.notified() => {}
            Some(sent) = under_way.join_next() => told(sent),
        }
        let free = PLACES.saturating_sub(under_way.len());
        match timed(&app.cx, Job::Push, claim(&app.cx, free)).await {
            Ok(claimed) => claimed.into_iter().for_each(|one| {
                let app = Arc::clone(&app);
                under_way.spawn(async move { deliver(&app.cx, &app.sender, one).await });
            }),
            Err(error) => tracing::warn!(%error, "what is to be pushed will be looked for later"),
        }
    }
    while let Some(sent) = under_way.join_next().await {
        told(sent);
    }
}

fn told(sent: Result<Result<(), StoreError>, tokio::task::JoinError>) {
    match sent {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "what became of a push could not be written down; it is sent again"),
        Err(error) => tracing::error!(%error, "a push broke off"),
    }
}

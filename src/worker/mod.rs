//! Timed work. Starts acts of `domain`; decides nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::app::App;
use crate::domain::housekeeping::{flush, sweep};

/// How often what is held in memory is written down. A minute is promised (deviation from `C-278`).
const FLUSH_EVERY: Duration = Duration::from_secs(10);

/// How often what is over is forgotten.
const SWEEP_EVERY: Duration = Duration::from_mins(10);

/// The worker; it works until it is stopped.
#[derive(Debug)]
pub struct Worker {
    app: Arc<App>,
    going_on: watch::Sender<()>,
    tasks: [JoinHandle<()>; 2],
}

impl Worker {
    /// Starts the work on the current runtime.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let (going_on, end) = watch::channel(());
        let tasks =
            [tokio::spawn(flushing(Arc::clone(app), end.clone())), tokio::spawn(sweeping(Arc::clone(app), end))];
        Self { app: Arc::clone(app), going_on, tasks }
    }

    /// Stops, and writes down what is still in memory.
    pub async fn stop(self) {
        // They end by themselves, between two rounds: what a round has taken out of memory gets written.
        drop(self.going_on);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "the worker failed");
            }
        }
        if let Err(error) = flush(&self.app.cx).await {
            tracing::error!(%error, "what was in memory could not be written down");
        }
    }
}

async fn flushing(app: Arc<App>, mut end: watch::Receiver<()>) {
    let mut ticks = interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while go_on(&mut ticks, &mut end).await {
        if let Err(error) = flush(&app.cx).await {
            tracing::warn!(%error, "will be written down later");
        }
    }
}

async fn sweeping(app: Arc<App>, mut end: watch::Receiver<()>) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while go_on(&mut ticks, &mut end).await {
        if let Err(error) = sweep(&app.cx).await {
            tracing::warn!(%error, "the sweep waits for the next time");
        }
    }
}

/// Waits for the next round; `false` when there is none, because the worker was stopped.
async fn go_on(ticks: &mut Interval, end: &mut watch::Receiver<()>) -> bool {
    tokio::select! {
        _ = ticks.tick() => true,
        _ = end.changed() => false,
    }
}

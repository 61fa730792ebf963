//! Timed work. Starts acts of `domain`; decides nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::domain::daily;
use crate::domain::housekeeping::{flush, sweep};

/// How often what is held in memory is written down. A minute is promised (deviation from `C-278`).
const FLUSH_EVERY: Duration = Duration::from_secs(10);

/// How often what is over is forgotten.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// How often it is asked whether a day has passed; the service's clock says when it has.
const ASK_DAILY_EVERY: Duration = Duration::from_mins(5);

/// The worker; it works until it is stopped.
#[derive(Debug)]
pub struct Worker {
    app: Arc<App>,
    tasks: [JoinHandle<()>; 3],
}

impl Worker {
    /// Starts the work on the current runtime.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        Self {
            app: Arc::clone(app),
            tasks: [
                tokio::spawn(flushing(Arc::clone(app))),
                tokio::spawn(sweeping(Arc::clone(app))),
                tokio::spawn(daily_work(Arc::clone(app))),
            ],
        }
    }

    /// Stops, and writes down what is still in memory.
    pub async fn stop(self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        if let Err(error) = flush(&self.app.cx).await {
            tracing::error!(%error, "what was in memory could not be written down");
        }
    }
}

async fn flushing(app: Arc<App>) {
    let mut ticks = interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = flush(&app.cx).await {
            tracing::warn!(%error, "will be written down later");
        }
    }
}

async fn sweeping(app: Arc<App>) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = sweep(&app.cx).await {
            tracing::warn!(%error, "the sweep waits for the next time");
        }
    }
}

async fn daily_work(app: Arc<App>) {
    let mut ticks = interval(ASK_DAILY_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = daily::run(&app.cx).await {
            tracing::warn!(%error, "the daily work waits for the next time");
        }
    }
}

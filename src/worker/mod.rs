//! Timed work. Starts acts of `domain`; decides nothing.

mod pushing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::app::App;
use crate::domain::housekeeping::{flush, reach_limits, sweep, write_seen, write_windows};
use crate::domain::{Context, daily};
use crate::metrics::Job;
use crate::store::StoreError;

/// What is done again and again: of what kind, how often, and what is said when it does not go well.
type Repeated = (Job, Duration, &'static str);

/// What came after the last time, a crash forgets.
const WINDOWS: Repeated =
    (Job::WriteWindows, Duration::from_secs(10), "how the limits stand will be written down later");

/// A minute is promised (deviation from `C-278`), and the rows of keys lie far apart: each costs a page.
const SEEN: Repeated = (Job::WriteSeen, Duration::from_secs(30), "who was last seen will be written down later");

const SWEEP: Repeated = (Job::Sweep, Duration::from_mins(1), "the sweep waits for the next time");

/// Asked for whether a day has passed; the service's clock says when it has.
const DAILY: Repeated = (Job::Daily, Duration::from_mins(5), "the daily work waits for the next time");

/// How often it is looked whether word of another process has arrived: so long a key that was ended there works on here.
/// A look is one system call that does not wait.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How often it is seen to it that the limits of all nodes can be asked.
const REACH_EVERY: Duration = Duration::from_millis(100);

/// The worker; it works until it is stopped.
#[derive(Debug)]
pub struct Worker {
    app: Arc<App>,
    end: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 7],
}

impl Worker {
    /// Starts the work on the current runtime.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let (end, ended) = watch::channel(false);
        let both = || (Arc::clone(app), ended.clone());
        let tasks = [
            tokio::spawn(repeating(both(), WINDOWS, write_windows)),
            tokio::spawn(repeating(both(), SEEN, write_seen)),
            tokio::spawn(repeating(both(), SWEEP, sweep)),
            tokio::spawn(repeating(both(), DAILY, daily::run)),
            tokio::spawn(hearing(both())),
            tokio::spawn(reaching(both())),
            tokio::spawn(pushing::pushing(both())),
        ];
        Self { app: Arc::clone(app), end, tasks }
    }

    /// Stops, and writes down what is still in memory.
    ///
    /// Work in progress may finish: a task that is broken off while it waits for the database would take what it holds
    /// with it.
    pub async fn stop(self) {
        self.end.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the worker failed");
            }
        }
        if let Err(error) = flush(&self.app.cx).await {
            tracing::error!(%error, "what was in memory could not be written down");
        }
    }
}

async fn hearing((app, mut ended): (Arc<App>, watch::Receiver<bool>)) {
    tokio::select! {
        () = hear_others(&app) => {}
        _ = ended.wait_for(|ended| *ended) => {}
    }
}

async fn hear_others(app: &App) {
    let store = &app.cx.store;
    let (mut looks, mut proofs, mut deaf) = (every(LOOK_EVERY), every(store.hear_every()), false);
    loop {
        let proof_is_due = tokio::select! {
            _ = proofs.tick() => true,
            _ = looks.tick(), if !deaf && store.is_told() => false,
        };
        let heard = if proof_is_due {
            timed(&app.cx, Job::Hear, store.hear_others(app.cx.now())).await
        } else {
            store.hear_arrived()
        };
        store.take_lags().into_iter().for_each(|lag| app.cx.metrics.heard_after(lag));
        match &heard {
            Ok(()) if deaf => tracing::info!("what other processes change is heard again"),
            Err(error) if !deaf => tracing::warn!(%error, "what other processes change is not heard"),
            Ok(()) | Err(_) => {}
        }
        if heard.is_err() && !proof_is_due {
            // The connection broke; a proof makes another.
            proofs.reset_immediately();
        }
        deaf = heard.is_err();
    }
}

async fn reaching((app, mut ended): (Arc<App>, watch::Receiver<bool>)) {
    let mut ticks = every(REACH_EVERY);
    while app.cx.shared_limits.is_some() && goes_on(&mut ticks, &mut ended).await {
        reach_limits(&app.cx).await;
    }
}

/// Does this kind of work again and again; what does not go well is told, and has the next time.
async fn repeating<T>(
    (app, mut ended): (Arc<App>, watch::Receiver<bool>),
    (job, period, otherwise): Repeated,
    work: impl AsyncFn(&Context) -> Result<T, StoreError>,
) {
    let mut ticks = every(period);
    while goes_on(&mut ticks, &mut ended).await {
        if let Err(error) = timed(&app.cx, job, work(&app.cx)).await {
            tracing::warn!(%error, "{otherwise}");
        }
    }
}

/// Does a piece of work, and counts it.
async fn timed<T, E>(cx: &Context, job: Job, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let begun = Instant::now();
    let done = work.await;
    cx.metrics.worked(job, begun.elapsed(), cx.now(), done.is_ok());
    done
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Waits for the next tick; false when the worker is to end first.
async fn goes_on(ticks: &mut Interval, ended: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        _ = ticks.tick() => true,
        // A worker that was dropped instead of stopped ends as well.
        _ = ended.wait_for(|ended| *ended) => false,
    }
}

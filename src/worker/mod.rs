//! Timed work. Starts acts of `domain`; decides nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::app::App;
use crate::domain::housekeeping::{flush, reach_limits, sweep, write_seen, write_windows};
use crate::domain::{Context, daily};
use crate::metrics::Job;

/// How often it is written down how the limits stand: what came after that a crash forgets.
const WRITE_WINDOWS_EVERY: Duration = Duration::from_secs(10);

/// How often it is written down when keys and users were last seen. A minute is promised (deviation from `C-278`), and the
/// rows of keys lie far apart: each costs a page.
const WRITE_SEEN_EVERY: Duration = Duration::from_secs(30);

/// How often it is looked whether word of another process has arrived: so long a key that was ended there works on here.
/// A look is one system call that does not wait.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How often it is seen to it that the limits of all nodes can be asked.
const REACH_EVERY: Duration = Duration::from_millis(100);

/// How often what is over is forgotten.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// How often it is asked whether a day has passed; the service's clock says when it has.
const ASK_DAILY_EVERY: Duration = Duration::from_mins(5);

/// The worker; it works until it is stopped.
#[derive(Debug)]
pub struct Worker {
    app: Arc<App>,
    end: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 6],
}

impl Worker {
    /// Starts the work on the current runtime.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let (end, ended) = watch::channel(false);
        let windows = tokio::spawn(writing_windows(Arc::clone(app), ended.clone()));
        let seen = tokio::spawn(writing_seen(Arc::clone(app), ended.clone()));
        let sweeping = tokio::spawn(sweeping(Arc::clone(app), ended.clone()));
        let hearing = tokio::spawn(hearing(Arc::clone(app), ended.clone()));
        let reaching = tokio::spawn(reaching(Arc::clone(app), ended.clone()));
        let daily = tokio::spawn(daily_work(Arc::clone(app), ended));
        Self { app: Arc::clone(app), end, tasks: [windows, seen, hearing, reaching, sweeping, daily] }
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

async fn writing_windows(app: Arc<App>, mut ended: watch::Receiver<bool>) {
    let mut ticks = every(WRITE_WINDOWS_EVERY);
    while goes_on(&mut ticks, &mut ended).await {
        if let Err(error) = timed(&app.cx, Job::WriteWindows, write_windows(&app.cx)).await {
            tracing::warn!(%error, "how the limits stand will be written down later");
        }
    }
}

async fn writing_seen(app: Arc<App>, mut ended: watch::Receiver<bool>) {
    let mut ticks = every(WRITE_SEEN_EVERY);
    while goes_on(&mut ticks, &mut ended).await {
        if let Err(error) = timed(&app.cx, Job::WriteSeen, write_seen(&app.cx)).await {
            tracing::warn!(%error, "who was last seen will be written down later");
        }
    }
}

async fn hearing(app: Arc<App>, mut ended: watch::Receiver<bool>) {
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

async fn reaching(app: Arc<App>, mut ended: watch::Receiver<bool>) {
    let mut ticks = every(REACH_EVERY);
    while app.cx.shared_limits.is_some() && goes_on(&mut ticks, &mut ended).await {
        reach_limits(&app.cx).await;
    }
}

async fn sweeping(app: Arc<App>, mut ended: watch::Receiver<bool>) {
    let mut ticks = every(SWEEP_EVERY);
    while goes_on(&mut ticks, &mut ended).await {
        if let Err(error) = timed(&app.cx, Job::Sweep, sweep(&app.cx)).await {
            tracing::warn!(%error, "the sweep waits for the next time");
        }
    }
}

async fn daily_work(app: Arc<App>, mut ended: watch::Receiver<bool>) {
    let mut ticks = every(ASK_DAILY_EVERY);
    while goes_on(&mut ticks, &mut ended).await {
        if let Err(error) = timed(&app.cx, Job::Daily, daily::run(&app.cx)).await {
            tracing::warn!(%error, "the daily work waits for the next time");
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

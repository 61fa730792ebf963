//! A bounded set of connections: a permit first, awaited without a thread; then a blocking thread; then the work.
//!
//! A connection is opened when none is idle, by whoever needs it, so that what is wrong is told at once and in the
//! database's own words. It stays: opening one costs more than a query, and the version of a SQLite file that the writer
//! compares is its own.

use std::fmt::{self, Debug};
use std::ops::Add;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;

use super::StoreError;
use super::connection::AnyConnection;
use super::manager::Manager;

#[derive(Clone)]
pub(super) struct Lane {
    manager: Manager,
    idle: Arc<Mutex<Vec<AnyConnection>>>,
    permits: Arc<Semaphore>,
    most: usize,
    opened: Arc<AtomicU64>,
    failures: Arc<Failures>,
    wait: Duration,
}

/// How often there was no connection.
#[derive(Debug, Default)]
struct Failures {
    none_free: AtomicU64,
    none_opened: AtomicU64,
}

/// How things stand with connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Those that are at work.
    pub in_use: usize,
    /// Those that wait for work.
    pub idle: usize,
    /// The most there may be.
    pub most: usize,
    /// How often none became free in time.
    pub none_free: u64,
    /// How often none could be opened.
    pub none_opened: u64,
}

impl Add for Connections {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            in_use: self.in_use + other.in_use,
            idle: self.idle + other.idle,
            most: self.most + other.most,
            none_free: self.none_free + other.none_free,
            none_opened: self.none_opened + other.none_opened,
        }
    }
}

impl Lane {
    /// Opens the first connection at once: a wrong URL is an error of the start.
    pub(super) fn open(manager: Manager, size: u32, wait: Duration) -> Result<Self, StoreError> {
        let most = usize::try_from(size).unwrap_or(1);
        let permits = Arc::new(Semaphore::new(most));
        let (idle, opened, failures) = (Arc::default(), Arc::default(), Arc::default());
        let lane = Self { manager, idle, permits, most, opened, failures, wait };
        lane.idle().push(lane.connect()?);
        Ok(lane)
    }

    /// Does this with one of the connections. One amid whose work somebody panicked is dropped, and with it its
    /// transaction.
    pub(super) fn lend<T>(&self, work: impl FnOnce(&mut AnyConnection) -> T) -> Result<T, StoreError> {
        let mut connection = self.usable()?;
        let done = work(&mut connection);
        self.idle().push(connection);
        Ok(done)
    }

    fn usable(&self) -> Result<AnyConnection, StoreError> {
        self.manager.check()?;
        // Not in the loop's head: the lock would be held while it is looked whether the connection is usable.
        loop {
            let Some(mut connection) = self.idle().pop() else { return self.connect() };
            if connection.is_usable() {
                return Ok(connection);
            }
        }
    }

    fn connect(&self) -> Result<AnyConnection, StoreError> {
        let opened = self.manager.connect().inspect_err(|_| add_one(&self.failures.none_opened));
        opened.inspect(|_| add_one(&self.opened))
    }

    /// How many connections it opened. Where there is one at a time it says, amid work, which one that is.
    pub(super) fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    pub(super) fn connections(&self) -> Connections {
        Connections {
            in_use: self.most.saturating_sub(self.permits.available_permits()),
            idle: self.idle().len(),
            most: self.most,
            none_free: self.failures.none_free.load(Ordering::Relaxed),
            none_opened: self.failures.none_opened.load(Ordering::Relaxed),
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<AnyConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does this on a blocking thread with one of the connections, as soon as one is free. Whether it was done is not
    /// known where a server that says nothing is given up.
    pub(super) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        tokio::select! {
            biased;
            () = self.manager.silence() => Err(StoreError::Unavailable("the server does not answer".to_owned()).into()),
            done = self.wait_and_run(work) => done,
        }
    }

    async fn wait_and_run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = tokio::time::timeout(self.wait, Arc::clone(&self.permits).acquire_owned())
            .await
            .inspect_err(|_| add_one(&self.failures.none_free))
            .map_err(|late| StoreError::Busy(format!("no connection became free: {late}")))?
            .map_err(|closed| StoreError::Unavailable(closed.to_string()))?;
        let lane = self.clone();
        off_the_loop(move || {
            // Moved in, so that a caller who goes away does not free the permit while the work goes on.
            let _permit = permit;
            lane.lend(work)?
        })
        .await
    }
}

fn add_one(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

/// Does this on a blocking thread.
pub(super) async fn off_the_loop<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|failed| StoreError::Query(format!("the work on the database stopped: {failed}")))?
}

impl Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lane({} idle)", self.idle().len())
    }
}

//! A bounded set of connections: a permit first, awaited without a thread; then a blocking thread; then the work.
//!
//! A connection is opened when none is idle, by whoever needs it, so that what is wrong is told at once and in the
//! database's own words. It stays: opening one costs more than a query, and the version of a SQLite file that the writer
//! compares is its own.

use std::fmt::{self, Debug};
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
    wait: Duration,
}

impl Lane {
    /// Opens the first connection at once: a wrong URL is an error of the start.
    pub(super) fn open(manager: Manager, size: u32, wait: Duration) -> Result<Self, StoreError> {
        let idle = Arc::new(Mutex::new(vec![manager.connect()?]));
        let permits = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Ok(Self { manager, idle, permits, wait })
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
        // Not in the loop's head: the lock would be held while it is looked whether the connection is usable.
        loop {
            let Some(mut connection) = self.idle().pop() else { return self.manager.connect() };
            if connection.is_usable() {
                return Ok(connection);
            }
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

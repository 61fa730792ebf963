//! A bounded set of connections: a permit first, awaited without a thread; then a blocking thread; then the work.

use std::sync::Arc;
use std::time::Duration;

use diesel::r2d2::{Pool, PooledConnection};
use tokio::sync::Semaphore;

use super::StoreError;
use super::connection::{AnyConnection, Manager};

#[derive(Clone, Debug)]
pub(super) struct Lane {
    pool: Pool<Manager>,
    permits: Arc<Semaphore>,
    wait: Duration,
}

impl Lane {
    /// Opens the first connection by hand, so that what is wrong is told at once and in the database's own words.
    pub(super) fn open(manager: Manager, size: u32, wait: Duration) -> Result<Self, StoreError> {
        use diesel::r2d2::ManageConnection as _;
        manager.connect().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            // A connection stays: opening one costs more than a query, and the version of the file that the writer
            // compares is its own.
            .max_lifetime(None)
            .idle_timeout(None)
            .test_on_check_out(false)
            .connection_timeout(wait)
            .build_unchecked(manager);
        let permits = usize::try_from(size).unwrap_or(1);
        Ok(Self { pool, permits: Arc::new(Semaphore::new(permits)), wait })
    }

    pub(super) fn connection(&self) -> Result<PooledConnection<Manager>, StoreError> {
        self.pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    pub(super) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
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
        let done = tokio::task::spawn_blocking(move || {
            // Moved in, so that a caller who goes away does not free the permit while the work goes on.
            let _permit = permit;
            work(&mut *lane.connection()?)
        });
        done.await.map_err(|failed| StoreError::Query(format!("the work on the database stopped: {failed}")))?
    }
}

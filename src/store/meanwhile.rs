//! Work that needs no database, done while a transaction's statements run.
//!
//! The transaction waits with its commit for the word that the work is done. Whoever goes away without giving it, in a
//! panic say, has said no, so the thread that writes is never left waiting.

use std::sync::{Arc, OnceLock};

use super::{AnyConnection, Store, StoreError};
use crate::model::UserId;

impl Store {
    /// `write_of`, and meanwhile, where the caller is, what can fail without the database: both of them, or none. Where
    /// both fail, the error is that of the latter.
    ///
    /// # Errors
    /// As `write_of`, and those of what is done meanwhile.
    pub async fn write_of_meanwhile<T, U, E, F>(
        &self,
        owner: UserId,
        work: F,
        meanwhile: impl FnOnce() -> Result<U, E>,
    ) -> Result<(T, U), E>
    where
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Clone + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let promise = Promise::default();
        let promised = Arc::clone(&promise.0);
        let work = move |tx: &mut AnyConnection| -> Result<T, E> {
            let written = work(tx)?;
            if *promised.wait() { Ok(written) } else { Err(not_done().into()) }
        };
        // In this order: the thread that writes has begun when this one does.
        let (written, done) = tokio::join!(biased; self.write_of(owner, work), async {
            let done = meanwhile();
            promise.tell(done.is_ok());
            done
        });
        let done = done?;
        Ok((written?, done))
    }
}

/// Whether it was done, to be said once.
#[derive(Default)]
struct Promise(Arc<OnceLock<bool>>);

impl Promise {
    fn tell(self, is_done: bool) {
        let _first = self.0.set(is_done);
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        let _unless_said = self.0.set(false);
    }
}

fn not_done() -> StoreError {
    StoreError::Query("what was to be done meanwhile was not".to_owned())
}

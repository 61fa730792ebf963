//! Hears of the other processes on the same SQLite file: `PRAGMA data_version` moves when another connection changed it.
//!
//! On a connection that only looks, so that nothing is in its way: the one that writes waits while another process holds
//! the write lock, and so would we. But there our own writing moves the version as well. So when it has moved, and only
//! then, the connection that writes is asked too, on which only others move it; if it is not free soon, they are assumed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::model::Timestamp;
use crate::store::freshness::{Freshness, Touched};
use crate::store::lane::{Lane, off_the_loop};
use crate::store::manager::Manager;
use crate::store::waiting::Waiting;
use crate::store::{AnyConnection, StoreError};

/// How long the connection that writes may take to become free: so much longer a key that was ended elsewhere may work. Transactions of
/// ours take some milliseconds, so that our own are seldom taken for those of others, for which all keys would be looked up anew.
const SOON: Duration = Duration::from_millis(40);

pub(in crate::store) struct File {
    manager: Manager,
    writes: Lane,
    waiting: Arc<Waiting>,
    /// Nothing before the first look, and after one that failed.
    watch: Mutex<Option<Watch>>,
    /// What the connection that writes said last.
    of_others: AtomicI64,
}

/// The connection that looks, and what it saw last.
struct Watch {
    connection: AnyConnection,
    version: i64,
    /// When that was; what it did not see came later.
    looked: Instant,
}

impl File {
    pub(super) fn new(manager: Manager, writes: Lane, waiting: Arc<Waiting>) -> Self {
        Self { manager, writes, waiting, watch: Mutex::new(None), of_others: AtomicI64::new(i64::MIN) }
    }

    pub(super) async fn hear(&self, freshness: &Freshness, now: Timestamp) -> Result<(), StoreError> {
        let mut watch = self.watch.lock().await;
        let (before, manager, waiting) = (watch.take(), self.manager.clone(), Arc::clone(&self.waiting));
        let last = before.as_ref().map(|before| before.looked);
        let (after, moved) = off_the_loop(move || look(before, &manager, &waiting)).await?;
        if moved && !self.was_ours().await {
            freshness.touch_from_elsewhere(Touched::AnyKey, last.map(|looked| looked.elapsed()));
        }
        freshness.heard(now);
        *watch = Some(after);
        Ok(())
    }

    /// Wakes whoever waits for messages that are new.
    pub(super) fn tell_new(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        self.waiting.tell_new(connection)
    }

    async fn was_ours(&self) -> bool {
        let ask = |connection: &mut AnyConnection| Ok::<_, StoreError>(connection.data_version()?);
        match timeout(SOON, self.writes.run(ask)).await {
            Ok(Ok(version)) => self.of_others.swap(version, Ordering::SeqCst) == version,
            Ok(Err(_)) | Err(_) => false,
        }
    }
}

/// Looks, and says whether the version has moved; where there was no look before, it may have. Nothing was heard where the
/// file that is open is not the one that others write to.
fn look(before: Option<Watch>, manager: &Manager, waiting: &Waiting) -> Result<(Watch, bool), StoreError> {
    manager.check()?;
    let (mut connection, last) = match before {
        Some(Watch { connection, version, .. }) => (connection, Some(version)),
        None => (manager.connect()?, None),
    };
    let looked = Instant::now();
    let version = connection.data_version()?;
    let moved = last != Some(version);
    if moved {
        waiting.tell_new(&mut connection)?;
    }
    Ok((Watch { connection, version, looked }, moved))
}

//! Hears of the other processes on the same SQLite file: `PRAGMA data_version` moves when another connection changed it.
//!
//! On a connection that only looks, so that nothing is in its way: the one that writes waits while another process holds
//! the write lock, and so would we. But there our own writing moves the version as well. So when it has moved, and only
//! then, it matters what the connection that writes says, on which only others move it. Each transaction of ours asks it at its
//! beginning, and while one goes on nobody else writes: what moved meanwhile was ours, or was taken in when it began. When none
//! goes on it is asked at once; if it is not free soon, and none of ours has begun meanwhile, others are assumed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;

use crate::model::Timestamp;
use crate::store::freshness::{Freshness, Touched};
use crate::store::lane::{Lane, off_the_loop};
use crate::store::manager::Manager;
use crate::store::waiting::Waiting;
use crate::store::{AnyConnection, StoreError};

/// How long the connection that writes may take to become free, when it waits for another process, for others of ours or for the disk:
/// so much longer a key that was ended elsewhere may work, and so much later messages of the bus from elsewhere may come.
const SOON: Duration = Duration::from_millis(400);

pub(in crate::store) struct File {
    manager: Manager,
    writes: Lane,
    waiting: Arc<Waiting>,
    /// Nothing before the first look, and after one that failed.
    watch: tokio::sync::Mutex<Option<Watch>>,
    /// What the connection that writes said last.
    of_others: Mutex<Option<OfOthers>>,
    /// Whether a transaction of ours has the write lock. One that a full disk ended says so until its closure returns, at once.
    is_writing: AtomicBool,
}

/// What the connection that writes says: how often others wrote, by its own count. Another connection counts anew.
#[derive(Clone, Copy, PartialEq, Eq)]
struct OfOthers {
    connection: u64,
    version: i64,
}

impl OfOthers {
    fn of(writes: &Lane, connection: &mut AnyConnection) -> Result<Self, StoreError> {
        Ok(Self { connection: writes.opened(), version: connection.data_version()? })
    }
}

/// A transaction of ours, before it is committed.
pub(in crate::store) struct Writing<'a>(&'a AtomicBool);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
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
        Self {
            manager,
            writes,
            waiting,
            watch: tokio::sync::Mutex::new(None),
            of_others: Mutex::new(None),
            is_writing: AtomicBool::new(false),
        }
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

    /// Takes in what others wrote before this transaction of ours, which has just begun; to be dropped before it is committed.
    pub(super) fn begin_writing(&self, connection: &mut AnyConnection, freshness: &Freshness) -> Writing<'_> {
        let of_others = OfOthers::of(&self.writes, connection).ok();
        if of_others.is_none() || of_others != *self.said() {
            freshness.touch_from_elsewhere(Touched::AnyKey, None);
        }
        // Afterwards: whoever finds that it is known must find what was touched as well.
        *self.said() = of_others;
        self.is_writing.store(true, Ordering::SeqCst);
        Writing(&self.is_writing)
    }

    fn said(&self) -> MutexGuard<'_, Option<OfOthers>> {
        self.of_others.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn was_ours(&self) -> bool {
        if self.is_writing.load(Ordering::SeqCst) {
            return true;
        }
        let writes = self.writes.clone();
        let ask = move |connection: &mut AnyConnection| OfOthers::of(&writes, connection);
        match timeout(SOON, self.writes.run(ask)).await {
            Ok(Ok(of_others)) => self.said().replace(of_others) == Some(of_others),
            Ok(Err(_)) | Err(_) => self.is_writing.load(Ordering::SeqCst),
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

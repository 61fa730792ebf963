//! Hears of the other processes on the same PostgreSQL server: each transaction that touches keys sends a `NOTIFY`, which
//! arrives when it is committed and not before.
//!
//! What arrives is there for the taking; that everything arrives is proven by a beat: a notification that we send to
//! ourselves, behind all those that were committed before it. A server that passes nothing on, or a connection that is
//! dead without a word, is found out by it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::{RunQueryDsl as _, sql_query};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::words::{CHANGES, MESSAGES, ServerClock, Word, beat};
use crate::model::Timestamp;
use crate::store::freshness::{Freshness, Touched};
use crate::store::lane::off_the_loop;
use crate::store::manager::Manager;
use crate::store::waiting::Waiting;
use crate::store::{AnyConnection, StoreError};

/// How long a beat may be under way.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many may wait for an answer at a time. Who was waited for too long is left behind with its thread, until the server
/// or the network gives it up.
const ASKING: usize = 4;

/// What a server does not do that keeps silent; the operator can.
const SILENT: &str =
    "the server does not pass on notifications: hallpass must reach it itself, or a pooler in session mode";

pub(in crate::store) struct Server {
    manager: Manager,
    /// Taken out while the server is asked, so that whoever comes next does not wait with it but makes another.
    listener: Mutex<Option<Listener>>,
    asking: Arc<Semaphore>,
    /// Who is told of messages of the bus.
    waiting: Arc<Waiting>,
    connect_timeout: Duration,
}

impl Server {
    pub(super) fn new(manager: Manager, connect_timeout: Duration, waiting: Arc<Waiting>) -> Self {
        let asking = Arc::new(Semaphore::new(ASKING));
        Self { manager, listener: Mutex::new(None), asking, waiting, connect_timeout }
    }

    pub(super) async fn hear(self: &Arc<Self>, freshness: &Arc<Freshness>, now: Timestamp) -> Result<(), StoreError> {
        let permit = Arc::clone(&self.asking).try_acquire_owned().map_err(|_none| late())?;
        let listener = self.listener().take();
        let connecting = if listener.is_some() { Duration::ZERO } else { self.connect_timeout };
        let (server, freshness) = (Arc::clone(self), Arc::clone(freshness));
        let prove = off_the_loop(move || {
            let _permit = permit;
            server.prove(listener, &freshness, now)
        });
        timeout(PATIENCE + connecting, prove).await.map_err(|_elapsed| late())?
    }

    fn prove(&self, listener: Option<Listener>, freshness: &Freshness, now: Timestamp) -> Result<(), StoreError> {
        let mut listener = if let Some(listener) = listener {
            listener
        } else {
            let listener = Listener::open(&self.manager)?;
            // Nobody knows what was told while nobody listened.
            freshness.touch(Touched::AnyKey);
            self.waiting.wake_all();
            listener
        };
        listener.beat(freshness, &self.waiting)?;
        self.manager.answered();
        freshness.heard(now);
        // In place of another one, perhaps: each has heard everything since it was opened, and forgot what was before.
        *self.listener() = Some(listener);
        Ok(())
    }

    pub(super) fn hear_arrived(&self, freshness: &Freshness) -> Result<(), StoreError> {
        let mut listener = self.listener();
        let Some(one) = listener.as_mut() else { return Ok(()) };
        let taken = one.take_in(freshness, &self.waiting).map(drop);
        if taken.is_err() {
            *listener = None;
        }
        taken
    }

    fn listener(&self) -> MutexGuard<'_, Option<Listener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn late() -> StoreError {
    StoreError::Unavailable("the server does not answer the connection that listens".to_owned())
}

/// A connection that listens to the others and to itself.
struct Listener {
    connection: AnyConnection,
    /// The channel of its own beats.
    beats: String,
    /// Nothing before the first of them.
    clock: Option<ServerClock>,
}

#[derive(diesel::QueryableByName)]
struct Backend {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pid: i32,
}

impl Listener {
    fn open(manager: &Manager) -> Result<Self, StoreError> {
        let mut connection = manager.connect()?;
        let Backend { pid } = sql_query("SELECT pg_backend_pid() AS pid").get_result(&mut connection)?;
        let beats = format!("hallpass_beats_{pid}");
        connection.batch_execute(&format!("LISTEN {CHANGES}; LISTEN {MESSAGES}; LISTEN {beats}"))?;
        Ok(Self { connection, beats, clock: None })
    }

    fn beat(&mut self, freshness: &Freshness, waiting: &Waiting) -> Result<(), StoreError> {
        let sent = Instant::now();
        self.connection.batch_execute(&beat(&self.beats))?;
        // A server hands over what was told, in the order of the commits, before it says that the statement is done.
        let shown = self.take_in(freshness, waiting)?.ok_or_else(|| StoreError::Unavailable(SILENT.to_owned()))?;
        self.clock = Some(ServerClock { shown, sent });
        Ok(())
    }

    /// Takes in what has arrived, without waiting for more; gives the server's clock as the last beat among it has it.
    fn take_in(&mut self, freshness: &Freshness, waiting: &Waiting) -> Result<Option<i64>, StoreError> {
        let AnyConnection::Postgres(inner) = &mut self.connection else { return Ok(None) };
        let mut beaten = None;
        for one in inner.notifications_iter() {
            let one = one?;
            if one.channel == self.beats {
                beaten = one.payload.parse().ok();
                continue;
            }
            if one.channel == MESSAGES {
                // Whoever tells by hand names nobody.
                one.payload.parse().map_or_else(|_nobody| waiting.wake_all(), |user| waiting.wake(user));
                continue;
            }
            let Word { touched, said } = Word::read(&one.payload);
            let lag = self.clock.zip(said).map(|(clock, said)| clock.since(said, Instant::now()));
            freshness.touch_from_elsewhere(touched, lag);
        }
        Ok(beaten)
    }
}

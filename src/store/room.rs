//! Whether there is room on the disk. Any statement may find that there is none, so every connection looks out for it.
//!
//! A disk stays full until somebody makes room, and everybody who wants something stored meanwhile is refused: that is told
//! here, once a minute, in place of once a refusal. It would go to the same disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent};
use diesel::result::Error as DieselError;

use crate::model::Seldom;

/// What the databases say: SQLite, and PostgreSQL in the words of the system. Diesel passes no SQLSTATE on.
const FULL: [&str; 2] = ["database or disk is full", "No space left on device"];

/// What is known of the disk under one database. A copy is another handle on the same.
#[derive(Clone, Debug)]
pub(super) struct Room {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    /// Where the data is, for whoever has to make room.
    place: String,
    lacked: AtomicU64,
    told: Seldom,
}

impl Room {
    pub(super) fn new(place: String) -> Self {
        Self { state: Arc::new(State { place, lacked: AtomicU64::default(), told: Seldom::default() }) }
    }

    /// How often there was none.
    pub(super) fn lacked(&self) -> u64 {
        self.state.lacked.load(Ordering::Relaxed)
    }

    fn is_lacking(&self) {
        self.state.lacked.fetch_add(1, Ordering::Relaxed);
        if self.state.told.is_due() {
            let place = &self.state.place;
            tracing::error!(
                place,
                "the disk is full: make room; until then nothing is stored, and what only reads goes on"
            );
        }
    }
}

impl Instrumentation for Room {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::FinishQuery { error: Some(DieselError::DatabaseError(_, info)), .. } = event
            && is_full(info.message())
        {
            self.is_lacking();
        }
    }
}

/// Whether these words of a database say that there is no room on its disk.
pub(super) fn is_full(words: &str) -> bool {
    FULL.iter().any(|full| words.contains(full))
}

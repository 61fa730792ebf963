//! What other processes changed: a SQLite file has a version that moves (`file.rs`), a PostgreSQL server passes on what the
//! writers tell (`server.rs`). Either is heard on a connection of its own, which no work of ours holds up.
//!
//! To hear is to prove: whatever was committed before `hear` was called has been taken in when it returns. How long ago
//! that was is kept by `Freshness`, and keys in memory are trusted by it.

mod file;
mod server;
mod words;

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use super::AnyConnection;
use super::StoreError;
use super::freshness::Freshness;
use super::lane::Lane;
use super::manager::Manager;
use super::waiting::Waiting;
use crate::model::Timestamp;
use file::{File, Writing};
use server::Server;
pub(super) use words::{bus_word, notification};

/// Hears of the other processes.
#[derive(Clone)]
pub(super) enum Others {
    File(Arc<File>),
    Server(Arc<Server>),
}

impl Others {
    pub(super) fn new(manager: Manager, writes: Lane, connect_timeout: Duration, waiting: Arc<Waiting>) -> Self {
        match manager {
            Manager::Sqlite { .. } => Self::File(Arc::new(File::new(manager, writes, waiting))),
            Manager::Postgres { .. } => Self::Server(Arc::new(Server::new(manager, connect_timeout, waiting))),
        }
    }

    pub(super) async fn hear(&self, freshness: &Arc<Freshness>, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::File(file) => file.hear(freshness, now).await,
            Self::Server(server) => server.hear(freshness, now).await,
        }
    }

    /// Takes in what others wrote before a transaction of ours that has just begun. What this gives is dropped before it is committed.
    pub(super) fn begin_writing(&self, connection: &mut AnyConnection, freshness: &Freshness) -> Option<Writing<'_>> {
        match self {
            Self::File(file) => Some(file.begin_writing(connection, freshness)),
            Self::Server(_) => None,
        }
    }

    /// Wakes whoever waits for what was just written on this connection. A server does it itself, and a file is looked at soon
    /// anyhow: then what failed here is made up for.
    pub(super) fn wrote(&self, connection: &mut AnyConnection) {
        if let Self::File(file) = self {
            let _ = file.tell_new(connection);
        }
    }

    /// A file tells nothing unasked.
    pub(super) fn hear_arrived(&self, freshness: &Freshness) -> Result<(), StoreError> {
        match self {
            Self::File(_) => Ok(()),
            Self::Server(server) => server.hear_arrived(freshness),
        }
    }

    /// Looking at a file costs some microseconds; a server has work with each proof, and tells what there is at once.
    pub(super) const fn hear_every(&self) -> Duration {
        match self {
            Self::File(_) => Duration::from_millis(20),
            Self::Server(_) => Duration::from_millis(500),
        }
    }
}

impl Debug for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Others(…)")
    }
}

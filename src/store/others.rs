//! What other processes changed. A SQLite file has a version that moves; a PostgreSQL server passes on what the writers
//! tell.

use std::fmt::{self, Debug};
use std::sync::{Mutex, PoisonError};

use diesel::connection::SimpleConnection as _;

use super::freshness::{CHANNEL, Freshness, Touched};
use super::manager::Manager;
use super::{AnyConnection, StoreError};

/// Listens on a connection of its own, made when it is needed.
#[derive(Default)]
pub(super) struct Others {
    ears: Mutex<Option<AnyConnection>>,
}

impl Others {
    /// Takes in what was told since the last time. Who could not listen for a while, or cannot now, takes nothing that
    /// is remembered for fresh.
    pub(super) fn hear(&self, manager: &Manager, freshness: &Freshness) -> Result<(), StoreError> {
        let mut ears = self.ears.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = match ears.take() {
            Some(connection) => told(connection, freshness),
            None => listen(manager).inspect(|_| freshness.touch(Touched::AnyKey)),
        };
        *ears = Some(heard.inspect_err(|_| freshness.touch(Touched::AnyKey))?);
        Ok(())
    }
}

fn listen(manager: &Manager) -> Result<AnyConnection, StoreError> {
    let mut connection = manager.connect()?;
    connection.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    Ok(connection)
}

fn told(mut connection: AnyConnection, freshness: &Freshness) -> Result<AnyConnection, StoreError> {
    // An answer proves that the server is there; what it has to tell comes before it.
    connection.batch_execute("SELECT 1")?;
    if let AnyConnection::Postgres(inner) = &mut connection {
        for one in inner.notifications_iter() {
            freshness.touch(Touched::told(&one?.payload));
        }
    }
    Ok(connection)
}

impl Debug for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Others(…)")
    }
}

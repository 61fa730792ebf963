//! The migrations, compiled in.

use diesel::SqliteConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{AnyConnection, StoreError, transaction};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// A migration, and whether it has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name: that of its folder.
    pub name: String,
    /// Whether it has run on this database.
    pub applied: bool,
}

/// Runs what is missing. One transaction around all of them takes the write lock first: diesel's harness takes none,
/// and two processes that start on a fresh file would race.
pub(super) fn run(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    transaction(connection, |tx| match tx {
        AnyConnection::Sqlite(inner) => {
            let ran = inner.run_pending_migrations(SQLITE).map_err(|error| StoreError::Query(error.to_string()))?;
            Ok(ran.iter().map(ToString::to_string).collect())
        }
    })
}

/// Which migrations there are, and which have run.
///
/// # Errors
/// Of the database.
pub fn list_migrations(c: &mut AnyConnection) -> Result<Vec<MigrationState>, StoreError> {
    match c {
        AnyConnection::Sqlite(inner) => sqlite_state(inner).map_err(|error| StoreError::Query(error.to_string())),
    }
}

fn sqlite_state(inner: &mut SqliteConnection) -> diesel::migration::Result<Vec<MigrationState>> {
    let pending: Vec<String> = inner.pending_migrations(SQLITE)?.iter().map(|one| one.name().to_string()).collect();
    let all: Vec<Box<dyn Migration<Sqlite>>> = SQLITE.migrations()?;
    let names = all.iter().map(|one| one.name().to_string());
    Ok(names.map(|name| MigrationState { applied: !pending.contains(&name), name }).collect())
}

//! The migrations, compiled in.

use std::error::Error;

use diesel::Connection as _;
use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{AnyConnection, StoreError};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Held while somebody migrates a PostgreSQL database; the number is only ours. No statement of a migration may take
/// too long.
const ONE_AT_A_TIME: &str = "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(7214250967)";

type Failed = Box<dyn Error + Send + Sync>;

/// A migration, and whether it has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name: that of its folder.
    pub name: String,
    /// Whether it has run on this database.
    pub applied: bool,
}

/// Runs what is missing. One transaction around all of them takes the write lock first: diesel's harness takes none,
/// and two processes that start on a fresh database would race.
pub(super) fn run(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    let ran: Result<_, Failed> = match connection {
        AnyConnection::Sqlite(inner) => inner.immediate_transaction(|inner| missing(inner, SQLITE)),
        AnyConnection::Postgres(inner) => inner.transaction(|inner| {
            inner.batch_execute(ONE_AT_A_TIME)?;
            missing(inner, POSTGRES)
        }),
    };
    ran.map_err(|error| StoreError::Query(error.to_string()))
}

fn missing<DB: Backend>(c: &mut impl MigrationHarness<DB>, all: EmbeddedMigrations) -> Result<Vec<String>, Failed>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    Ok(c.run_pending_migrations(all)?.iter().map(ToString::to_string).collect())
}

/// Which migrations there are, and which have run.
///
/// # Errors
/// Of the database.
pub fn list_migrations(c: &mut AnyConnection) -> Result<Vec<MigrationState>, StoreError> {
    let state = match c {
        AnyConnection::Sqlite(inner) => state(inner, SQLITE),
        AnyConnection::Postgres(inner) => state(inner, POSTGRES),
    };
    state.map_err(|error| StoreError::Query(error.to_string()))
}

fn state<DB: Backend>(
    c: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
) -> Result<Vec<MigrationState>, Failed>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let names: Vec<String> = source.migrations()?.iter().map(|one| one.name().to_string()).collect();
    let pending: Vec<String> = c.pending_migrations(source)?.iter().map(|one| one.name().to_string()).collect();
    Ok(names.into_iter().map(|name| MigrationState { applied: !pending.contains(&name), name }).collect())
}

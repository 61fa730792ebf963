//! A connection to whichever database the site uses, and how one is opened.

use std::fmt::{self, Debug};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::ManageConnection;
use diesel::result::Error::DatabaseError;
use diesel::{Connection as _, ConnectionError, QueryResult, RunQueryDsl as _, SqliteConnection, sql_query};

use super::StoreError;

/// A connection. One variant a database; every query is written once, against this type.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// The embedded default: one file.
    Sqlite(SqliteConnection),
}

impl Debug for AnyConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(_) => f.write_str("AnyConnection::Sqlite"),
        }
    }
}

#[derive(diesel::QueryableByName)]
struct DataVersion {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    data_version: i64,
}

// FULL, because an issued key must survive a loss of power. The cache of pages is 8 MiB a connection.
const SQLITE_ON_OPEN: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                              PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF;";

/// How often, 10 ms apart, the switch to WAL is tried.
const WAL_TRIES: u32 = 500;

/// Switches to WAL. Two that switch a fresh file at once stand in each other's way, and SQLite then says "locked" at
/// once, in spite of `busy_timeout`.
fn switch_to_wal(inner: &mut SqliteConnection) -> QueryResult<()> {
    for _ in 1..WAL_TRIES {
        match inner.batch_execute("PRAGMA journal_mode = WAL") {
            Err(DatabaseError(_, info)) if info.message().contains("locked") => {
                thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
    inner.batch_execute("PRAGMA journal_mode = WAL")
}

impl AnyConnection {
    /// Begins a transaction that may write. On SQLite the write lock is taken now: a transaction that reads first and
    /// asks for the lock later fails with "database is locked" in spite of the timeout.
    pub(super) fn begin_write(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE"),
        }
    }

    /// A number that moves when another connection changes the file.
    pub(super) fn data_version(&mut self) -> QueryResult<i64> {
        match self {
            Self::Sqlite(inner) => Ok(sql_query("PRAGMA data_version").get_result::<DataVersion>(inner)?.data_version),
        }
    }

    pub(super) fn commit(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::commit_transaction(inner),
        }
    }

    pub(super) fn rollback(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::rollback_transaction(inner),
        }
    }
}

/// Opens connections for the pool. Our own, because the derived `establish` tries every variant and hides the reason.
#[derive(Clone, Debug)]
pub(super) enum Manager {
    Sqlite(PathBuf),
}

impl Manager {
    /// Makes the database's file where there is none, readable by its owner only: it holds names and hashes. SQLite
    /// gives the files that it puts beside it the same mode.
    pub(super) fn make(&self) -> Result<(), StoreError> {
        let Self::Sqlite(path) = self;
        let made = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        made.map(drop).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
    }

    /// Whether the database is still where it was; open connections keep a deleted file alive without a word.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let Self::Sqlite(path) = self;
        if path.exists() { Ok(()) } else { Err(StoreError::Unavailable(gone(path))) }
    }
}

fn gone(path: &Path) -> String {
    format!("{} is gone", path.display())
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = ConnectionError;

    fn connect(&self) -> Result<AnyConnection, ConnectionError> {
        match self {
            // An empty database in place of one that was deleted would hide the loss.
            Self::Sqlite(path) if !path.exists() => Err(ConnectionError::BadConnection(gone(path))),
            Self::Sqlite(path) => {
                let mut inner = SqliteConnection::establish(&path.to_string_lossy())?;
                let opened = inner.batch_execute(SQLITE_ON_OPEN).and_then(|()| switch_to_wal(&mut inner));
                opened.map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(AnyConnection::Sqlite(inner))
            }
        }
    }

    fn is_valid(&self, _: &mut AnyConnection) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        match connection {
            AnyConnection::Sqlite(inner) => {
                <AnsiTransactionManager as TransactionManager<SqliteConnection>>::is_broken_transaction_manager(inner)
            }
        }
    }
}

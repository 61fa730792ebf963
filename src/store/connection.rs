//! A connection to whichever database the site uses, and how one is opened.

use std::fmt::{self, Debug};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::ManageConnection;
use diesel::{Connection as _, ConnectionError, QueryResult, SqliteConnection};

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

// `busy_timeout` first: switching to WAL needs a lock that another process may hold. FULL, because an issued key
// must survive a loss of power. The cache of pages is 8 MiB a connection.
const SQLITE_ON_OPEN: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                              PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF;";

impl AnyConnection {
    /// Begins a transaction that may write. On SQLite the write lock is taken now: a transaction that reads first and
    /// asks for the lock later fails with "database is locked" in spite of the timeout.
    pub(super) fn begin_write(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE"),
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

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = ConnectionError;

    fn connect(&self) -> Result<AnyConnection, ConnectionError> {
        match self {
            Self::Sqlite(path) => {
                private_file(path)?;
                let mut inner = SqliteConnection::establish(&path.to_string_lossy())?;
                inner.batch_execute(SQLITE_ON_OPEN).map_err(ConnectionError::CouldntSetupConfiguration)?;
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

/// Makes the file readable by its owner only before SQLite would make it readable by everybody: it holds addresses and
/// password hashes. The files that SQLite puts beside it take over its mode.
fn private_file(path: &Path) -> Result<(), ConnectionError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(ConnectionError::BadConnection(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

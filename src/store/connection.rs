//! A connection to whichever database the site uses, and what differs between them.

use std::fmt::{self, Debug};

use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryResult, RunQueryDsl, SqliteConnection};

use super::StoreError;
use super::freshness::Touched;
use super::others::notification;

/// A connection. One variant a database; every query is written once, against this type.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// A server.
    Postgres(PgConnection),
    /// The embedded default: one file.
    Sqlite(SqliteConnection),
}

impl Debug for AnyConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("AnyConnection::Postgres"),
            Self::Sqlite(_) => f.write_str("AnyConnection::Sqlite"),
        }
    }
}

/// In whose company a transaction runs on PostgreSQL. SQLite has one writer, who is always alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Beside others; the database stops it when it and another stand in each other's way.
    Together,
    /// While no other transaction writes.
    Alone,
}

// The lock comes before the first query, which is what PostgreSQL dates the transaction's view of the data by: who is
// alone sees everything that those before wrote. Any table would do; nobody writes to this one but once a day.
//
// Who is alone needs nobody to watch over it, and must not be watched: PostgreSQL gives up the lock of one that ends a
// moment before it stops counting it among those beside whom others may have to be stopped.
const TOGETHER: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE jobs IN ROW EXCLUSIVE MODE";
const ALONE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE jobs IN EXCLUSIVE MODE";

/// Asks for the version of the file, which each transaction does: prepared once, unlike what is written as text.
#[derive(QueryId)]
struct DataVersion;

impl Query for DataVersion {
    type SqlType = BigInt;
}

impl QueryFragment<Sqlite> for DataVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA data_version");
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for DataVersion {}

impl AnyConnection {
    /// Begins a transaction that may write. On SQLite the write lock is taken now: a transaction that reads first and
    /// asks for the lock later fails with "database is locked" in spite of the timeout.
    pub(super) fn begin_write(&mut self, turn: Turn) -> QueryResult<()> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE"),
            Self::Postgres(inner) => inner.batch_execute(if turn == Turn::Alone { ALONE } else { TOGETHER }),
        }
    }

    /// A number that moves when another connection changes the SQLite file; a server has none.
    pub(super) fn data_version(&mut self) -> QueryResult<i64> {
        match self {
            Self::Sqlite(inner) => DataVersion.get_result(inner),
            Self::Postgres(_) => Ok(0),
        }
    }

    /// Makes what was written durable, and tells the other processes what it touched.
    pub(super) fn commit(&mut self, touched: Touched) -> QueryResult<()> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::commit_transaction(inner),
            // A statement first: where one before it failed, a bare COMMIT rolls back and says that all is well.
            Self::Postgres(inner) => {
                let telling = notification(touched).unwrap_or_else(|| "SELECT 1".to_owned());
                inner.batch_execute(&format!("{telling}; COMMIT"))
            }
        }
    }

    /// Brings what was written into the SQLite file itself; a server does that when it likes.
    pub(super) fn checkpoint(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(inner) => Ok(inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Undoes; says whether the database had stopped the transaction already.
    pub(super) fn rollback(&mut self) -> QueryResult<bool> {
        match self {
            Self::Sqlite(inner) => AnsiTransactionManager::rollback_transaction(inner).map(|()| false),
            Self::Postgres(inner) => {
                let stopped = inner.batch_execute("SELECT 1").is_err();
                inner.batch_execute("ROLLBACK").map(|()| stopped)
            }
        }
    }

    /// Whether a transaction that the database stopped can be tried once more.
    pub(super) const fn has_turns(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Whether the connection can be used again. Of a server's it is asked what has arrived: that it hung up, perhaps.
    pub(super) fn is_usable(&mut self) -> bool {
        match self {
            Self::Sqlite(inner) => {
                !<AnsiTransactionManager as TransactionManager<SqliteConnection>>::is_broken_transaction_manager(inner)
            }
            // Twice: a server that ends says so first, and hangs up then.
            Self::Postgres(inner) => (0..2).all(|_| inner.notifications_iter().all(|one| one.is_ok())),
        }
    }
}

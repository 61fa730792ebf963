//! What can go wrong between us and the database. "Not there" is `None`, not an error.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::room::is_full;

/// A failure of the store, for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No connection, or no write lock, became free in time.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database cannot be opened or reached.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// There is no room on the disk of the database: nothing can be written, everything can be read.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    /// A row with the same unique value is there already.
    #[error("the database has such a row already: {0}")]
    Conflict(String),
    /// A stored value that this program would never have written.
    #[error("the database holds a value this program did not write: {table}.{column}: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Any other failure of a query.
    #[error("a query failed: {0}")]
    Query(String),
}

/// What the databases say, beyond the kinds that diesel knows, when others were in the way for too long: SQLite; and
/// PostgreSQL, about two that waited for each other and about `statement_timeout`.
const BUSY: [&str; 3] = ["locked", "deadlock detected", "canceling statement due to"];

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Self::Conflict(info.message().to_owned())
            }
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, info) => {
                Self::Busy(info.message().to_owned())
            }
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
                Self::Unavailable(info.message().trim_end().to_owned())
            }
            DieselError::DatabaseError(_, info) if is_full(info.message()) => Self::Full(info.message().to_owned()),
            // The commit says why. What it could not store, SQLite has undone already.
            DieselError::RollbackErrorOnCommit { commit_error, .. } => (*commit_error).into(),
            DieselError::DatabaseError(_, info) if BUSY.iter().any(|words| info.message().contains(words)) => {
                Self::Busy(info.message().to_owned())
            }
            other => Self::Query(other.to_string()),
        }
    }
}

/// Turns the parse error of a stored value into [`StoreError::Corrupt`].
pub(super) fn corrupt<E: ToString>(table: &'static str, column: &'static str) -> impl FnOnce(E) -> StoreError {
    move |error| StoreError::Corrupt { table, column, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, SqliteConnection};

    use super::*;

    #[test]
    fn a_sqlite_file_that_may_not_grow_is_told_as_a_full_disk() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.batch_execute("PRAGMA max_page_count = 2; CREATE TABLE one (id)").unwrap();
        let error = connection.batch_execute("CREATE TABLE two (id)").unwrap_err();
        assert!(matches!(StoreError::from(error), StoreError::Full(_)));
    }
}

//! All of it, or nothing.
//!
//! On SQLite there is one writer. On PostgreSQL there are many, and each transaction is serializable: the database
//! stops one where the outcome could not have come about one after the other. What it stopped is tried once more,
//! alone, and can then be stopped by nobody (`docs/design/0003-any-connection.md`).

use super::connection::Turn;
use super::freshness::Touched;
use super::{AnyConnection, StoreError};

/// What the closure said; or why the database stopped it.
type Attempt<T, E> = Result<Result<T, E>, E>;

/// Runs the work in a transaction, on PostgreSQL twice if need be.
pub(super) fn run<T, E, F>(connection: &mut AnyConnection, touched: Touched, work: F) -> Result<T, E>
where
    F: FnOnce(&mut AnyConnection) -> Result<T, E> + Clone,
    E: From<StoreError>,
{
    if connection.has_turns()
        && let Ok(said) = attempt(connection, Turn::Together, touched, work.clone())
    {
        return said;
    }
    attempt(connection, Turn::Alone, touched, work)?
}

fn attempt<T, E, F>(connection: &mut AnyConnection, turn: Turn, touched: Touched, work: F) -> Attempt<T, E>
where
    F: FnOnce(&mut AnyConnection) -> Result<T, E>,
    E: From<StoreError>,
{
    begin(connection, turn)?;
    match work(connection) {
        Ok(value) => match connection.commit(touched) {
            Ok(()) => Ok(Ok(value)),
            Err(error) => {
                // Of a server's connection: where the statement before COMMIT failed, the transaction is still open.
                let _undone = connection.rollback();
                Err(StoreError::from(error).into())
            }
        },
        // Where that fails too the connection is broken, and what the work met says more about it.
        Err(error) => {
            if connection.rollback().is_ok_and(|stopped| stopped) {
                Err(error)
            } else {
                Ok(Err(error))
            }
        }
    }
}

fn begin(connection: &mut AnyConnection, turn: Turn) -> Result<(), StoreError> {
    let begun = connection.begin_write(turn);
    if begun.is_err() {
        // Of a server's connection: it waited too long for its turn, amid the transaction.
        let _undone = connection.rollback();
    }
    Ok(begun?)
}

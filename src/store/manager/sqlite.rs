//! A SQLite file: where it is, whether it is still the same, and how it is opened.

use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{self, Path};
use std::thread;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::result::Error::DatabaseError;
use diesel::{Connection as _, ConnectionError, QueryResult, SqliteConnection};
use url::Url;

use crate::store::StoreError;

// FULL, because an issued key must survive a loss of power. The cache of pages is 8 MiB a connection.
const SQLITE_ON_OPEN: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                              PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF;";

/// How often, 10 ms apart, the switch to WAL is tried.
const WAL_TRIES: u32 = 500;

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Inode {
    device: u64,
    number: u64,
}

impl Inode {
    pub(super) fn of(file: &Metadata) -> Self {
        Self { device: file.dev(), number: file.ino() }
    }
}

pub(super) fn gone(path: &Path) -> String {
    format!("{} is gone", path.display())
}

pub(super) fn replaced(path: &Path) -> String {
    format!("{} is another file than at the start: put that one back, or start again with this one", path.display())
}

pub(super) fn none_at(path: &Path) -> String {
    let path = path::absolute(path).unwrap_or_else(|_no_folder| path.to_owned());
    let advice = "is this the right folder, and --config the right file? `hallpass serve` makes a new database";
    format!("there is none at {}: {advice}", path.display())
}

pub(super) fn about(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |error| {
        let whose = if error.kind() == ErrorKind::PermissionDenied { whose(path) } else { String::new() };
        StoreError::Unavailable(format!("{}: {error}{whose}", path.display()))
    }
}

/// Who may open it. A command that was run as root first leaves a file that the service may not open.
pub(super) fn whose(path: &Path) -> String {
    match path.metadata() {
        Ok(file) => format!("; is this run as its owner, the user with the id {}?", file.uid()),
        Err(_closed) => "; is this run as the owner of the folder?".to_owned(),
    }
}

pub(super) fn open_sqlite(path: &Path) -> Result<SqliteConnection, ConnectionError> {
    let mut inner = SqliteConnection::establish(&that_is_there(path)?)?;
    let opened = inner.batch_execute(SQLITE_ON_OPEN).and_then(|()| switch_to_wal(&mut inner));
    opened.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(inner)
}

/// The file as a URL of SQLite's that makes none: an empty database in place of one that was deleted would hide the loss.
pub(in crate::store) fn that_is_there(path: &Path) -> Result<String, ConnectionError> {
    let no_place = || ConnectionError::BadConnection(format!("{} is no place for a file", path.display()));
    let mut url =
        Url::from_file_path(path::absolute(path).map_err(|_no_folder| no_place())?).map_err(|()| no_place())?;
    url.set_query(Some("mode=rw"));
    Ok(url.into())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_deleted_after_it_was_looked_for_is_not_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db");
        assert!(open_sqlite(&path).is_err());
        assert!(!path.exists());
    }
}

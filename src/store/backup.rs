//! A copy of a SQLite file while others write to it. A server has tools of its own.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{self, Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{SqliteConnection, sql_query};

use super::{AnyConnection, Manager, StoreError};
use crate::model::Database;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is not a file.
    #[error("only a SQLite file is copied; for PostgreSQL take `pg_dump --format=custom --file=FILE DATABASE`")]
    Server,
    /// Nothing is written over.
    #[error("{} is there already; name a file that is not", .0.display())]
    There(PathBuf),
    /// SQLite would write to another.
    #[error("{} is not a name in UTF-8; SQLite takes no other", .0.display())]
    Name(PathBuf),
    /// What was copied cannot be trusted, and so not what it was copied from.
    #[error("the copy is damaged, and the database most likely as well: {0}")]
    Damaged(String),
    /// The file cannot be written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

#[derive(QueryableByName)]
struct IntegrityCheck {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Copies the database, as it is at one instant, to a new file that its owner alone can read. Nobody waits for it. The copy
/// is checked, and on disk, before it has its name.
///
/// # Errors
/// See [`BackupError`]; then there is no file of that name.
pub fn backup(from: &Database, to: &Path) -> Result<(), BackupError> {
    let manager = Manager::new(from);
    let Manager::Sqlite { .. } = &manager else { return Err(BackupError::Server) };
    manager.find()?;
    let AnyConnection::Sqlite(mut source) = manager.connect()? else { return Err(BackupError::Server) };
    // SQLite takes a name that begins with `file:` for a URL.
    let to = path::absolute(to).map_err(about(to))?;
    let draft = draft_of(&to);
    let Some(name) = draft.to_str() else { return Err(BackupError::Name(to)) };
    // The name is taken first: what is renamed later replaces nothing but this empty file.
    make(&to)?;
    let done = copy(&mut source, &draft, name).and_then(|()| finish(&draft, &to));
    if done.is_err() {
        for file in [&draft, &to] {
            drop(fs::remove_file(file));
        }
    }
    done
}

fn draft_of(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
    name.into()
}

fn make(path: &Path) -> Result<(), BackupError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_file) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(BackupError::There(path.to_owned())),
        Err(error) => Err(about(path)(error)),
    }
}

fn copy(source: &mut SqliteConnection, draft: &Path, name: &str) -> Result<(), BackupError> {
    // SQLite writes into an empty file that is there, and leaves its mode as it is.
    make(draft)?;
    sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(source)?;
    let opened = SqliteConnection::establish(name).map_err(|error| StoreError::Unavailable(error.to_string()));
    let IntegrityCheck { integrity_check: found } = sql_query("PRAGMA integrity_check(1)").get_result(&mut opened?)?;
    if found == "ok" { Ok(()) } else { Err(BackupError::Damaged(found)) }
}

fn finish(draft: &Path, to: &Path) -> Result<(), BackupError> {
    let folder = to.parent().unwrap_or(to);
    let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all()).map_err(about(path));
    sync(draft)?;
    fs::rename(draft, to).map_err(about(to))?;
    sync(folder)
}

fn about(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    |error| BackupError::File { path, error }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;
    use crate::model::DatabaseUrl;
    use crate::store::Store;

    #[test]
    fn a_name_that_sqlite_would_change_is_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hallpass.db");
        let database = Database::new(DatabaseUrl::Sqlite(file.clone()));
        drop(Store::open_sqlite(&file).unwrap());
        let to = folder.path().join(OsStr::from_bytes(b"copy\xff.db"));
        assert!(matches!(backup(&database, &to), Err(BackupError::Name(_))));
        let written = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("copy");
        assert!(!fs::read_dir(folder.path()).unwrap().filter_map(Result::ok).any(|entry| written(&entry)));
    }
}

//! A copy of a SQLite file while others write to it. A server has tools of its own.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{self, Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{SqliteConnection, sql_query};
use tempfile::{Builder, TempDir, TempPath};

use super::manager::that_is_there;
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
    /// SQLite would write into another.
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
    // Not after the work alone; the last word is that of `finish`.
    if to.symlink_metadata().is_ok() {
        return Err(BackupError::There(to));
    }
    // Goes with all that is in it, however this ends.
    let aside = folder_beside(&to)?;
    let draft = aside.path().join("copy.db");
    copy(&mut source, &draft)?;
    check(&draft)?;
    finish(draft, &to)
}

/// SQLite takes files for its own that lie beside the draft under a name made of it, so they lie where nobody else can put
/// any; and beside the target, so that it comes there in one step.
fn folder_beside(to: &Path) -> Result<TempDir, BackupError> {
    let folder = to.parent().unwrap_or(to);
    if folder.to_str().is_none() {
        return Err(BackupError::Name(folder.to_owned()));
    }
    let mut aside = Builder::new();
    aside.prefix("hallpass-backup.").suffix(".unfinished").permissions(Permissions::from_mode(0o700));
    aside.tempdir_in(folder).map_err(about(to))
}

fn copy(source: &mut SqliteConnection, draft: &Path) -> Result<(), BackupError> {
    // SQLite writes into an empty file that is there, and leaves its mode as it is.
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft).map_err(about(draft))?;
    let name = draft.to_str().ok_or_else(|| BackupError::Name(draft.to_owned()))?;
    sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(source)?;
    Ok(())
}

fn check(draft: &Path) -> Result<(), BackupError> {
    let opened = that_is_there(draft).and_then(|url| SqliteConnection::establish(&url));
    let mut opened = opened.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    let IntegrityCheck { integrity_check: found } = sql_query("PRAGMA integrity_check(1)").get_result(&mut opened)?;
    if found == "ok" { Ok(()) } else { Err(BackupError::Damaged(found)) }
}

fn finish(draft: PathBuf, to: &Path) -> Result<(), BackupError> {
    let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all()).map_err(about(path));
    sync(&draft)?;
    // Replaces nothing, whatever came there meanwhile.
    match TempPath::try_from_path(draft).map_err(about(to))?.persist_noclobber(to) {
        Ok(()) => sync(to.parent().unwrap_or(to)),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Err(BackupError::There(to.to_owned())),
        Err(failed) => Err(about(to)(failed.error)),
    }
}

fn about(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    |error| BackupError::File { path, error }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;

    use super::*;
    use crate::model::DatabaseUrl;
    use crate::store::Store;

    fn database(folder: &Path) -> Database {
        let file = folder.join("hallpass.db");
        drop(Store::open_sqlite(&file).unwrap());
        Database::new(DatabaseUrl::Sqlite(file))
    }

    #[test]
    fn a_folder_whose_name_sqlite_would_change_is_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (database, strange) = (database(folder.path()), folder.path().join(OsStr::from_bytes(b"copies\xff")));
        fs::create_dir(&strange).unwrap();
        assert!(matches!(backup(&database, &strange.join("copy.db")), Err(BackupError::Name(_))));
        assert_eq!(fs::read_dir(&strange).unwrap().count(), 0);
        backup(&database, &folder.path().join(OsStr::from_bytes(b"copy\xff.db"))).unwrap();
    }

    #[test]
    fn the_draft_lies_where_nobody_else_comes_and_nothing_is_left_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("copy.db");
        let aside = folder_beside(&to).unwrap();
        assert_eq!(fs::metadata(aside.path()).unwrap().permissions().mode() & 0o777, 0o700);
        let draft = aside.path().join("copy.db");
        assert!(check(&draft).is_err() && !draft.exists(), "a draft that was taken away is not made anew");
        fs::write(&draft, "the draft").unwrap();
        fs::write(&to, "came meanwhile").unwrap();
        assert!(matches!(finish(draft, &to), Err(BackupError::There(_))));
        assert_eq!(fs::read_to_string(&to).unwrap(), "came meanwhile");
        drop(aside);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

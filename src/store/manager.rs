//! How connections are opened. Our own, because diesel's derived `establish` tries every variant and hides the reason.

mod postgres;
mod sqlite;

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use diesel::{Connection as _, ConnectionError};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::watch;

use super::room::{Room, is_full};
use super::{AnyConnection, StoreError};
use crate::model::{Database, DatabaseUrl};
use postgres::{open_postgres, will_do};
pub(super) use sqlite::that_is_there;
use sqlite::{Inode, about, gone, none_at, open_sqlite, replaced, whose};

/// What the client library says of a server that took longer than `connect_timeout`.
const TIMEOUT: &str = "timeout expired";

/// What the client library says of a parameter that it does not know, before its name.
const UNKNOWN: &str = "invalid URI query parameter";

/// Opens connections to one database.
#[derive(Clone, Debug)]
pub(super) enum Manager {
    Postgres {
        url: SecretString,
        on_open: String,
        /// Whether the last connection could not be opened because the server said nothing at all, and it has not answered
        /// on another since.
        silent: watch::Sender<bool>,
        room: Room,
    },
    Sqlite {
        path: PathBuf,
        /// Which file it was when it was first found.
        file: Arc<OnceLock<Inode>>,
        room: Room,
    },
}

impl Manager {
    pub(super) fn new(database: &Database) -> Self {
        match &database.url {
            DatabaseUrl::Sqlite(path) => Self::of_file(path),
            DatabaseUrl::Postgres(url) => {
                let (connect, statement) = (database.connect_timeout.as_secs(), database.statement_timeout.as_millis());
                let url = url.with(&[
                    ("application_name", "hallpass".to_owned()),
                    ("connect_timeout", connect.to_string()),
                    ("tcp_user_timeout", statement.to_string()),
                ]);
                let on_open = format!("SET statement_timeout = {statement}");
                let room = Room::new("the PostgreSQL server".to_owned());
                Self::Postgres { url, on_open, silent: watch::Sender::new(false), room }
            }
        }
    }

    fn of_file(path: &Path) -> Self {
        Self::Sqlite { path: path.to_owned(), file: Arc::default(), room: Room::new(path.display().to_string()) }
    }

    /// Makes a SQLite file where there is none, readable by its owner only: it holds names and hashes. SQLite gives
    /// the files that it puts beside it the same mode. The database of a server is the operator's to make.
    pub(super) fn make(&self) -> Result<(), StoreError> {
        let Self::Sqlite { path, .. } = self else { return Ok(()) };
        OpenOptions::new().append(true).create(true).mode(0o600).open(path).map(drop).map_err(about(path))
    }

    /// Whether there is a SQLite file, before it is opened for the first time. A server is asked whether it will do.
    pub(super) fn find(&self) -> Result<(), StoreError> {
        let Self::Sqlite { path, file, .. } = self else { return will_do(self.connect()?) };
        match fs::metadata(path) {
            Ok(found) => {
                file.get_or_init(|| Inode::of(&found));
                Ok(())
            }
            // What cannot be looked at is not missing: the folder is somebody else's.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Unavailable(none_at(path))),
            Err(error) => Err(about(path)(error)),
        }
    }

    /// Whether a SQLite file is still where it was, and the same. Open connections keep a file alive that was deleted or
    /// replaced, without a word, and never see what others write into the one that has its name (`security.md L8`).
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let Self::Sqlite { path, file, .. } = self else { return Ok(()) };
        let Ok(found) = fs::metadata(path) else { return Err(StoreError::Unavailable(gone(path))) };
        let is_other = file.get().is_some_and(|file| *file != Inode::of(&found));
        if is_other { Err(StoreError::Unavailable(replaced(path))) } else { Ok(()) }
    }

    /// What is known of the disk.
    pub(super) const fn room(&self) -> &Room {
        match self {
            Self::Sqlite { room, .. } | Self::Postgres { room, .. } => room,
        }
    }

    /// Opens a connection.
    pub(super) fn connect(&self) -> Result<AnyConnection, StoreError> {
        self.check()?;
        let opened = match self {
            Self::Sqlite { path, .. } => open_sqlite(path).map(AnyConnection::Sqlite),
            Self::Postgres { url, on_open, silent, .. } => {
                let opened = open_postgres(url, on_open);
                silent.send_replace(opened.as_ref().is_err_and(|error| error.to_string().contains(TIMEOUT)));
                opened.map(AnyConnection::Postgres)
            }
        };
        let mut connection = opened.map_err(|error| self.not_opened(&error))?;
        connection.set_instrumentation(self.room().clone());
        Ok(connection)
    }

    /// The server has answered on a connection that was open. Nobody may have to open one, and so find out.
    pub(super) fn answered(&self) {
        if let Self::Postgres { silent, .. } = self {
            silent.send_replace(false);
        }
    }

    /// Waits until the server is found to say nothing. Whoever waits for its answers then waits in vain: nothing bounds
    /// that but the server itself and, where that is gone from the network, the kernel.
    pub(super) async fn silence(&self) {
        match self {
            // It ends by the sender going away as well, but the sender is ours.
            Self::Postgres { silent, .. } => drop(silent.subscribe().wait_for(|silent| *silent).await),
            Self::Sqlite { .. } => std::future::pending().await,
        }
    }

    fn not_opened(&self, error: &ConnectionError) -> StoreError {
        let words = self.without_url(error);
        match self {
            _ if is_full(&words) => StoreError::Full(words),
            // That is what SQLite says when there is no room for the file of the readers' marks.
            Self::Sqlite { path, .. } if words.contains("disk I/O error") => {
                StoreError::Unavailable(format!("{words}; is there room on the disk of {}?", path.display()))
            }
            Self::Sqlite { path, .. } if words.contains("unable to open") => {
                StoreError::Unavailable(format!("{}: {words}{}", path.display(), whose(path)))
            }
            Self::Sqlite { .. } | Self::Postgres { .. } => StoreError::Unavailable(words),
        }
    }

    /// The client library has complaints about a URL that repeat it, password and all, or what it took for a parameter.
    fn without_url(&self, error: &ConnectionError) -> String {
        match self {
            Self::Postgres { url, .. } if error.to_string().contains(url.expose_secret()) => {
                "PostgreSQL's client cannot read the URL".to_owned()
            }
            Self::Postgres { .. } if error.to_string().contains(UNKNOWN) => {
                "the URL has a parameter that PostgreSQL's client does not know".to_owned()
            }
            Self::Postgres { .. } | Self::Sqlite { .. } => error.to_string().trim_end().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::io::ErrorKind;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;

    use diesel::connection::SimpleConnection;

    use super::*;

    #[test]
    fn of_a_file_that_may_not_be_opened_it_is_said_whose_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (path, nowhere) = (folder.path().join("hallpass.db"), folder.path().join("nowhere"));
        std::fs::write(&path, "").unwrap();
        let told = |path: &Path| about(path)(ErrorKind::PermissionDenied.into()).to_string();
        let id = folder.path().metadata().unwrap().uid();
        assert!(told(&path).ends_with(&format!("is this run as its owner, the user with the id {id}?")));
        assert!(told(&nowhere).ends_with("is this run as the owner of the folder?"));
        assert!(!about(&path)(ErrorKind::IsADirectory.into()).to_string().contains("owner"));
        // Nothing else is known of a file that SQLite cannot open; a folder is one that nobody can.
        let manager = Manager::new(&Database::new(DatabaseUrl::Sqlite(folder.path().to_owned())));
        let error = manager.connect().unwrap_err().to_string();
        assert!(error.contains("unable to open") && error.ends_with(&format!("the user with the id {id}?")), "{error}");
    }

    #[test]
    fn a_parameter_that_nobody_knows_is_not_repeated_k7() {
        let url = DatabaseUrl::parse("postgres://127.0.0.1:1/hall?my_secret=1").unwrap();
        let Err(StoreError::Unavailable(told)) = Manager::new(&Database::new(url)).connect() else { unreachable!() };
        assert!(told.contains("does not know") && !told.contains("my_secret"), "{told}");
    }

    #[test]
    fn a_file_is_opened_whatever_its_name() {
        for name in [&b"a b.db"[..], b"100%41.db", b"file:a?mode=memory#.db", b"\xff\\.db"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(OsStr::from_bytes(name));
            let manager = Manager::of_file(&path);
            manager.make().unwrap();
            let AnyConnection::Sqlite(mut inner) = manager.connect().unwrap() else { unreachable!() };
            inner.batch_execute("CREATE TABLE a (b)").unwrap();
            let names: Vec<_> =
                std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert!(names.iter().all(|one| one.as_bytes().starts_with(name)), "{names:?}");
        }
    }
}

//! Where the data is kept.

use std::fmt::{self, Debug, Display};
use std::path::{Path, PathBuf};

use super::postgres_url::{PostgresUrl, PostgresUrlError};

const SQLITE: &str = "sqlite://";

/// What is wrong with a database URL. Never repeats the URL, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Another scheme, or none.
    #[error("it does not begin with `sqlite://` or `postgres://`")]
    Scheme,
    /// No file, or a folder.
    #[error("it names no file")]
    NoFile,
    /// A database in memory: each connection would see its own.
    #[error("a database in memory would lose every key at the next start")]
    InMemory,
    /// `?` or `#`, which SQLite's own URLs give a meaning.
    #[error("the path of the file may not contain `?`, `#` or a control character")]
    Path,
    /// A URL of PostgreSQL that its client would misread.
    #[error(transparent)]
    Postgres(#[from] PostgresUrlError),
}

/// The URL of the database: `sqlite://x.db` is relative to the working directory, `sqlite:///x.db` absolute;
/// `postgres://user:password@host/name` is a database on a server.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of SQLite's.
    Sqlite(PathBuf),
    /// A database of PostgreSQL's.
    Postgres(PostgresUrl),
}

impl DatabaseUrl {
    /// Reads a URL; the path of a SQLite file is taken literally, without percent-decoding.
    ///
    /// # Errors
    /// When it is the URL of neither database.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        match text.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(PostgresUrl::parse(text)?)),
            Some(("sqlite", path)) => Self::parse_path(path),
            _ => Err(DatabaseUrlError::Scheme),
        }
    }

    fn parse_path(path: &str) -> Result<Self, DatabaseUrlError> {
        match path {
            _ if path.starts_with(":memory:") => Err(DatabaseUrlError::InMemory),
            _ if path.contains(|c: char| c == '?' || c == '#' || c.is_control()) => Err(DatabaseUrlError::Path),
            _ if path.ends_with('/') || Path::new(path).file_name().is_none() => Err(DatabaseUrlError::NoFile),
            _ => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }

    /// The SQLite file, if it is one.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

// Without a password: a SQLite URL holds none, and the other leaves its own out.
impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{SQLITE}{}", path.display()),
            Self::Postgres(url) => Display::fmt(url, f),
        }
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

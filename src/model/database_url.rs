//! Where the data is kept.

use std::fmt::{self, Debug, Display};
use std::path::{Path, PathBuf};

const SQLITE: &str = "sqlite://";

/// What is wrong with a database URL. Never repeats the URL, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// PostgreSQL, which this version cannot use yet.
    #[error("PostgreSQL follows in a later version; this one keeps its data in SQLite")]
    PostgresLater,
    /// Another scheme, or none.
    #[error("it does not begin with `sqlite://`")]
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
}

/// The URL of the database: `sqlite://x.db` is relative to the working directory, `sqlite:///x.db` absolute.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    path: PathBuf,
}

impl DatabaseUrl {
    /// Reads a URL; the path is taken literally, without percent-decoding.
    ///
    /// # Errors
    /// When it is not the URL of a SQLite file.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if scheme == "postgres" || scheme == "postgresql" {
            return Err(DatabaseUrlError::PostgresLater);
        }
        let path = text.strip_prefix(SQLITE).ok_or(DatabaseUrlError::Scheme)?;
        match path {
            _ if path.starts_with(":memory:") => Err(DatabaseUrlError::InMemory),
            _ if path.contains(|c: char| c == '?' || c == '#' || c.is_control()) => Err(DatabaseUrlError::Path),
            _ if path.ends_with('/') || Path::new(path).file_name().is_none() => Err(DatabaseUrlError::NoFile),
            _ => Ok(Self { path: PathBuf::from(path) }),
        }
    }

    /// The SQLite file.
    #[must_use]
    pub fn sqlite_path(&self) -> &Path {
        &self.path
    }
}

// A SQLite URL holds no password. The variant for PostgreSQL must leave its own out here.
impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SQLITE}{}", self.path.display())
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

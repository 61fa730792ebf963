//! Opens a store, and brings its tables up to date.

use std::path::Path;
use std::sync::Arc;

use super::lane::Lane;
use super::manager::Manager;
use super::migrations::{self, MigrationState, list_migrations};
use super::others::Others;
use super::waiting::Waiting;
use super::{Store, StoreError};
use crate::model::{Database, DatabaseUrl};

/// Connections that read a SQLite file at the same time. In WAL it has any number of readers; more than the cores gain
/// nothing.
const SQLITE_READERS: u32 = 4;

impl Store {
    /// Opens the database as it is, without touching its tables.
    ///
    /// # Errors
    /// When it cannot be opened, or there is none.
    pub fn connect(database: &Database) -> Result<Self, StoreError> {
        let (manager, wait) = (Manager::new(database), database.wait);
        manager.find()?;
        let (reads, writes) = match &manager {
            // SQLite has one writer; queueing for it here instead of in the file keeps waiting fair and off the disk.
            Manager::Sqlite { .. } => {
                (Lane::open(manager.clone(), SQLITE_READERS, wait)?, Lane::open(manager.clone(), 1, wait)?)
            }
            Manager::Postgres { .. } => {
                let both = Lane::open(manager.clone(), database.max_connections, wait)?;
                (both.clone(), both)
            }
        };
        let waiting = Arc::<Waiting>::default();
        let others = Others::new(manager.clone(), writes.clone(), database.connect_timeout, Arc::clone(&waiting));
        Ok(Self { manager, reads, writes, others, freshness: Arc::default(), waiting })
    }

    /// `connect`, to a SQLite file that is made where there is none.
    ///
    /// # Errors
    /// When it cannot be made or opened.
    pub fn make(database: &Database) -> Result<Self, StoreError> {
        Manager::new(database).make()?;
        Self::connect(database)
    }

    /// `make`, with its tables brought up to date.
    ///
    /// # Errors
    /// When it cannot be opened or migrated.
    pub fn open(database: &Database) -> Result<Self, StoreError> {
        let store = Self::make(database)?;
        store.migrate()?;
        Ok(store)
    }

    /// `open`, of this SQLite file.
    ///
    /// # Errors
    /// When the file cannot be opened or migrated.
    pub fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        Self::open(&Database::new(DatabaseUrl::Sqlite(path.to_owned())))
    }

    /// `make`, of this SQLite file.
    ///
    /// # Errors
    /// When the file cannot be made or opened.
    pub fn make_sqlite(path: &Path) -> Result<Self, StoreError> {
        Self::make(&Database::new(DatabaseUrl::Sqlite(path.to_owned())))
    }

    /// Runs the migrations that are missing, in one transaction.
    ///
    /// # Errors
    /// When one of them fails; then none has happened.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        self.writes.lend(migrations::run)?
    }

    /// Which migrations there are, and which have run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn migration_state(&self) -> Result<Vec<MigrationState>, StoreError> {
        self.reads.lend(list_migrations)?
    }
}

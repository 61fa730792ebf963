//! The database, and how long to wait for it.

use std::time::Duration;

use super::DatabaseUrl;

/// Where the data is kept, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct Database {
    /// The URL of the database.
    pub url: DatabaseUrl,
    /// The most connections at the same time; PostgreSQL's only.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub wait: Duration,
    /// How long opening a connection may take; PostgreSQL's only.
    pub connect_timeout: Duration,
    /// How long a statement may take, and how long a server may say nothing; PostgreSQL's only.
    pub statement_timeout: Duration,
}

impl Database {
    /// This database, with the waits of the defaults.
    #[must_use]
    pub const fn new(url: DatabaseUrl) -> Self {
        let (connect_timeout, ten) = (Duration::from_secs(5), Duration::from_secs(10));
        Self { url, max_connections: 10, wait: ten, connect_timeout, statement_timeout: ten }
    }
}

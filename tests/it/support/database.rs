//! The database of a test: a file in its folder, or, where `HALLPASS_TEST_POSTGRES` is the URL of a server, a database of
//! its own there that goes with it.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection};
use hallpass::crypto::Random;
use hallpass::model::{Database, DatabaseUrl};
use hallpass::store::{AnyConnection, Store};

const PATIENCE: Duration = Duration::from_mins(1);

/// Whether the tests that are not about one database run on PostgreSQL.
pub(crate) fn server() -> Option<String> {
    env::var("HALLPASS_TEST_POSTGRES").ok()
}

/// The one that they run on.
pub(crate) fn kind() -> &'static str {
    if server().is_some() { "PostgreSQL" } else { "SQLite" }
}

/// A database that nobody else uses.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    url: String,
    /// Its name on the server.
    name: Option<String>,
}

impl TestDatabase {
    /// Of the kind that the tests run on, migrated.
    pub(crate) fn new(folder: &Path) -> Self {
        if server().is_some() { Self::postgres() } else { Self::sqlite(folder) }
    }

    /// What it is called in the configuration.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A file that is not there yet.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        Self { url: format!("sqlite://{}", folder.join("hallpass.db").display()), name: None }
    }

    /// On the server, migrated: a copy of one that is migrated once.
    pub(crate) fn postgres() -> Self {
        let mut admin = admin();
        let template = template(&mut admin);
        Self::create(&mut admin, &template)
    }

    /// On the server, without tables.
    pub(crate) fn postgres_empty() -> Self {
        Self::create(&mut admin(), "template0")
    }

    /// On the server, of an encoding that nobody should take.
    pub(crate) fn postgres_latin1() -> Self {
        Self::create(&mut admin(), "template0 ENCODING 'LATIN1' LOCALE 'C'")
    }

    fn create(admin: &mut PgConnection, from: &str) -> Self {
        let name = format!("test_{}", Random::from_os().hex::<8>());
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {from}")).unwrap();
        Self { url: url_of(&name), name: Some(name) }
    }

    /// What the program has to be told, in a folder that may be used.
    pub(crate) fn settings(&self, folder: &Path) -> Vec<(String, String)> {
        let mut settings = vec![("database.url".to_owned(), self.url.clone())];
        if self.name.is_some() {
            let secret = folder.join("secret");
            if !secret.exists() {
                fs::write(&secret, Random::from_os().hex::<32>()).unwrap();
            }
            settings.push(("session.secret_key_file".to_owned(), secret.display().to_string()));
        }
        settings
    }

    /// For whoever waits as long as it takes, on a machine that is busy with something else.
    pub(crate) fn model(&self) -> Database {
        let url = DatabaseUrl::parse(&self.url).unwrap();
        Database { wait: PATIENCE, connect_timeout: PATIENCE, statement_timeout: PATIENCE, ..Database::new(url) }
    }

    /// A store of another process.
    pub(crate) fn store(&self) -> Store {
        Store::make(&self.model()).unwrap()
    }

    /// A connection past the store.
    pub(crate) fn connect(&self) -> AnyConnection {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut connection = SqliteConnection::establish(path).unwrap();
                connection.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
                AnyConnection::Sqlite(connection)
            }
            None => AnyConnection::Postgres(PgConnection::establish(&self.url).unwrap()),
        }
    }

    /// Does this as another process would: on a server, those who listen are told.
    pub(crate) fn execute(&self, statement: &str) {
        let mut connection = self.connect();
        diesel::sql_query(statement).execute(&mut connection).unwrap_or_else(|error| panic!("{statement}: {error}"));
        if self.name.is_some() {
            connection.batch_execute("NOTIFY hallpass_changes").unwrap();
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // A test that fails may have taken the server with it.
            drop(admin().batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
        }
    }
}

fn admin() -> PgConnection {
    let url = server().expect("HALLPASS_TEST_POSTGRES, which tests/postgres sets");
    PgConnection::establish(&url).unwrap()
}

fn url_of(name: &str) -> String {
    format!("{}/{name}", server().unwrap().rsplit_once('/').unwrap().0)
}

/// The name of a database with the tables of today, made by whichever test comes first.
fn template(admin: &mut PgConnection) -> String {
    let name = format!("template_{:x}", hash_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres")));
    admin.batch_execute("SELECT pg_advisory_lock(1)").unwrap();
    let there = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    if diesel::sql_query(there).execute(admin).unwrap() == 0 {
        let draft = TestDatabase::create(admin, "template0");
        Store::open(&draft.model()).unwrap();
        let draft_name = draft.name.as_ref().unwrap();
        admin.batch_execute(&format!("ALTER DATABASE {draft_name} RENAME TO {name}")).unwrap();
    }
    admin.batch_execute("SELECT pg_advisory_unlock(1)").unwrap();
    name
}

fn hash_of(migrations: &Path) -> u64 {
    let mut folders: Vec<_> = fs::read_dir(migrations).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut hasher = DefaultHasher::new();
    for folder in folders {
        fs::read_to_string(folder.join("up.sql")).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

//! The rules of `migrations/README.md`: back and forth, the tables of `schema.rs`, no race on a fresh database.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Barrier;
use std::thread;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use hallpass::store::{AnyConnection, Store};

use crate::generated::root;
use crate::support::database::{self, TestDatabase};
use crate::support::server;

/// By table: each column with its type, and whether it may be null.
type Tables = BTreeMap<String, BTreeSet<(String, String, bool)>>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    named: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

const OF_SQLITE: &str = "SELECT t.name AS of_table, c.name AS named, c.type AS declared, c.\"notnull\" = 0 AS nullable \
                         FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' \
                         AND t.name NOT LIKE 'sqlite_%' AND t.name <> '__diesel_schema_migrations'";

const OF_POSTGRES: &str = "SELECT table_name::text AS of_table, column_name::text AS named, \
                           upper(data_type::text) AS declared, is_nullable = 'YES' AS nullable \
                           FROM information_schema.columns WHERE table_schema = 'public' \
                           AND table_name <> '__diesel_schema_migrations'";

/// Each kind of database there is here, without tables.
fn each(test: impl Fn(&TestDatabase)) {
    let folder = tempfile::tempdir().unwrap();
    test(&TestDatabase::sqlite(folder.path()));
    if database::server().is_some() {
        test(&TestDatabase::postgres_empty());
    }
}

/// The tables of a database, in the words of `schema.rs`.
fn tables_of(database: &TestDatabase) -> Tables {
    let columns: Vec<Column> = match database.connect() {
        AnyConnection::Sqlite(mut inner) => diesel::sql_query(OF_SQLITE).load(&mut inner).unwrap(),
        AnyConnection::Postgres(mut inner) => diesel::sql_query(OF_POSTGRES).load(&mut inner).unwrap(),
    };
    let mut tables = Tables::new();
    for Column { of_table, named, declared, nullable } in columns {
        let id = declared == "INTEGER" && named == "id";
        let kind = match declared.as_str() {
            "BIGINT" => "BigInt",
            // The one way to name SQLite's 64-bit row id.
            "INTEGER" if id => "BigInt",
            "INTEGER" => "Integer",
            "TEXT" => "Text",
            "BLOB" | "BYTEA" => "Binary",
            "BOOLEAN" => "Bool",
            other => panic!("{of_table}.{named} is a {other}"),
        };
        tables.entry(of_table).or_default().insert((named, kind.to_owned(), nullable));
    }
    tables
}

/// The tables of `schema.rs`, read as text: the module is the store's own.
fn tables_of_schema() -> Tables {
    let text = fs::read_to_string(root().join("src/store/schema.rs")).unwrap();
    let mut tables = Tables::new();
    for part in text.split("diesel::table! {").skip(1) {
        let (name, rest) = part.trim_start().split_once(" (").unwrap();
        let columns = rest.split_once('{').unwrap().1.split('}').next().unwrap();
        for line in columns.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty()) {
            let (column, kind) = line.split_once(" -> ").unwrap();
            let inner = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            let column = (column.to_owned(), inner.unwrap_or(kind).to_owned(), inner.is_some());
            tables.entry(name.to_owned()).or_default().insert(column);
        }
    }
    tables
}

#[test]
fn the_tables_are_those_of_the_schema() {
    each(|database| {
        Store::open(&database.model()).unwrap();
        assert_eq!(tables_of(database), tables_of_schema());
    });
}

fn revert_all(database: &TestDatabase) -> usize {
    let all = |kind| FileBasedMigrations::from_path(root().join("migrations").join(kind)).unwrap();
    match database.connect() {
        AnyConnection::Sqlite(mut inner) => inner.revert_all_migrations(all("sqlite")).unwrap().len(),
        AnyConnection::Postgres(mut inner) => inner.revert_all_migrations(all("postgres")).unwrap().len(),
    }
}

#[test]
fn down_takes_everything_away_and_up_brings_it_back() {
    each(|database| {
        let store = Store::open(&database.model()).unwrap();
        let reverted = revert_all(database);
        assert_eq!(tables_of(database), Tables::new());
        assert_eq!(store.migrate().unwrap().len(), reverted);
        assert_eq!(tables_of(database), tables_of_schema());
    });
}

#[test]
fn a_migration_that_fails_leaves_nothing_behind() {
    each(|database| {
        let store = Store::make(&database.model()).unwrap();
        // The last table of the first migration is in the way.
        database.execute("CREATE TABLE audit_log (id INTEGER)");
        assert!(store.migrate().is_err());
        assert_eq!(tables_of(database).into_keys().collect::<Vec<_>>(), ["audit_log"]);
        database.execute("DROP TABLE audit_log");
        store.migrate().unwrap();
        assert_eq!(tables_of(database), tables_of_schema());
    });
}

#[test]
fn each_database_has_the_same_migrations_each_with_its_way_back() {
    let databases = root().join("migrations");
    let sqlite = folders(&databases.join("sqlite"));
    for database in folders(&databases) {
        assert_eq!(folders(&databases.join(&database)), sqlite, "{database}");
        for name in &sqlite {
            for way in ["up.sql", "down.sql"] {
                let sql = fs::read_to_string(databases.join(&database).join(name).join(way)).unwrap();
                assert!(!sql.trim().is_empty(), "{database}/{name}/{way}");
            }
        }
    }
    each(|database| {
        let state = Store::open(&database.model()).unwrap().migration_state().unwrap();
        assert_eq!(state.into_iter().map(|one| one.name).collect::<BTreeSet<_>>(), sqlite);
    });
}

#[test]
fn four_that_migrate_a_fresh_database_at_once_do_not_race() {
    let there_are = folders(&root().join("migrations/sqlite")).len();
    let race = |database: &TestDatabase| {
        let together = Barrier::new(4);
        let migrate = || {
            together.wait();
            database.store().migrate().unwrap().len()
        };
        let ran: usize = thread::scope(|scope| {
            let all = [(); 4].map(|()| scope.spawn(migrate));
            all.map(|one| one.join().unwrap()).into_iter().sum()
        });
        assert_eq!(ran, there_are, "each ran once");
    };
    for _ in 0..50 {
        let folder = tempfile::tempdir().unwrap();
        race(&TestDatabase::sqlite(folder.path()));
    }
    // A database on a server costs a second's tenth.
    for _ in 0..if database::server().is_some() { 10 } else { 0 } {
        race(&TestDatabase::postgres_empty());
    }
}

#[test]
fn two_processes_that_migrate_a_fresh_sqlite_file_at_once_do_not_race_in_fifty_tries() {
    for _ in 0..50 {
        let folder = tempfile::tempdir().unwrap();
        let start = || {
            let mut command = server::program(folder.path(), &[]);
            command.args(["migrate", "up"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
        assert!(both.iter().all(|output| output.status.success()), "{both:?}");
        let ran = both.iter().filter(|output| output.stdout.starts_with(b"ran ")).count();
        assert_eq!(ran, 1, "{both:?}");
    }
}

fn folders(path: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap());
    entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap()).collect()
}

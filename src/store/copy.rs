//! A whole site from a SQLite file into PostgreSQL. The server's tables say what there is to copy, so that a new table is
//! copied without a word here; rows travel as JSON, a thousand at a time.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{PgConnection, SqliteConnection, sql_query};

use super::{AnyConnection, Manager, Store, StoreError};
use crate::model::Database;

/// Rows that travel together.
const BATCH: u32 = 1000;

/// The tables in the order they were made, which is that of what refers to what.
const TABLES: &str = "SELECT relname::text AS named FROM pg_class WHERE relkind = 'r' \
                      AND relnamespace = current_schema()::regnamespace AND relname <> '__diesel_schema_migrations' \
                      ORDER BY oid";

/// How each column of a table is written in JSON by SQLite.
const COLUMNS: &str = "SELECT column_name::text AS named, CASE data_type WHEN 'bytea' \
                       THEN 'CASE WHEN ' || column_name || ' IS NOT NULL THEN ''\\x'' || hex(' || column_name || ') END' \
                       ELSE column_name END::text AS read FROM information_schema.columns \
                       WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";

/// The one table that is not empty when it is made.
const FILLED_WHEN_MADE: &str = "jobs";

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Another pair of databases.
    #[error("only a SQLite file can be copied, and only to PostgreSQL: `migrate copy sqlite://… postgres://…`")]
    Direction,
    /// The file is of an older version.
    #[error("the SQLite file is not up to date; `hallpass migrate up` makes it so")]
    NotMigrated,
    /// Somebody uses the other database already.
    #[error("{table} has {rows} rows already; copy to a database that is new")]
    NotEmpty {
        /// The table.
        table: String,
        /// How many rows it has.
        rows: i64,
    },
    /// What arrived is not what was sent.
    #[error("of {sent} rows of {table} {arrived} arrived")]
    Differs {
        /// The table.
        table: String,
        /// The rows of the file.
        sent: i64,
        /// The rows of the server.
        arrived: i64,
    },
    /// One of the databases.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for CopyError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    named: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    named: String,
    #[diesel(sql_type = Text)]
    read: String,
}

#[derive(QueryableByName)]
struct Batch {
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
    #[diesel(sql_type = Text)]
    rows: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Sequence {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// Copies every row, and gives the number of each table's. Nobody writes to the file meanwhile; the server has all of it
/// in the end, or nothing.
///
/// # Errors
/// See [`CopyError`].
pub fn copy(from: &Database, to: &Database) -> Result<Vec<(String, i64)>, CopyError> {
    if from.url.sqlite_path().is_none() || to.url.sqlite_path().is_some() {
        return Err(CopyError::Direction);
    }
    if Store::connect(from)?.migration_state()?.iter().any(|migration| !migration.applied) {
        return Err(CopyError::NotMigrated);
    }
    Store::open(to)?;
    match (Manager::new(from).connect()?, Manager::new(to).connect()?) {
        (AnyConnection::Sqlite(mut source), AnyConnection::Postgres(mut target)) => {
            source.immediate_transaction(|source| target.transaction(|target| copy_all(source, target)))
        }
        _ => Err(CopyError::Direction),
    }
}

fn copy_all(source: &mut SqliteConnection, target: &mut PgConnection) -> Result<Vec<(String, i64)>, CopyError> {
    target.batch_execute("SET LOCAL statement_timeout = 0")?;
    let tables: Vec<Named> = sql_query(TABLES).load(target)?;
    for Named { named: table } in &tables {
        check_empty(target, table)?;
    }
    let copied = tables.into_iter().map(|Named { named }| Ok((copy_table(source, target, &named)?, named)));
    let copied: Result<Vec<(i64, String)>, CopyError> = copied.collect();
    go_on_counting(source, target)?;
    Ok(copied?.into_iter().map(|(rows, table)| (table, rows)).collect())
}

fn check_empty(target: &mut PgConnection, table: &str) -> Result<(), CopyError> {
    if table == FILLED_WHEN_MADE {
        target.batch_execute(&format!("DELETE FROM {table}"))?;
    }
    let rows = sql_query(count(table)).get_result::<Number>(target)?.number;
    if rows > 0 { Err(CopyError::NotEmpty { table: table.to_owned(), rows }) } else { Ok(()) }
}

fn copy_table(source: &mut SqliteConnection, target: &mut PgConnection, table: &str) -> Result<i64, CopyError> {
    let columns: Vec<Column> = sql_query(COLUMNS).bind::<Text, _>(table).load(target)?;
    let (write, read) = (insert(table, &columns), select(table, &columns));
    let mut after = 0;
    loop {
        let batch: Batch = sql_query(&read).bind::<BigInt, _>(after).get_result(source)?;
        let Some(last) = batch.last else { break };
        sql_query(&write).bind::<Text, _>(batch.rows).execute(target)?;
        after = last;
    }
    let sent = sql_query(count(table)).get_result::<Number>(source)?.number;
    let arrived = sql_query(count(table)).get_result::<Number>(target)?.number;
    if sent == arrived { Ok(sent) } else { Err(CopyError::Differs { table: table.to_owned(), sent, arrived }) }
}

fn count(table: &str) -> String {
    format!("SELECT count(*) AS number FROM {table}")
}

fn insert(table: &str, columns: &[Column]) -> String {
    let names = columns.iter().map(|column| column.named.as_str()).collect::<Vec<_>>().join(", ");
    format!("INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, $1::json)")
}

/// Row ids begin at 1 and say where the next batch begins.
fn select(table: &str, columns: &[Column]) -> String {
    let pairs = columns.iter().map(|column| format!("'{}', {}", column.named, column.read));
    let pairs = pairs.collect::<Vec<_>>().join(", ");
    format!(
        "SELECT max(place) AS last, json_group_array(json_object({pairs})) AS rows \
         FROM (SELECT rowid AS place, * FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {BATCH})"
    )
}

/// Ids are never used twice: the server goes on where the file was, though the last rows may be gone.
fn go_on_counting(source: &mut SqliteConnection, target: &mut PgConnection) -> Result<(), CopyError> {
    let sequences: Vec<Sequence> = sql_query("SELECT name, seq FROM sqlite_sequence WHERE seq > 0").load(source)?;
    for Sequence { name, seq } in sequences {
        sql_query("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)")
            .bind::<Text, _>(name)
            .bind::<BigInt, _>(seq)
            .execute(target)?;
    }
    Ok(())
}

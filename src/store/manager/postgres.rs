//! A PostgreSQL server: whether it will do, and how a connection to it is opened.

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, ConnectionError, PgConnection, RunQueryDsl as _, sql_query};
use secrecy::{ExposeSecret as _, SecretString};

use crate::store::{AnyConnection, StoreError};

/// The oldest PostgreSQL that will do, as it numbers itself.
const OLDEST: i32 = 140_000;

#[derive(diesel::QueryableByName)]
struct About {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    version: i32,
    #[diesel(sql_type = diesel::sql_types::Text)]
    encoding: String,
}

const ABOUT: &str = "SELECT current_setting('server_version_num')::int AS version, \
                     current_setting('server_encoding') AS encoding";

pub(super) fn will_do(mut connection: AnyConnection) -> Result<(), StoreError> {
    let About { version, encoding } = sql_query(ABOUT).get_result(&mut connection)?;
    if version < OLDEST {
        let oldest = OLDEST / 10_000;
        return Err(StoreError::Unavailable(format!(
            "PostgreSQL {} is too old; take {oldest} or newer",
            version / 10_000
        )));
    }
    if encoding == "UTF8" {
        return Ok(());
    }
    let remedy = "make another one with `createdb --encoding=UTF8 --template=template0`";
    Err(StoreError::Unavailable(format!("the encoding of the database is {encoding}; {remedy}")))
}

pub(super) fn open_postgres(url: &SecretString, on_open: &str) -> Result<PgConnection, ConnectionError> {
    let mut inner = PgConnection::establish(url.expose_secret())?;
    inner.batch_execute(on_open).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(inner)
}

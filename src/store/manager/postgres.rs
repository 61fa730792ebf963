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
    #[diesel(sql_type = diesel::sql_types::Text)]
    messages: String,
}

const ABOUT: &str = "SELECT current_setting('server_version_num')::int AS version, \
                     current_setting('server_encoding') AS encoding, current_setting('lc_messages') AS messages";

pub(super) fn will_do(mut connection: AnyConnection) -> Result<(), StoreError> {
    let About { version, encoding, messages } = sql_query(ABOUT).get_result(&mut connection)?;
    if !is_english(&messages) {
        tracing::warn!(
            lc_messages = messages,
            "the server does not speak English to us, so that a full disk looks like a fault of ours: have its administrator \
             say ALTER ROLE … SET lc_messages = 'C'"
        );
    }
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

/// Whether what the server says is what `error.rs` and `room.rs` look for: diesel does not tell the code of most errors.
fn is_english(locale: &str) -> bool {
    let language = locale.split(['_', '.', '@']).next().unwrap_or_default();
    matches!(language, "" | "C" | "POSIX" | "en" | "English")
}

pub(super) fn open_postgres(url: &SecretString, on_open: &str) -> Result<PgConnection, ConnectionError> {
    let mut inner = PgConnection::establish(url.expose_secret())?;
    inner.batch_execute(on_open).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(inner)
}

#[cfg(test)]
mod tests {
    use super::is_english;

    #[test]
    fn a_server_that_speaks_english_is_told_from_others() {
        assert!(
            ["", "C", "C.UTF-8", "POSIX", "en_US.utf8", "en", "English_United States.1252"]
                .iter()
                .all(|it| is_english(it))
        );
        assert!(!["de_DE.UTF-8", "ca@valencia", "German_Germany.1252", "et"].iter().any(|it| is_english(it)));
    }
}

//! `[database]`: where the data is kept.

use std::time::Duration;

use super::catalog::{Kind, Section, Setting};
use super::reader::Reader;
use crate::model::{Database, DatabaseUrl};

pub(super) const SECTION: Section = Section {
    name: "database",
    about: "Where users, keys and sessions are kept.",
    settings: &[&URL, &MAX_CONNECTIONS, &WAIT_SECONDS, &CONNECT_TIMEOUT_SECONDS, &STATEMENT_TIMEOUT_SECONDS],
};

const URL: Setting = Setting {
    section: "database",
    name: "url",
    kind: Kind::Url(
        "the URL of a SQLite file, \"sqlite://hallpass.db\" or \"sqlite:///var/lib/hallpass/hallpass.db\", or of a \
         PostgreSQL database, \"postgres://user:password@host/name?sslmode=verify-full\"",
    ),
    default: r#""sqlite://hallpass.db""#,
    about: "The SQLite file: `sqlite://x.db` is relative to the working directory, `sqlite:///x.db` (three slashes) \
            absolute. It is created when it is missing; its folder is not. SQLite writes further files beside it. Or \
            a PostgreSQL database, 14 or newer: `postgres://` with everything that PostgreSQL's own client takes in a \
            URL. The password may as well be in `PGPASSWORD` or `~/.pgpass`.",
};

const MAX_CONNECTIONS: Setting = Setting {
    section: "database",
    name: "max_connections",
    kind: Kind::Integer(1, 1000),
    default: "10",
    about: "The most connections to PostgreSQL at the same time; one more listens for what other processes change. \
            The sum over all processes has to stay below the server's own `max_connections`. With SQLite four \
            connections read and one writes, whatever stands here.",
};

const WAIT_SECONDS: Setting = Setting {
    section: "database",
    name: "wait_seconds",
    kind: Kind::Integer(1, 300),
    default: "10",
    about: "How long a request waits for a free connection. Then it is answered with 503.",
};

const CONNECT_TIMEOUT_SECONDS: Setting = Setting {
    section: "database",
    name: "connect_timeout_seconds",
    kind: Kind::Integer(2, 300),
    default: "5",
    about: "How long opening a connection to PostgreSQL may take. `connect_timeout` in the URL is stronger.",
};

const STATEMENT_TIMEOUT_SECONDS: Setting = Setting {
    section: "database",
    name: "statement_timeout_seconds",
    kind: Kind::Integer(1, 3600),
    default: "10",
    about: "How long a statement on PostgreSQL may take, waiting for others included; and after how long a server that \
            does not acknowledge what it was sent counts as gone (`tcp_user_timeout` in the URL is stronger).",
};

pub(super) fn read(reader: &mut Reader) -> Option<Database> {
    let url = reader.url(&URL, DatabaseUrl::parse);
    let max_connections = reader.integer(&MAX_CONNECTIONS);
    let mut seconds = |setting| reader.integer(setting).map(Duration::from_secs);
    let (wait, connect_timeout) = (seconds(&WAIT_SECONDS), seconds(&CONNECT_TIMEOUT_SECONDS));
    let statement_timeout = seconds(&STATEMENT_TIMEOUT_SECONDS);
    Some(Database {
        url: url?,
        max_connections: max_connections?,
        wait: wait?,
        connect_timeout: connect_timeout?,
        statement_timeout: statement_timeout?,
    })
}

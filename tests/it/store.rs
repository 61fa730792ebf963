//! The store's contract: every public function, on each database.

mod admin;
mod clients;
mod jobs;
mod keys;
mod last_used;
mod notifications;
mod postgres;
mod sessions;
mod succession;
mod transactions;
mod users;
mod windows;

use std::path::Path;

use hallpass::model::{
    ApplicationName, ClientId, ClientRowId, Fingerprint, KeyHash, KeyId, NewKey, NewUser, Scopes, Staff, Succession,
    Timestamp, TrustLevel, UserId, Username,
};
use hallpass::store::{self, AnyConnection, Store, StoreError};

use crate::support::database::{self, TestDatabase};

/// A database that the contract holds on.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Sqlite,
    Postgres,
}

/// All of them. A new one is a new entry here.
const KINDS: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

impl Kind {
    /// Fresh; nothing where there is no server.
    fn make(self, folder: &Path) -> Option<TestDatabase> {
        match self {
            Self::Sqlite => Some(TestDatabase::sqlite(folder)),
            Self::Postgres => database::server().map(|_| TestDatabase::postgres()),
        }
    }
}

/// Runs the test on each database, fresh and migrated.
async fn on_each(test: impl AsyncFn(Store)) {
    for kind in KINDS {
        let folder = tempfile::tempdir().unwrap();
        let Some(database) = kind.make(folder.path()) else { continue };
        test(Store::open(&database.model()).unwrap()).await;
    }
}

/// What a closure for `Store::read` and `Store::write` gives when nothing but the store can fail in it.
type Done<T> = Result<T, StoreError>;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn new_user(name: &str) -> NewUser {
    NewUser {
        username: Username::parse(name).unwrap(),
        name: String::new(),
        email: None,
        staff: Staff::default(),
        trust_level: TrustLevel::default(),
        named_groups: std::collections::BTreeSet::new(),
    }
}

fn user(tx: &mut AnyConnection, name: &str) -> Done<UserId> {
    store::insert_user(tx, &new_user(name), at(1), None)
}

fn client_id(text: &str) -> ClientId {
    ClientId::parse(text).unwrap()
}

fn client(tx: &mut AnyConnection, id: &str) -> Done<ClientRowId> {
    let name = ApplicationName::parse("Deskbell").unwrap();
    Ok(store::find_or_insert_client(tx, &client_id(id), &name, at(1))?.row)
}

fn hash(number: u8) -> KeyHash {
    KeyHash::from_bytes([number; 32])
}

fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::parse(&format!("{number:02x}").repeat(32)).unwrap()
}

/// A key without anything optional; its hash is of that number.
fn new_key(user_id: UserId, number: u8) -> NewKey {
    NewKey {
        user_id,
        hash: hash(number),
        start: "4f1e".to_owned(),
        application_name: ApplicationName::parse("Deskbell").unwrap(),
        scopes: Scopes::parse("read,write").unwrap(),
        auth_redirect: None,
        push_url: None,
        fingerprint: Some(fingerprint(7)),
        created_at: at(10),
        expires_at: None,
    }
}

fn key(tx: &mut AnyConnection, user: UserId, client: ClientRowId, number: u8) -> Done<KeyId> {
    store::insert_key(tx, client, &new_key(user, number), Succession::Settled)
}

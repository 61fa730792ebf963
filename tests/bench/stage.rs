//! Makes the site of a measurement: a folder with a database full of users and keys, a configuration, and the keys.
//!
//! `stage FOLDER USERS KEYS ACTIVE` writes `hallpass.db`, `hallpass.toml` and the first ACTIVE keys, one a line, to
//! `keys.txt`. The same numbers give the same keys.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use hallpass::app::SystemClock;
use hallpass::crypto::hash_key;
use hallpass::model::{
    ApplicationName, ClientId, ClientRowId, Clock, Email, Fingerprint, Group, KeyHash, NewKey, NewUser, PlainKey,
    Scopes, Staff, Succession, Timestamp, TrustLevel, UserId, Username,
};
use hallpass::store::{self, Store, StoreError};
use sha2::{Digest, Sha256};

/// Nothing is refused here but what is meant to be; `tests/bench/run` sets what a figure needs otherwise.
const CONFIGURATION: &str = r#"[database]
url = "sqlite://hallpass.db"

[server]
trusted_proxies = ["127.0.0.1"]

[user_api]
max_user_api_reqs_per_minute = 10000000
max_user_api_reqs_per_day = 10000000

[limits]
unknown_keys_per_address_per_minute = 1000000
unknown_keys_per_caller_per_minute = 1000000

[verify]
peers = ["127.0.0.1"]
"#;

/// Rows per transaction.
const BATCH: usize = 20_000;

struct Row {
    number: u64,
    start: String,
    hash: KeyHash,
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, users, keys, active] = arguments.as_slice() else { bail!("stage FOLDER USERS KEYS ACTIVE") };
    let (folder, users, keys, active) = (Path::new(folder), users.parse()?, keys.parse()?, active.parse()?);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("hallpass.toml"), CONFIGURATION)?;
    let store = Store::open_sqlite(&folder.join("hallpass.db"))?;
    let users = insert_users(&store, users).await?;
    let clients = insert_clients(&store).await?;
    insert_keys(&store, keys, users, clients).await?;
    // Last: where it is, the site is whole.
    let listed: Vec<_> = (0..active).map(plain).collect();
    let lines: Vec<_> = listed.iter().map(PlainKey::expose).collect();
    Ok(fs::write(folder.join("keys.txt"), lines.join("\n"))?)
}

/// The key of this number.
fn plain(number: u64) -> PlainKey {
    let digest: [u8; 32] = Sha256::digest(number.to_be_bytes()).into();
    PlainKey::from_bits(&digest.first_chunk().copied().unwrap_or_default())
}

async fn insert_users(store: &Store, count: u64) -> anyhow::Result<Vec<UserId>> {
    let users = (1..=count).map(user).collect::<anyhow::Result<Vec<NewUser>>>()?;
    let insert = move |c: &mut store::AnyConnection| {
        let now = SystemClock.now();
        users.iter().map(|user| store::insert_user(c, user, now, None)).collect::<Result<_, StoreError>>()
    };
    Ok(store.write(insert).await?)
}

fn user(number: u64) -> anyhow::Result<NewUser> {
    Ok(NewUser {
        username: Username::parse(&format!("user{number}"))?,
        name: format!("User {number}"),
        email: Some(Email::parse(&format!("user{number}@example.org"))?),
        staff: Staff::default(),
        trust_level: TrustLevel::parse(2)?,
        named_groups: BTreeSet::from([Group::parse("readers")?]),
    })
}

async fn insert_clients(store: &Store) -> anyhow::Result<Vec<ClientRowId>> {
    let name = application()?;
    let ids = (0..10).map(|number| Ok(ClientId::parse(&format!("deskbell-{number}"))?));
    let ids = ids.collect::<anyhow::Result<Vec<ClientId>>>()?;
    let insert = move |c: &mut store::AnyConnection| {
        let now = SystemClock.now();
        ids.iter().map(|id| Ok(store::find_or_insert_client(c, id, &name, now)?.row)).collect::<Result<_, StoreError>>()
    };
    Ok(store.write(insert).await?)
}

fn application() -> anyhow::Result<ApplicationName> {
    Ok(ApplicationName::parse("Deskbell")?)
}

/// In the order of the hashes, so that their index grows at its end.
async fn insert_keys(store: &Store, count: u64, users: Vec<UserId>, clients: Vec<ClientRowId>) -> anyhow::Result<()> {
    let mut rows: Vec<Row> = (0..count).map(row).collect();
    rows.sort_unstable_by_key(|row| Reverse(row.hash));
    let now = SystemClock.now();
    while !rows.is_empty() {
        let batch = rows.split_off(rows.len().saturating_sub(BATCH));
        let batch = batch.into_iter().rev().map(|row| Ok((pick(&clients, row.number / 7)?, key(row, &users, now)?)));
        let batch = batch.collect::<anyhow::Result<Vec<(ClientRowId, NewKey)>>>()?;
        let insert = move |c: &mut store::AnyConnection| {
            batch.iter().try_for_each(|(client, key)| store::insert_key(c, *client, key, Succession::Settled).map(drop))
        };
        store.write::<(), StoreError, _>(insert).await?;
    }
    Ok(())
}

fn row(number: u64) -> Row {
    let key = plain(number);
    Row { number, start: key.expose().chars().take(4).collect(), hash: hash_key(&key) }
}

fn key(row: Row, users: &[UserId], now: Timestamp) -> anyhow::Result<NewKey> {
    Ok(NewKey {
        user_id: pick(users, row.number)?,
        hash: row.hash,
        start: row.start,
        application_name: application()?,
        scopes: Scopes::parse("read,notifications")?,
        auth_redirect: None,
        push_url: None,
        fingerprint: Some(Fingerprint::from_bytes([7; 32])),
        created_at: now,
        expires_at: None,
    })
}

/// One of them for each number, in turn.
fn pick<T: Copy>(all: &[T], number: u64) -> anyhow::Result<T> {
    let place = usize::try_from(number)?.checked_rem(all.len()).context("there is none")?;
    all.get(place).copied().context("there is none")
}

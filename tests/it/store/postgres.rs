//! What only a server does: it hangs up, is asked by TLS, stops transactions that stand in each other's way. Without a
//! server (`HALLPASS_TEST_POSTGRES`) there is nothing to show.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use hallpass::model::{Database, DatabaseUrl};
use hallpass::store::{self, AnyConnection, Store, StoreError};
use tokio::sync::Barrier;

use super::{Done, at, client, hash, key, user};
use crate::support::database::{self, TestDatabase};

fn migrated() -> Option<TestDatabase> {
    database::server().map(|_| TestDatabase::postgres())
}

fn connect(url: &str) -> Result<Store, StoreError> {
    Store::connect(&Database::new(DatabaseUrl::parse(url).unwrap()))
}

const HANG_UP: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[actix_web::test]
async fn connections_that_died_while_they_were_idle_are_replaced() {
    let Some(database) = migrated() else { return };
    let store = database.store();
    store.write(|tx| user(tx, "ada")).await.unwrap();
    store.hear_others(at(1)).await.unwrap();
    database.execute(HANG_UP);
    assert_eq!(store.read(store::list_users).await.unwrap().len(), 1);
    store.write(|tx| user(tx, "bob")).await.unwrap();
    assert!(store.hear_others(at(1)).await.is_err(), "who could not listen says so once");
    store.hear_others(at(1)).await.unwrap();
}

#[actix_web::test]
async fn a_connection_that_dies_amid_the_work_is_an_error_once_and_nothing_is_written() {
    let Some(database) = migrated() else { return };
    let store = database.store();
    let database = Arc::new(database);
    let server = Arc::clone(&database);
    let cut_off: Done<()> = store
        .write(move |tx| {
            user(tx, "ada")?;
            server.execute(HANG_UP);
            user(tx, "bob").map(drop)
        })
        .await;
    assert!(matches!(cut_off, Err(StoreError::Unavailable(_))), "{cut_off:?}");
    assert!(store.read(store::list_users).await.unwrap().is_empty());
    store.write(|tx| user(tx, "ada")).await.unwrap();
}

#[actix_web::test]
async fn a_server_is_known_by_its_certificate_or_not_asked() {
    let (Some(database), Ok(root)) = (migrated(), env::var("HALLPASS_TEST_POSTGRES_ROOT")) else { return };
    let with = |root: &str| connect(&format!("{}?sslmode=verify-full&sslrootcert={root}", database.url()));
    let store = with(&root).unwrap();
    let by_tls = |c: &mut AnyConnection| -> Done<usize> {
        use diesel::RunQueryDsl;
        Ok(diesel::sql_query("SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl").execute(c)?)
    };
    assert_eq!(store.read(by_tls).await.unwrap(), 1);
    let another = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/keys/certificate.pem");
    let refused = with(another).unwrap_err();
    assert!(refused.to_string().contains("certificate verify failed"), "{refused}");
}

#[test]
fn a_wrong_password_and_a_server_that_is_not_there_are_told_at_once_without_the_password() {
    let Some(database) = migrated() else { return };
    let (_, place) = database.url().rsplit_once('@').unwrap();
    let begun = std::time::Instant::now();
    for (place, why) in [(place, "authentication failed"), ("127.0.0.1:1/hall", "refused")] {
        let error = connect(&format!("postgres://hallpass:s3cr3t@{place}")).unwrap_err().to_string();
        assert!(error.contains(why) && !error.contains("s3cr3t"), "{error}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_database_of_another_encoding_is_refused_with_what_to_do() {
    if database::server().is_none() {
        return;
    }
    let error = connect(TestDatabase::postgres_latin1().url()).unwrap_err().to_string();
    assert!(error.contains("LATIN1") && error.contains("--encoding=UTF8"), "{error}");
}

#[actix_web::test]
async fn of_two_transactions_that_each_miss_what_the_other_writes_one_runs_again_alone() {
    let Some(database) = migrated() else { return };
    let store = database.store();
    let (together, times) = (Arc::new(Barrier::new(2)), Arc::new(std::sync::atomic::AtomicUsize::new(0)));
    let only_while_there_is_none = |name: &'static str| {
        let (store, together, times) = (store.clone(), Arc::clone(&together), Arc::clone(&times));
        actix_web::rt::spawn(async move {
            let runtime = tokio::runtime::Handle::current();
            let write = move |tx: &mut AnyConnection| -> Done<bool> {
                let first = store::list_users(tx)?.is_empty();
                // Both have looked before either writes; whoever runs again finds nobody to wait for.
                if times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2 {
                    runtime.block_on(together.wait());
                }
                if first {
                    user(tx, name)?;
                }
                Ok(first)
            };
            store.write(write).await.unwrap()
        })
    };
    let both = [only_while_there_is_none("ada"), only_while_there_is_none("bob")];
    let mut made = 0;
    for one in both {
        made += usize::from(one.await.unwrap());
    }
    assert_eq!((made, times.load(std::sync::atomic::Ordering::SeqCst)), (1, 3));
    assert_eq!(store.read(store::list_users).await.unwrap().len(), 1);
}

/// Who ends gives up the lock a moment before PostgreSQL stops counting it; this one never took the lock.
#[actix_web::test]
async fn a_transaction_that_runs_alone_is_not_stopped_by_one_that_is_still_counted() {
    let Some(database) = migrated() else { return };
    let (store, times) = (database.store(), Arc::new(std::sync::atomic::AtomicUsize::new(0)));
    let database = Arc::new(database);
    let (server, counted) = (Arc::clone(&database), Arc::clone(&times));
    let write = move |tx: &mut AnyConnection| -> Done<()> {
        let time = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let mut other = server.connect();
        other.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE")?;
        // Each misses what the other writes.
        store::list_users(&mut other)?;
        store::list_users(tx)?;
        user(tx, &format!("ada{time}"))?;
        user(&mut other, &format!("bob{time}"))?;
        Ok(other.batch_execute("COMMIT")?)
    };
    store.write(write).await.unwrap();
    assert_eq!(times.load(std::sync::atomic::Ordering::SeqCst), 2);
    let mut names: Vec<_> =
        store.read(store::list_users).await.unwrap().into_iter().map(|one| one.username.to_string()).collect();
    names.sort();
    assert_eq!(names, ["ada1", "bob0", "bob1"]);
}

#[actix_web::test]
async fn a_transaction_that_swallows_an_error_of_the_database_is_not_said_to_have_happened() {
    let Some(database) = migrated() else { return };
    let store = database.store();
    let swallowed: Done<()> = store
        .write(|tx| {
            let ada = user(tx, "ada")?;
            let desk = client(tx, "desk")?;
            key(tx, ada, desk, 1)?;
            drop(key(tx, ada, desk, 1));
            Ok(())
        })
        .await;
    assert!(swallowed.is_err());
    let found = store.read(|c| store::find_key_with_owner(c, &hash(1))).await.unwrap();
    assert!(found.is_none());
}

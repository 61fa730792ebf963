//! `Store::read` and `Store::write`: all of it or none, one writer after another, and what opening does.

use std::os::unix::fs::PermissionsExt;

use hallpass::store::{self, AnyConnection, Store, StoreError};

use super::{Done, on_each, user};

#[actix_web::test]
async fn a_write_that_fails_has_not_happened() {
    on_each(async |store| {
        let failed: Done<()> = store
            .write(|tx| {
                user(tx, "ada")?;
                Err(StoreError::Busy("on purpose".to_owned()))
            })
            .await;
        assert!(matches!(failed, Err(StoreError::Busy(_))));
        assert!(store.read(store::list_users).await.unwrap().is_empty());
        store.write(|tx| user(tx, "ada")).await.unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_write_that_panics_has_not_happened_and_the_next_one_goes_on() {
    on_each(async |store| {
        let failed: Done<()> = store
            .write(|tx| {
                user(tx, "ada")?;
                panic!("on purpose")
            })
            .await;
        assert!(matches!(failed, Err(StoreError::Query(_))), "{failed:?}");
        assert!(store.read(store::list_users).await.unwrap().is_empty());
        store.write(|tx| user(tx, "ada")).await.unwrap();
    })
    .await;
}

#[actix_web::test]
async fn what_is_done_meanwhile_is_written_with_or_not_at_all() {
    on_each(async |store| {
        let ada = store.write(|tx| user(tx, "ada")).await.unwrap();
        let busy = |why: &str| StoreError::Busy(why.to_owned());
        let bob = |tx: &mut AnyConnection| user(tx, "bob");
        let failed: Done<(_, ())> = store.write_of_meanwhile(ada, bob, || Err(busy("meanwhile"))).await;
        assert!(failed.unwrap_err().to_string().contains("meanwhile"));
        let fails = move |_: &mut AnyConnection| Done::<()>::Err(busy("the write"));
        let failed: Done<((), ())> = store.write_of_meanwhile(ada, fails, || Err(busy("meanwhile"))).await;
        assert!(failed.unwrap_err().to_string().contains("meanwhile"));
        let failed: Done<((), _)> = store.write_of_meanwhile(ada, fails, || Ok(7)).await;
        assert!(failed.unwrap_err().to_string().contains("the write"));
        assert_eq!(store.read(store::list_users).await.unwrap().len(), 1);
        let (_, done) = store.write_of_meanwhile(ada, bob, || Done::Ok(7)).await.unwrap();
        assert_eq!((done, store.read(store::list_users).await.unwrap().len()), (7, 2));
    })
    .await;
}

#[actix_web::test]
async fn a_panic_meanwhile_undoes_the_write_and_the_next_one_goes_on() {
    on_each(async |store| {
        let ada = store.write(|tx| user(tx, "ada")).await.unwrap();
        let panicking = store.clone();
        let task = actix_web::rt::spawn(async move {
            let bob = |tx: &mut AnyConnection| user(tx, "bob");
            panicking.write_of_meanwhile(ada, bob, || -> Done<()> { panic!("on purpose") }).await
        });
        assert!(task.await.unwrap_err().is_panic());
        store.write(|tx| user(tx, "eve")).await.unwrap();
        let names = store.read(store::list_users).await.unwrap();
        assert_eq!(names.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["ada", "eve"]);
    })
    .await;
}

#[actix_web::test]
async fn many_writers_that_read_first_wait_for_each_other() {
    on_each(async |store| {
        let count = |tx: &mut _| Done::Ok(store::list_users(tx)?.len());
        let one = |store: Store| async move {
            store.write(move |tx| count(tx).and_then(|so_far| user(tx, &format!("user{so_far}")))).await
        };
        let tasks: Vec<_> = (0..100).map(|_| actix_web::rt::spawn(one(store.clone()))).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(store.read(store::list_users).await.unwrap().len(), 100);
    })
    .await;
}

#[actix_web::test]
async fn opening_makes_and_migrates_and_changes_nothing_the_second_time() {
    on_each(async |store| {
        assert!(store.migration_state().unwrap().iter().all(|migration| migration.applied));
        assert_eq!(store.read(store::list_migrations).await.unwrap(), store.migration_state().unwrap());
        assert!(store.migrate().unwrap().is_empty());
        store.check_there().unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_sqlite_file_is_its_owners_and_is_missed_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hallpass.db");
    let store = Store::make_sqlite(&file).unwrap();
    assert!(store.migration_state().unwrap().iter().all(|migration| !migration.applied));
    let ran = store.migrate().unwrap();
    assert_eq!(ran.len(), store.migration_state().unwrap().len());
    for name in ["hallpass.db", "hallpass.db-wal", "hallpass.db-shm"] {
        let mode = folder.path().join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(store.check_there(), Err(StoreError::Unavailable(_))));
}

#[test]
fn a_file_that_cannot_be_opened_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing").join("hallpass.db");
    let error = Store::make_sqlite(&file).unwrap_err().to_string();
    assert!(error.contains(&file.display().to_string()), "{error}");
    let text = folder.path().join("text.db");
    std::fs::write(&text, "this is no database, however long one looks at it".repeat(50)).unwrap();
    let error = Store::open_sqlite(&text).unwrap_err().to_string();
    assert!(error.contains("not a database"), "{error}");
}

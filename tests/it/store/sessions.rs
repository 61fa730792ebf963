//! The table `sessions`.

use hallpass::store;

use super::{Done, at, on_each, user};

#[actix_web::test]
async fn a_session_is_found_by_its_hash_until_it_ends() {
    on_each(async |store| {
        store
            .write(|tx| {
                let ada = user(tx, "ada")?;
                store::insert_session(tx, "first", ada, at(10))?;
                store::insert_session(tx, "second", ada, at(20))?;
                let (first, owner) = store::find_session_with_user(tx, "first")?.unwrap();
                assert_eq!(Some(owner), store::find_user(tx, ada)?);
                assert_eq!((first.user_id, first.created_at, first.last_seen_at), (ada, at(10), at(10)));
                store::update_session_seen(tx, first.id, at(30))?;
                assert_eq!(store::find_session_with_user(tx, "first")?.unwrap().0.last_seen_at, at(30));
                store::delete_session_by_token(tx, "first")?;
                assert_eq!(store::find_session_with_user(tx, "first")?, None);
                assert_eq!(store::find_session_with_user(tx, "second")?.unwrap().0.last_seen_at, at(20));
                // Ending what is over is no fault: two tabs may sign out.
                store::delete_session_by_token(tx, "first")
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn two_sessions_never_share_a_token() {
    on_each(async |store| {
        let twice = store
            .write(|tx| {
                let ada = user(tx, "ada")?;
                store::insert_session(tx, "same", ada, at(10))?;
                store::insert_session(tx, "same", ada, at(10))
            })
            .await;
        assert!(matches!(twice, Err(store::StoreError::Conflict(_))), "{twice:?}");
    })
    .await;
}

#[actix_web::test]
async fn all_sessions_of_a_user_end_and_nobody_elses() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                for (token, whose) in [("a", ada), ("b", ada), ("c", bob)] {
                    store::insert_session(tx, token, whose, at(10))?;
                }
                store::delete_sessions_of(tx, ada)?;
                assert_eq!(
                    (store::find_session_with_user(tx, "a")?, store::find_session_with_user(tx, "b")?),
                    (None, None)
                );
                assert!(store::find_session_with_user(tx, "c")?.is_some());
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn stale_sessions_are_cleared_away_by_last_use_and_by_age() {
    on_each(async |store| {
        store
            .write(|tx| {
                let ada = user(tx, "ada")?;
                for (token, begun, seen) in [("unused", 50, 50), ("old", 9, 90), ("good", 10, 60)] {
                    store::insert_session(tx, token, ada, at(begun))?;
                    let id = store::find_session_with_user(tx, token)?.unwrap().0.id;
                    store::update_session_seen(tx, id, at(seen))?;
                }
                assert_eq!(store::delete_stale_sessions(tx, at(60), at(10))?, 2);
                assert!(store::find_session_with_user(tx, "good")?.is_some());
                assert_eq!(store::delete_stale_sessions(tx, at(60), at(10))?, 0);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

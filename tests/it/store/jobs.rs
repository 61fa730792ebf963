//! The table `jobs`, and what the daily work looks for.

use hallpass::store;

use super::{Done, at, client, key, new_key, on_each, user};

#[actix_web::test]
async fn a_run_is_claimed_once_until_its_time_has_come_again() {
    on_each(async |store| {
        store
            .write(|tx| {
                let job = "end_old_keys";
                assert!(store::is_job_due(tx, job, at(100), at(200))?);
                assert!(store::update_job_claimed(tx, job, at(100), at(200))?);
                assert!(!store::is_job_due(tx, job, at(199), at(299))?);
                assert!(!store::update_job_claimed(tx, job, at(199), at(299))?);
                assert!(store::update_job_claimed(tx, job, at(200), at(300))?);
                // The clock was wrong, and is set right.
                assert!(store::is_job_due(tx, job, at(50), at(150))?);
                assert!(store::update_job_claimed(tx, job, at(50), at(150))?);
                assert!(!store::is_job_due(tx, "no such job", at(100), at(200))?);
                assert!(!store::update_job_claimed(tx, "no such job", at(100), at(200))?);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn unused_and_old_keys_are_those_that_live_and_are_strictly_older_c215_c216() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell) = (user(tx, "ada")?, client(tx, "bell")?);
                let (live, ended, used) = (key(tx, ada, bell, 1)?, key(tx, ada, bell, 2)?, key(tx, ada, bell, 3)?);
                store::update_revoked(tx, ended, Some(at(11)))?;
                store::update_last_used(tx, used, at(40))?;
                let expired = hallpass::model::NewKey { expires_at: Some(at(50)), ..new_key(ada, 4) };
                store::insert_key(tx, bell, &expired, hallpass::model::Succession::Settled)?;
                let ids =
                    |keys: Vec<hallpass::model::UserApiKey>| keys.into_iter().map(|key| key.id).collect::<Vec<_>>();
                assert_eq!(ids(store::list_keys_unused_since(tx, at(10), at(50))?), []);
                assert_eq!(ids(store::list_keys_unused_since(tx, at(11), at(50))?), [live]);
                assert_eq!(ids(store::list_keys_unused_since(tx, at(41), at(50))?), [live, used]);
                assert_eq!(ids(store::list_keys_made_before(tx, at(10), at(50))?), []);
                assert_eq!(ids(store::list_keys_made_before(tx, at(11), at(50))?), [live, used]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_client_goes_with_its_keys_and_one_that_nobody_registered_is_never_unused_c219() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell, door) = (user(tx, "ada")?, client(tx, "bell")?, client(tx, "door")?);
                let (first, other) = (key(tx, ada, bell, 1)?, key(tx, ada, door, 2)?);
                assert_eq!(store::list_unused_registered_clients(tx, at(1_000))?, []);
                assert_eq!(store::list_client_keys(tx, bell)?, [(first, ada)]);
                assert_eq!(store::delete_client(tx, bell)?, [first]);
                assert_eq!(store::delete_client(tx, bell)?, []);
                assert_eq!(store::find_key(tx, first)?, None);
                assert!(store::find_key(tx, other)?.is_some());
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

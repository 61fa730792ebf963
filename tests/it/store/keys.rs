//! The table `user_api_keys`.

use hallpass::model::{KeyId, PushUrl, RedirectUri, Succession};
use hallpass::store::{self, StoreError};

use super::{Done, at, client, client_id, hash, key, new_key, on_each, user};

#[actix_web::test]
async fn a_key_comes_back_as_it_was_stored_and_only_by_its_hash_k2() {
    on_each(async |store| {
        store
            .write(|tx| {
                let ada = user(tx, "ada")?;
                let bell = client(tx, "bell")?;
                let mut new = new_key(ada, 1);
                new.auth_redirect = Some(RedirectUri::parse("https://bell.example/back?x=1").unwrap());
                new.push_url = Some(PushUrl::parse("https://bell.example/push").unwrap());
                new.expires_at = Some(at(99));
                let id = store::insert_key(tx, bell, &new, Succession::Settled)?;
                let found = store::find_key_with_owner(tx, &hash(1))?.unwrap().0;
                assert_eq!(store::find_key(tx, id)?.as_ref(), Some(&found));
                assert_eq!((found.id, found.user_id, found.client_row), (id, ada, bell));
                assert_eq!((found.client_id, found.start), (client_id("bell"), new.start));
                assert_eq!((found.application_name, found.scopes), (new.application_name, new.scopes));
                assert_eq!((found.auth_redirect, found.push_url), (new.auth_redirect, new.push_url));
                assert_eq!((found.fingerprint, found.expires_at), (new.fingerprint, new.expires_at));
                assert_eq!((found.created_at, found.last_used_at, found.revoked_at), (at(10), at(10), None));
                assert_eq!(store::find_key_with_owner(tx, &hash(2))?, None);
                assert_eq!(store::find_key(tx, KeyId::parse(4711).unwrap())?, None);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn two_keys_never_share_a_hash() {
    on_each(async |store| {
        let twice = store
            .write(|tx| {
                let (ada, bell) = (user(tx, "ada")?, client(tx, "bell")?);
                key(tx, ada, bell, 1)?;
                key(tx, ada, bell, 1)
            })
            .await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    })
    .await;
}

#[actix_web::test]
async fn an_end_can_be_moved_and_taken_back() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell) = (user(tx, "ada")?, client(tx, "bell")?);
                let id = key(tx, ada, bell, 1)?;
                for end in [Some(at(20)), Some(at(30)), None] {
                    assert!(store::update_revoked(tx, id, end)?);
                    assert_eq!(store::find_key(tx, id)?.unwrap().revoked_at, end);
                }
                assert!(!store::update_revoked(tx, KeyId::parse(4711).unwrap(), Some(at(1)))?);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn the_last_use_only_moves_on_and_orders_the_list_c299() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let (bell, door) = (client(tx, "bell")?, client(tx, "door")?);
                let (first, second) = (key(tx, ada, bell, 1)?, key(tx, ada, door, 2)?);
                key(tx, bob, bell, 3)?;
                let order = |tx: &mut _| {
                    let keys = store::list_keys(tx, ada)?;
                    Done::Ok(keys.iter().map(|key| (key.id, key.last_used_at)).collect::<Vec<_>>())
                };
                assert_eq!(order(tx)?, [(first, at(10)), (second, at(10))]);
                store::update_last_used(tx, first, at(40))?;
                store::update_last_used(tx, first, at(30))?;
                assert_eq!(order(tx)?, [(second, at(10)), (first, at(40))]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn live_keys_are_counted_without_ended_expired_and_one_clients_own() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let (bell, door, gate) = (client(tx, "bell")?, client(tx, "door")?, client(tx, "gate")?);
                key(tx, ada, bell, 1)?;
                let ended = key(tx, ada, door, 2)?;
                store::update_revoked(tx, ended, Some(at(11)))?;
                let expiring = new_key(ada, 3);
                store::insert_key(
                    tx,
                    gate,
                    &hallpass::model::NewKey { expires_at: Some(at(50)), ..expiring },
                    Succession::Settled,
                )?;
                key(tx, bob, bell, 4)?;
                assert_eq!(store::count_live_keys(tx, ada, door, at(49))?, 2);
                assert_eq!(store::count_live_keys(tx, ada, door, at(50))?, 1);
                assert_eq!(store::count_live_keys(tx, ada, bell, at(50))?, 0);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn the_keys_of_a_user_for_a_client_are_those_alone_and_go_one_by_one_c073() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let (bell, door) = (client(tx, "bell")?, client(tx, "door")?);
                let (live, ended) = (key(tx, ada, bell, 1)?, key(tx, ada, bell, 2)?);
                store::update_revoked(tx, ended, Some(at(11)))?;
                let (other_app, other_user) = (key(tx, ada, door, 3)?, key(tx, bob, bell, 4)?);
                let theirs = store::list_keys_of_client(tx, ada, bell)?;
                assert_eq!(theirs.iter().map(|key| key.id).collect::<Vec<_>>(), [live, ended]);
                assert!(store::delete_key(tx, live)? && store::delete_key(tx, ended)?);
                assert_eq!(store::find_key(tx, live)?, None);
                assert!(store::find_key(tx, other_app)?.is_some() && store::find_key(tx, other_user)?.is_some());
                assert!(!store::delete_key(tx, live)? && store::list_keys_of_client(tx, ada, bell)?.is_empty());
                // An id is never used twice: what was kept of the old key cannot be taken for the new one's.
                assert!(key(tx, ada, bell, 5)? > other_user);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

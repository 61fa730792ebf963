//! The table `user_api_key_windows`.

use hallpass::model::KeyId;
use hallpass::store;

use super::{Done, client, key, on_each, user};

#[actix_web::test]
async fn saved_windows_replace_those_before_and_an_empty_one_clears() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell, door) = (user(tx, "ada")?, client(tx, "bell")?, client(tx, "door")?);
                let (first, second) = (key(tx, ada, bell, 1)?, key(tx, ada, door, 2)?);
                store::upsert_windows(tx, &[(first, vec![1]), (second, vec![0, 255])])?;
                store::upsert_windows(tx, &[(first, vec![3, 4])])?;
                let mut saved = store::list_windows(tx)?;
                saved.sort();
                assert_eq!(saved, [(first, vec![3, 4]), (second, vec![0, 255])]);
                store::upsert_windows(tx, &[(first, Vec::new())])?;
                assert_eq!(store::list_windows(tx)?, [(second, vec![0, 255])]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn windows_of_a_key_that_is_gone_are_passed_over_and_go_with_their_key() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell) = (user(tx, "ada")?, client(tx, "bell")?);
                let id = key(tx, ada, bell, 1)?;
                store::upsert_windows(tx, &[(KeyId::parse(4711).unwrap(), vec![1]), (id, vec![2])])?;
                assert_eq!(store::list_windows(tx)?, [(id, vec![2])]);
                store::delete_keys_of_client(tx, ada, bell)?;
                assert!(store::list_windows(tx)?.is_empty());
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

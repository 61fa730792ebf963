//! The tables `users` and `user_groups`.

use std::collections::BTreeSet;

use hallpass::model::{Email, Group, Staff, TrustLevel, UserId};
use hallpass::store::{self, StoreError};

use super::{Done, at, new_user, on_each, user};

#[actix_web::test]
async fn a_user_comes_back_as_it_was_stored() {
    on_each(async |store| {
        let mut ada = new_user("Ada");
        ada.name = "Ada Lovelace".to_owned();
        ada.email = Some(Email::parse("Ada@Example.org").unwrap());
        ada.staff = Staff { admin: true, moderator: true };
        ada.trust_level = TrustLevel::parse(3).unwrap();
        ada.named_groups = BTreeSet::from([Group::parse("press").unwrap(), Group::parse("board").unwrap()]);
        let kept = ada.clone();
        let id = store.write(move |tx| store::insert_user(tx, &ada, at(5), Some("a hash"))).await.unwrap();
        let found = store.read(move |c| store::find_user(c, id)).await.unwrap().unwrap();
        assert_eq!((found.id, &found.username, &found.name), (id, &kept.username, &kept.name));
        assert_eq!((found.email, found.staff, found.trust_level), (kept.email, kept.staff, kept.trust_level));
        assert_eq!((found.named_groups, found.suspended_at, found.created_at), (kept.named_groups, None, at(5)));
        assert_eq!(store.read(move |c| store::find_password_hash(c, id)).await.unwrap().as_deref(), Some("a hash"));
    })
    .await;
}

#[actix_web::test]
async fn who_is_not_there_is_none_and_nothing_of_them_is_changed() {
    on_each(async |store| {
        let nobody = UserId::parse(4711).unwrap();
        store
            .write(move |tx| {
                assert_eq!(store::find_user(tx, nobody)?, None);
                assert_eq!(store::find_user_by_login(tx, "ada")?, None);
                assert_eq!(store::find_password_hash(tx, nobody)?, None);
                assert!(!store::update_suspended(tx, nobody, Some(at(1)))? && !store::is_user_active(tx, nobody)?);
                assert!(!store::update_password(tx, nobody, "a hash")?);
                store::update_last_seen(tx, nobody, at(1))?;
                assert!(store::list_users(tx)?.is_empty() && !store::any_administrator(tx)?);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_login_is_a_name_or_an_address_in_any_case() {
    on_each(async |store| {
        let mut ada = new_user("Ada");
        ada.email = Some(Email::parse("Ada@Example.org").unwrap());
        let id = store.write(move |tx| store::insert_user(tx, &ada, at(1), None)).await.unwrap();
        for login in ["ada", "ADA", " Ada ", "ada@example.org", "ADA@EXAMPLE.ORG"] {
            let found = store.read(move |c| store::find_user_by_login(c, login)).await.unwrap();
            assert_eq!(found.map(|user| user.id), Some(id), "{login}");
        }
        for login in ["", "ad", "ada@example", "%"] {
            assert_eq!(store.read(move |c| store::find_user_by_login(c, login)).await.unwrap(), None, "{login}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_name_and_an_address_belong_to_one_user_in_any_case() {
    on_each(async |store| {
        let mut ada = new_user("ada");
        ada.email = Some(Email::parse("ada@example.org").unwrap());
        store.write(move |tx| store::insert_user(tx, &ada, at(1), None)).await.unwrap();
        let same_name = store.write(|tx| user(tx, "ADA")).await;
        assert!(matches!(same_name, Err(StoreError::Conflict(_))), "{same_name:?}");
        let mut bob = new_user("bob");
        bob.email = Some(Email::parse("ADA@example.org").unwrap());
        let same_address = store.write(move |tx| store::insert_user(tx, &bob, at(1), None)).await;
        assert!(matches!(same_address, Err(StoreError::Conflict(_))), "{same_address:?}");
        // Nobody's missing address is like nobody else's.
        store.write(|tx| user(tx, "bob").and_then(|_| user(tx, "eve"))).await.unwrap();
        let names = store.read(store::list_users).await.unwrap();
        assert_eq!(names.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["ada", "bob", "eve"]);
    })
    .await;
}

#[actix_web::test]
async fn suspensions_passwords_and_administrators_are_remembered() {
    on_each(async |store| {
        let id = store.write(|tx| user(tx, "ada")).await.unwrap();
        store
            .write(move |tx| {
                assert_eq!(store::find_password_hash(tx, id)?, None);
                assert!(store::update_password(tx, id, "new")?);
                assert_eq!(store::find_password_hash(tx, id)?.as_deref(), Some("new"));
                assert!(store::is_user_active(tx, id)?);
                assert!(store::update_suspended(tx, id, Some(at(9)))? && !store::is_user_active(tx, id)?);
                assert_eq!(store::find_user(tx, id)?.unwrap().suspended_at, Some(at(9)));
                assert!(store::update_suspended(tx, id, None)?);
                assert_eq!(store::find_user(tx, id)?.unwrap().suspended_at, None);
                assert!(!store::any_administrator(tx)?);
                let mut root = new_user("root");
                root.staff.admin = true;
                store::insert_user(tx, &root, at(1), None)?;
                assert!(store::any_administrator(tx)?);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

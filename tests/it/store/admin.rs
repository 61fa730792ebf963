//! What the admin API stands on: its keys, pages, changes of users, blocks.

use std::collections::BTreeSet;

use hallpass::model::{
    AdminKeyName, AdminScopes, AuditEvent, AuditFilter, AuditLine, AvatarTemplate, Change, Cursor, Email, ExternalId,
    Group, Networks, NewAdminKey, Origin, Paging, Succession, UserChange, UserFilter,
};
use hallpass::store::{self, StoreError};

use super::{Done, at, client, client_id, hash, key, on_each, user};

fn admin_key(number: u8) -> NewAdminKey {
    NewAdminKey {
        name: AdminKeyName::parse("shop").unwrap(),
        hash: hash(number),
        start: "4f1e".to_owned(),
        scopes: AdminScopes::parse("users:read,keys:mint").unwrap(),
        networks: Networks::parse("10.0.0.0/8").unwrap(),
        created_at: at(1),
    }
}

fn paging(limit: &str, after: Option<Cursor>) -> Paging {
    Paging::parse(after.map(|cursor| cursor.to_string()).as_deref(), Some(limit)).unwrap()
}

#[actix_web::test]
async fn an_admin_key_is_found_by_its_hash_and_ends_once() {
    on_each(async |store| {
        store
            .write_aside(|tx| {
                let id = store::insert_admin_key(tx, &admin_key(1))?;
                assert!(matches!(store::insert_admin_key(tx, &admin_key(2)), Ok(other) if other != id));
                assert_eq!(store::find_admin_key(tx, &hash(3))?, None);
                store::update_admin_key_used(tx, id, at(5))?;
                let found = store::find_admin_key(tx, &hash(1))?.unwrap();
                assert_eq!((found.id, found.name, found.scopes), (id, admin_key(1).name, admin_key(1).scopes));
                assert_eq!((found.networks, found.last_used_at), (admin_key(1).networks, Some(at(5))));
                assert!(
                    store::update_admin_key_revoked(tx, id, at(6))? && !store::update_admin_key_revoked(tx, id, at(7))?
                );
                let listed = store::list_admin_keys(tx)?;
                assert_eq!(listed.iter().map(|key| key.revoked_at).collect::<Vec<_>>(), [Some(at(6)), None]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_user_is_changed_whole_found_by_each_of_their_names_and_deleted() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let external_id = ExternalId::parse("u-7").unwrap();
                let change = UserChange {
                    email: Change::To(Some(Email::parse("Ada@example.org").unwrap())),
                    external_id: Change::To(Some(external_id.clone())),
                    avatar_template: Change::To(Some(AvatarTemplate::parse("https://cdn.example/{size}").unwrap())),
                    named_groups: Change::To(BTreeSet::from([Group::parse("press").unwrap()])),
                    suspended: Change::To(true),
                    ..UserChange::default()
                };
                let after = change.applied_to(store::find_user(tx, ada)?.unwrap(), at(9));
                assert!(store::update_user(tx, &after)?);
                assert_eq!(store::find_user(tx, ada)?, Some(after.clone()));
                let by_email = UserFilter::from(Email::parse("ada@EXAMPLE.org").unwrap());
                for filter in [external_id.into(), by_email, after.username.clone().into()] {
                    assert_eq!(store::find_user_by(tx, &filter)?.map(|user| user.id), Some(ada));
                }
                let first = store::list_users_page(tx, &UserFilter::default(), paging("1", None))?;
                let second = store::list_users_page(tx, &UserFilter::default(), paging("1", first.next))?;
                assert_eq!((first.items[0].id, second.items[0].id, second.next), (ada, bob, None));
                assert!(
                    store::delete_user(tx, ada)? && !store::delete_user(tx, ada)? && !store::update_user(tx, &after)?
                );
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn what_the_site_calls_a_user_is_one_users() {
    on_each(async |store| {
        let twice = store.write(|tx| {
            for name in ["ada", "bob"] {
                let id = user(tx, name)?;
                let change = UserChange {
                    external_id: Change::To(Some(ExternalId::parse("u-7").unwrap())),
                    ..UserChange::default()
                };
                let made = store::find_user(tx, id)?.unwrap();
                store::update_user(tx, &change.applied_to(made, at(1)))?;
            }
            Done::Ok(())
        });
        assert!(matches!(twice.await, Err(StoreError::Conflict(_))));
    })
    .await;
}

#[actix_web::test]
async fn keys_come_a_page_at_a_time_and_get_an_end() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let bell = client(tx, "bell")?;
                let keys = [key(tx, ada, bell, 1)?, key(tx, bob, bell, 2)?, key(tx, ada, bell, 3)?];
                let ids = |page: hallpass::model::Page<hallpass::model::UserApiKey>| {
                    (page.items.iter().map(|key| key.id).collect::<Vec<_>>(), page.next)
                };
                let (first, next) = ids(store::list_keys_page(tx, None, paging("2", None))?);
                let (second, end) = ids(store::list_keys_page(tx, None, paging("2", next))?);
                assert_eq!((first, second, end), (keys[..2].to_vec(), vec![keys[2]], None));
                assert_eq!(ids(store::list_keys_page(tx, Some(bob), paging("2", None))?).0, [keys[1]]);
                assert!(store::update_expiry(tx, keys[0], Some(at(99)))?);
                assert_eq!(store::find_key(tx, keys[0])?.unwrap().expires_at, Some(at(99)));
                assert!(store::update_expiry(tx, keys[0], None)?);
                assert_eq!(store::find_key(tx, keys[0])?.unwrap().expires_at, None);
                store::update_revoked(tx, keys[0], Some(at(5)))?;
                let live = store::list_unrevoked_client_keys(tx, bell)?;
                assert_eq!(live, [(keys[1], bob), (keys[2], ada)]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_key_encrypted_to_nobody_has_no_fingerprint() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bell) = (user(tx, "ada")?, client(tx, "bell")?);
                let new = hallpass::model::NewKey { fingerprint: None, ..super::new_key(ada, 1) };
                let id = store::insert_key(tx, bell, &new, Succession::Settled)?;
                assert_eq!(store::find_key(tx, id)?.unwrap().fingerprint, None);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_block_is_kept_and_looked_for() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (bell, horn) = (client(tx, "bell")?, client(tx, "horn")?);
                store::update_blocked(tx, bell, Some(at(5)))?;
                assert!(store::is_client_blocked(tx, bell)? && !store::is_client_blocked(tx, horn)?);
                for (id, is_blocked) in [("bell", true), ("horn", false)] {
                    let name = hallpass::model::ApplicationName::parse("Deskbell").unwrap();
                    let found = store::find_or_insert_client(tx, &client_id(id), &name, at(6))?;
                    assert_eq!(found.is_blocked, is_blocked, "{id}");
                }
                assert_eq!(store::find_client_by_row(tx, bell)?.unwrap().blocked_at, Some(at(5)));
                for (blocked, row) in [(true, bell), (false, horn)] {
                    let page = store::list_clients_page(tx, None, Some(blocked), paging("9", None))?;
                    assert_eq!(page.items.iter().map(|one| one.row).collect::<Vec<_>>(), [row]);
                }
                let named = store::list_clients_page(tx, Some(&client_id("horn")), None, paging("9", None))?;
                assert_eq!((named.items.len(), named.items[0].row), (1, horn));
                store::update_blocked(tx, bell, None)?;
                assert!(!store::is_client_blocked(tx, bell)?);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn the_log_is_read_back_as_it_was_written_newest_first() {
    on_each(async |store| {
        store
            .write(|tx| {
                let origin = Origin { address: Some("2001:db8::1".parse().unwrap()), ..Origin::default() };
                let line = |event, second| AuditLine {
                    at: at(second),
                    event,
                    origin: origin.clone(),
                    user_id: None,
                    key_id: None,
                    client_id: Some(client_id("bell")),
                };
                let lines = [line(AuditEvent::ClientBlocked, 1), line(AuditEvent::ClientUnblocked, 2)];
                lines.iter().try_for_each(|line| store::insert_audit_line(tx, line))?;
                let first = store::list_audit_page(tx, AuditFilter::default(), paging("1", None))?;
                let second = store::list_audit_page(tx, AuditFilter::default(), paging("1", first.next))?;
                assert_eq!((&first.items[0].line, &second.items[0].line, second.next), (&lines[1], &lines[0], None));
                let filter = AuditFilter { event: Some(AuditEvent::ClientBlocked), ..AuditFilter::default() };
                assert_eq!(store::list_audit_page(tx, filter, paging("9", None))?.items.len(), 1);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

//! The tables `user_api_key_clients`, `approvals` and `audit_log`.

use hallpass::model::{AdminKeyId, ApplicationName, Approval, AuditEvent, AuditLine, KeyId, Origin, Scopes, UserId};
use hallpass::store;

use super::{Done, at, client, client_id, fingerprint, key, on_each, user};

#[actix_web::test]
async fn a_client_has_one_row_for_all_users_and_keeps_its_first_name_c069_c070() {
    on_each(async |store| {
        store
            .write(|tx| {
                let bell = client(tx, "bell")?;
                let renamed = ApplicationName::parse("Another name").unwrap();
                assert_eq!(store::find_or_insert_client(tx, &client_id("bell"), &renamed, at(99))?.row, bell);
                assert_ne!(client(tx, "BELL")?, bell);
                assert_eq!(store::list_client_ids(tx)?, ["bell", "BELL"]);
                let ada = user(tx, "ada")?;
                key(tx, ada, bell, 1)?;
                assert_eq!(store::list_keys(tx, ada)?[0].application_name.as_str(), "Deskbell");
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn the_last_approval_of_each_user_for_each_client_is_kept() {
    on_each(async |store| {
        store
            .write(|tx| {
                let (ada, bob) = (user(tx, "ada")?, user(tx, "bob")?);
                let bell = client(tx, "bell")?;
                let approval = |scopes: &str, number: u8, when: i64| Approval {
                    scopes: Scopes::parse(scopes).unwrap(),
                    fingerprint: fingerprint(number),
                    approved_at: at(when),
                };
                store::upsert_approval(tx, ada, bell, &approval("read", 1, 10))?;
                store::upsert_approval(tx, bob, bell, &approval("write", 2, 20))?;
                store::upsert_approval(tx, ada, bell, &approval("read,write", 3, 30))?;
                let found = store::find_approval(tx, ada, &client_id("bell"))?;
                assert_eq!(found, Some(approval("read,write", 3, 30)));
                assert_eq!(store::find_approval(tx, bob, &client_id("bell"))?, Some(approval("write", 2, 20)));
                assert_eq!(store::find_approval(tx, ada, &client_id("other"))?, None);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn the_audit_log_keeps_lines_in_order_and_outlives_what_they_speak_of() {
    on_each(async |store| {
        store
            .write(|tx| {
                let gone = (UserId::parse(4711).unwrap(), KeyId::parse(4712).unwrap());
                let line = |event, key_id| AuditLine {
                    at: at(1),
                    event,
                    origin: Origin {
                        actor: Some(gone.0),
                        admin_key: Some(AdminKeyId::parse(4713).unwrap()),
                        address: Some("2001:db8::1".parse().unwrap()),
                        request_id: Some("a request".to_owned()),
                        route: Some("GET /admin/users".to_owned()),
                    },
                    user_id: Some(gone.0),
                    key_id,
                    client_id: Some(client_id("bell")),
                };
                store::insert_audit_line(tx, &line(AuditEvent::KeyRevoked, Some(gone.1)))?;
                store::insert_audit_line(tx, &line(AuditEvent::UserCreated, None))?;
                let lines = store::list_audit_lines(tx)?;
                assert_eq!(lines, [("key_revoked".to_owned(), Some(4712)), ("user_created".to_owned(), None)]);
                Done::Ok(())
            })
            .await
            .unwrap();
    })
    .await;
}

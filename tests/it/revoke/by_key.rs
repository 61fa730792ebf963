//! What a key may end.

use hallpass::domain::revoke::{self, Wisher};
use hallpass::model::Origin;
use serde_json::json;

use super::{key, revoke, revoked_at, undo, works};
use crate::support::TestApp;

#[actix_web::test]
async fn a_key_ends_itself_without_and_with_its_id_c242_c243_c251() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let ok = json!({ "success": "OK" });

    let (program, id) = key(&site, &ada, "one", "read").await;
    let ended = program.post("/user-api-key/revoke").await;
    assert_eq!((ended.status, ended.json()), (200, ok.clone()));
    assert!(revoked_at(&site, &id).is_some());
    assert!(!works(&program).await);

    let (program, id) = key(&site, &ada, "two", "read").await;
    let ended = program.post_json("/user-api-key/revoke", &json!({ "id": id.parse::<i64>().unwrap() })).await;
    assert_eq!((ended.status, ended.json()), (200, ok.clone()));
    assert!(!works(&program).await);

    let (program, _) = key(&site, &ada, "three", "read").await;
    let ended = program.html().post_json("/user-api-key/revoke", &json!({})).await;
    assert_eq!((ended.status, ended.json()), (200, ok));
    assert_eq!(ended.header("content-type"), "application/json; charset=utf-8");
}

#[actix_web::test]
async fn a_key_cannot_end_a_key_of_somebody_else_c244_c253() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let (of_ada, id) = key(&site, &ada, "one", "read").await;
    for scopes in ["read", "write", "read,write"] {
        let (of_bob, _) = key(&site, &bob, "two", scopes).await;
        let refused = revoke(&of_bob, &id).await;
        assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("invalid_access")), "{scopes}");
        assert!(works(&of_ada).await);
        site.execute("UPDATE user_api_keys SET revoked_at = 1 WHERE user_id = 1").await;
        assert_eq!(undo(&of_bob, &id).await.status, 403, "{scopes}");
        assert!(!works(&of_ada).await);
        site.execute("UPDATE user_api_keys SET revoked_at = NULL WHERE user_id = 1").await;
    }
}

#[actix_web::test]
async fn a_key_ends_another_of_its_user_only_with_writing_c245() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (target, id) = key(&site, &ada, "target", "read").await;
    for scopes in ["read", "notifications", "session_info,push"] {
        let (program, _) = key(&site, &ada, "other", scopes).await;
        assert_eq!(revoke(&program, &id).await.status, 403, "{scopes}");
        assert!(works(&target).await, "{scopes}");
    }
    let (writer, _) = key(&site, &ada, "writer", "write").await;
    assert_eq!(revoke(&writer, &id).await.status, 200);
    assert!(!works(&target).await);
    assert!(works(&writer).await);
    assert_eq!(undo(&writer, &id).await.status, 200);
    assert!(works(&target).await);
}

#[actix_web::test]
async fn a_key_of_an_administrator_ends_any_key_only_with_writing_c245_c246() {
    let site = TestApp::start().await;
    let (root, ada) = (site.admin("root").await, site.user("ada").await);
    let (target, id) = key(&site, &ada, "target", "read").await;
    let (reader, _) = key(&site, &root, "reader", "read").await;
    assert_eq!(revoke(&reader, &id).await.status, 403);
    assert!(works(&target).await);
    let (writer, _) = key(&site, &root, "writer", "write").await;
    assert_eq!(revoke(&writer, &id).await.status, 200);
    assert!(!works(&target).await);
}

#[actix_web::test]
async fn an_ended_key_cannot_take_its_end_back_c255() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (program, id) = key(&site, &ada, "one", "read,write").await;
    assert_eq!(program.post("/user-api-key/revoke").await.status, 200);
    assert_eq!(undo(&program, &id).await.status, 403);
    assert!(revoked_at(&site, &id).is_some());
}

#[actix_web::test]
async fn a_key_names_what_it_takes_back_and_needs_no_token_c254_c026() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (writer, id) = key(&site, &ada, "writer", "write").await;
    let nothing = writer.json().post("/user-api-key/undo-revoke").await;
    assert_eq!((nothing.status, &nothing.json()["error_type"]), (404, &json!("not_found")));
    for unknown in ["999999", "-1", "0", "abc", "99999999999999999999"] {
        assert_eq!(undo(&writer, unknown).await.status, 404, "{unknown}");
    }
    assert_eq!(undo(&writer, &id).await.status, 200);
}

#[actix_web::test]
async fn what_the_operator_ended_no_key_takes_back_but_somebody_who_is_signed_in_c252_k12() {
    let site = TestApp::start().await;
    let (root, ada) = (site.admin("root").await, site.user("ada").await);
    let (target, id) = key(&site, &ada, "target", "read").await;
    let (writer, _) = key(&site, &ada, "writer", "read,write").await;
    let (of_root, _) = key(&site, &root, "of-root", "write").await;
    let back_end = site.full_back_end().await.with("Api-Username", "ada");
    let by_admin_api = async || {
        assert_eq!(back_end.post(&format!("/admin/keys/{id}/revoke")).await.status, 200);
    };
    let by_command = async || {
        let id = id.parse().unwrap();
        revoke::revoke(&site.app.cx, Wisher::Operator, Some(id), Origin::default()).await.unwrap();
    };
    let refused = async || {
        for program in [&writer, &of_root] {
            let answer = undo(program, &id).await;
            assert_eq!((answer.status, &answer.json()["reason"]), (403, &json!("ended_by_operator")));
        }
        assert!(!works(&target).await);
    };
    by_admin_api().await;
    refused().await;
    assert_eq!(revoke(&writer, &id).await.status, 200, "to end it again");
    refused().await;
    assert_eq!((undo(&ada.csrf().await, &id).await.status, works(&target).await), (200, true));
    // What the user ended since is the user's to take back.
    assert_eq!((revoke(&writer, &id).await.status, undo(&writer, &id).await.status), (200, 200));
    by_command().await;
    refused().await;
    assert_eq!((undo(&root.csrf().await, &id).await.status, works(&target).await), (200, true));
}

//! Marking what was read, by programs.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, TestApp, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

async fn put(visitor: &Visitor, path: &str, kind: &str, body: &str) -> Answer {
    visitor.request(Method::PUT, path, Some((kind, body.as_bytes().to_vec()))).await
}

fn unread(site: &TestApp, user: i64) -> i64 {
    site.number(&format!("SELECT count(*) FROM notifications WHERE user_id = {user} AND NOT read")).unwrap()
}

#[actix_web::test]
async fn one_is_marked_or_all_as_a_form_as_json_or_without_a_body_c286() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().scopes("notifications").approved_by(&ada).await.key);
    for (path, kind, body, left) in [
        ("/notifications/mark-read", FORM, "id=1", 3),
        ("/notifications/mark-read.json", JSON, r#"{"id":2}"#, 2),
        ("/notifications/read", JSON, r#"{"id":"3"}"#, 1),
        ("/notifications/read.json", JSON, "", 0),
    ] {
        if left == 3 {
            site.tell_often(1, 4).await;
        }
        let done = put(&program, path, kind, body).await;
        assert_eq!((done.status, done.json()), (200, json!({ "success": "OK" })), "{path} {body}");
        assert_eq!(unread(&site, 1), left, "{path} {body}");
    }
    assert_eq!(site.number("SELECT seen_notification_id FROM users"), Some(4), "all read is all seen");
    for kind in [FORM, JSON] {
        site.tell(1, 1, json!({})).await;
        assert_eq!(put(&program, "/notifications/mark-read", kind, "").await.status, 200);
        assert_eq!(unread(&site, 1), 0, "{kind}");
    }
    site.tell(1, 1, json!({})).await;
    assert_eq!(program.request(Method::PUT, "/notifications/read", None).await.status, 200);
    assert_eq!(unread(&site, 1), 0);
}

#[actix_web::test]
async fn somebody_elses_stay_as_they_are_and_it_is_not_told_whether_there_are_any() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await.csrf().await, site.user("bob").await.csrf().await);
    site.tell(1, 1, json!({})).await;
    for id in ["1", "7"] {
        assert_eq!(put(&bob, "/notifications/read", FORM, &format!("id={id}")).await.status, 200);
    }
    assert_eq!(put(&bob, "/notifications/read", FORM, "").await.status, 200);
    assert_eq!(unread(&site, 1), 1);
    assert_eq!(put(&ada, "/notifications/read", FORM, "id=1").await.status, 200);
    assert_eq!(unread(&site, 1), 0);
}

#[actix_web::test]
async fn what_cannot_be_an_id_or_has_another_name_marks_nothing() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await.json();
    site.tell(1, 1, json!({})).await;
    for (kind, body, word) in [
        (FORM, "id=", "whole number"),
        (FORM, "id=0", "whole number"),
        (FORM, "id=one", "whole number"),
        (JSON, r#"{"id":1.5}"#, "whole number"),
        (JSON, r#"{"id":[1]}"#, "list"),
        (FORM, "id=1&id=1", "more than once"),
        (FORM, "dismiss_types=mentioned", "dismiss_types means nothing here"),
        (FORM, "ids=1", "ids means nothing here"),
        (JSON, r#"{"notification_id":1}"#, "notification_id means nothing here"),
        (FORM, "id=1&ids=1", "ids means nothing here"),
        (JSON, "{", "no JSON object"),
    ] {
        let refused = put(&ada, "/notifications/mark-read", kind, body).await;
        assert!(refused.status == 400 && refused.body.contains(word), "{body}: {refused:?}");
    }
    assert_eq!(unread(&site, 1), 1);
}

#[actix_web::test]
async fn a_session_needs_the_token_of_its_forms_and_a_key_its_scope_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.tell(1, 1, json!({})).await;
    let refused = put(&ada, "/notifications/read", FORM, "").await;
    assert_eq!((refused.status, refused.body.as_str()), (403, "[\"BAD CSRF\"]"));
    assert_eq!(
        put(&site.anonymous().json(), "/notifications/read", FORM, "").await.json()["error_type"],
        "not_logged_in"
    );
    let reader = ada.holder_of(&site.client_app().scopes("read").approved_by(&ada).await.key);
    assert_eq!(put(&reader, "/notifications/read", FORM, "").await.status, 403);
    assert_eq!(ada.csrf().await.get("/notifications/read").await.status, 404, "no GET marks anything");
    assert_eq!(unread(&site, 1), 1);
}

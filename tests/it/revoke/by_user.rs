//! What people may end.

use std::time::Duration;

use serde_json::json;

use super::{key, revoke, revoked_at, undo, works};
use crate::support::TestApp;

#[actix_web::test]
async fn the_owner_and_administrators_end_a_key_and_take_it_back_c246_c252() {
    let site = TestApp::start().await;
    let (root, ada) = (site.admin("root").await.csrf().await, site.user("ada").await.csrf().await);
    let (program, id) = key(&site, &ada, "one", "read").await;
    for who in [&ada, &root] {
        let ended = revoke(who, &id).await;
        assert_eq!((ended.status, ended.json()), (200, json!({ "success": "OK" })));
        assert!(!works(&program).await);
        let back = undo(who, &id).await;
        assert_eq!((back.status, back.json()), (200, json!({ "success": "OK" })));
        assert!(works(&program).await);
        assert_eq!(revoked_at(&site, &id), None);
    }
}

#[actix_web::test]
async fn an_end_taken_back_does_not_prolong_a_life_c252() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().set("expires_in_seconds", "60");
    let program = ada.holder_of(&application.approved_by(&ada).await.key);
    let ada = ada.csrf().await;
    assert_eq!(revoke(&ada, "1").await.status, 200);
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(undo(&ada, "1").await.status, 200);
    assert!(!works(&program).await);
}

#[actix_web::test]
async fn nobody_else_may_moderators_included_c247_c253() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.account("mo", |user| user.staff.moderator = true).await;
    let (program, id) = key(&site, &ada, "one", "read").await;
    for other in [site.user("bob").await.csrf().await, site.sign_in("mo").await.csrf().await] {
        let refused = revoke(&other, &id).await;
        assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("invalid_access")));
        assert!(works(&program).await);
        assert_eq!(revoked_at(&site, &id), None);
    }
    revoke(&ada.csrf().await, &id).await;
    let then = revoked_at(&site, &id);
    assert_eq!(undo(&site.sign_in("bob").await.csrf().await, &id).await.status, 403);
    assert_eq!((revoked_at(&site, &id), then.is_some()), (then, true));
}

#[actix_web::test]
async fn without_a_good_id_there_is_nothing_to_find_c248_c249_c254() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    for path in ["/user-api-key/revoke", "/user-api-key/undo-revoke.json"] {
        let nothing = ada.json().post(path).await;
        assert_eq!((nothing.status, &nothing.json()["error_type"]), (404, &json!("not_found")), "{path}");
        for unknown in ["999999", "-1", "0", "abc", "1 2", "99999999999999999999"] {
            let answer = ada.json().post_form(path, &[("id", unknown)]).await;
            assert_eq!((answer.status, &answer.json()["error_type"]), (404, &json!("not_found")), "{path} {unknown}");
        }
    }
}

#[actix_web::test]
async fn a_visitor_may_not_c250() {
    let site = TestApp::start().await;
    let nobody = site.anonymous();
    for (path, id) in [("/user-api-key/revoke", "1"), ("/user-api-key/undo-revoke", "1"), ("/user-api-key/revoke", "")]
    {
        let refused = nobody.json().post_form(path, &[("id", id)]).await;
        assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("not_logged_in")), "{path}");
        let page = nobody.html().post_form(path, &[("id", id)]).await;
        assert_eq!((page.status, page.header("content-type")), (403, "text/html; charset=utf-8"), "{path}");
    }
}

#[actix_web::test]
async fn success_is_json_whatever_is_accepted_c007_c251_c021() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let (_, id) = key(&site, &ada, "one", "read").await;
    for path in ["/user-api-key/revoke", "/user-api-key/undo-revoke"] {
        for asking in [ada.html(), ada.with("Accept", "*/*"), ada.with("Accept", "image/png"), ada.json()] {
            let done = asking.post_form(path, &[("id", &id)]).await;
            assert_eq!((done.status, done.json()), (200, json!({ "success": "OK" })), "{path}");
            assert_eq!(done.header("content-type"), "application/json; charset=utf-8");
            assert_eq!((done.header("cache-control"), done.header("pragma")), ("no-cache, no-store", ""));
        }
    }
}

#[actix_web::test]
async fn ending_again_moves_the_time_c256() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await;
    let (_, id) = key(&site, &ada, "one", "read").await;
    assert_eq!(revoke(&ada, &id).await.status, 200);
    let first = revoked_at(&site, &id).unwrap();
    site.clock.advance(Duration::from_secs(5));
    assert_eq!(revoke(&ada, &id).await.status, 200);
    assert_eq!(revoked_at(&site, &id), Some(first + 5_000_000));
}

#[actix_web::test]
async fn a_change_at_a_browser_needs_its_token_c025_w3() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (program, id) = key(&site, &ada, "one", "read").await;
    let bob = site.user("bob").await;
    let token = bob.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    for asking in [ada.json(), ada.json().with("X-CSRF-Token", &token), ada.json().with("X-CSRF-Token", "")] {
        let refused = revoke(&asking, &id).await;
        assert_eq!((refused.status, refused.body.as_str()), (403, "[\"BAD CSRF\"]"));
        assert_eq!(refused.header("content-type"), "text/plain; charset=utf-8");
    }
    assert!(works(&program).await);
}

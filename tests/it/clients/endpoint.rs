//! Looking up and registering.

use std::time::Duration;

use serde_json::json;

use super::{REDIRECT, key, register, site, wish, with};
use crate::support::TestApp;

#[actix_web::test]
async fn an_application_registers_itself_without_sign_in_or_form_token_c009_c024_c266() {
    let site = site().await;
    let answer = site.anonymous().post_form("/user-api-key-client", &wish()).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "success": "OK" })), "{answer:?}");
    let body: serde_json::Value =
        with("client_id", "deskbell-2").into_iter().map(|(n, v)| (n.to_owned(), serde_json::Value::from(v))).collect();
    let signed_in = site.user("ada").await;
    assert_eq!(signed_in.post_json("/user-api-key-client.json", &body).await.status, 200);
    assert_eq!(answer.header("cache-control"), "no-cache, no-store");
}

#[actix_web::test]
async fn a_redirect_off_the_list_can_be_registered_but_one_that_never_works_cannot_c266() {
    let site = site().await;
    assert_eq!(register(&site, &with("auth_redirect", "https://elsewhere.example/x")).await.status, 200);
    let never = register(&site, &with("auth_redirect", "javascript:alert(1)")).await;
    assert_eq!((never.status, never.json()["reason"].as_str()), (403, Some("bad_redirect")));
}

#[actix_web::test]
async fn a_registered_application_is_found_and_no_other_c009_c257_c258_c259() {
    let site = site().await;
    let anyone = site.anonymous();
    let unknown = anyone.get("/user-api-key-client.json?client_id=deskbell-1").await;
    assert_eq!((unknown.status, &unknown.json()["error_type"]), (400, &"invalid_parameters".into()));
    assert_eq!(unknown.json()["reason"], "not_registered");

    let ada = site.user("ada").await;
    site.client_app().set("client_id", "from-an-approval").approved_by(&ada).await;
    assert_eq!(anyone.get("/user-api-key-client.json?client_id=from-an-approval").await.status, 400);

    register(&site, &wish()).await;
    for path in ["/user-api-key-client", "/user-api-key-client.json"] {
        for found in [
            anyone.get(&format!("{path}?client_id=deskbell-1")).await,
            anyone.head(&format!("{path}?client_id=deskbell-1")).await,
        ] {
            assert_eq!((found.status, found.body.as_str()), (200, ""), "{found:?}");
        }
    }
    assert_eq!(anyone.head("/user-api-key-client?client_id=deskbell-9").await.status, 400);
    let missing = anyone.get("/user-api-key-client").await;
    assert_eq!(missing.status, 400);
    assert_eq!(missing.error(), "param is missing or the value is empty or invalid: client_id");
}

#[actix_web::test]
async fn three_tries_a_day_from_one_address_and_failed_ones_count_c260() {
    let site = site().await;
    assert_eq!(register(&site, &[]).await.status, 400);
    assert_eq!(register(&site, &with("scopes", "push")).await.status, 403);
    assert_eq!(register(&site, &wish()).await.status, 200);
    let refused = register(&site, &with("client_id", "deskbell-2")).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "86400"), "{refused:?}");
    assert_eq!(refused.json()["extras"], json!({ "wait_seconds": 86_400, "time_left": "24 hours" }));
    assert_eq!(refused.header("discourse-rate-limit-error-code"), "");

    site.clock.advance(Duration::from_hours(24) - Duration::from_micros(1));
    assert_eq!(register(&site, &with("client_id", "deskbell-2")).await.status, 429);
    site.clock.advance(Duration::from_micros(1));
    assert_eq!(register(&site, &with("client_id", "deskbell-2")).await.status, 200);
}

#[actix_web::test]
async fn an_address_of_the_operators_list_is_not_limited_c261() {
    for listed in ["127.0.0.0/8|::1", "127.0.0.1"] {
        let setting = "user_api.create_user_api_key_client_ip_rate_limit_override_ips";
        let site = TestApp::with(&[("user_api.allow_user_api_key_client_scopes", "read"), (setting, listed)]).await;
        for _ in 0..10 {
            assert_eq!(register(&site, &[]).await.status, 400);
        }
    }
}

#[actix_web::test]
async fn the_first_missing_parameter_is_named_c262() {
    let site = TestApp::with(&[
        ("user_api.allow_user_api_key_client_scopes", "read"),
        ("user_api.user_api_key_clients_create_per_day", "10"),
    ])
    .await;
    let mut fields = Vec::new();
    for (name, value) in wish() {
        let answer = register(&site, &fields).await;
        let expected = format!("param is missing or the value is empty or invalid: {name}");
        assert_eq!((answer.status, answer.error()), (400, expected), "{answer:?}");
        fields.push((name, value));
    }
    assert_eq!(register(&site, &with("scopes", ",")).await.status, 400, "a list of nothing");
}

#[actix_web::test]
async fn only_listed_scopes_are_registered_and_none_by_default_c263() {
    let site = site().await;
    let beyond = register(&site, &with("scopes", "read,push")).await;
    assert_eq!((beyond.status, &beyond.json()["error_type"]), (403, &"invalid_access".into()));
    assert!(beyond.error().contains("\"push\""), "{beyond:?}");
    let off = register(&TestApp::start().await, &wish()).await;
    assert_eq!((off.status, off.json()["reason"].as_str()), (403, Some("registration_off")));
}

#[actix_web::test]
async fn a_key_that_cannot_be_read_is_the_callers_fault_c264() {
    let site = site().await;
    for bad in ["garbage".to_owned(), key("ec")] {
        let answer = register(&site, &with("public_key", &bad)).await;
        assert_eq!((answer.status, &answer.json()["error_type"]), (400, &"invalid_parameters".into()), "{answer:?}");
        assert!(answer.error().contains("public_key"));
    }
}

#[actix_web::test]
async fn a_client_id_that_is_known_is_not_given_away_c265() {
    let site = site().await;
    let ada = site.user("ada").await;
    site.client_app().set("client_id", "from-an-approval").approved_by(&ada).await;
    assert_eq!(register(&site, &wish()).await.status, 200);
    for taken in ["deskbell-1", "from-an-approval"] {
        let answer = register(&site, &with("client_id", taken)).await;
        assert_eq!((answer.status, answer.json()["reason"].as_str()), (403, Some("client_id_taken")), "{answer:?}");
    }
}

#[actix_web::test]
async fn nobody_registers_under_the_sites_own_name_c4() {
    let site = site().await;
    for name in ["Hallpass", "Official Deskbell"] {
        let answer = register(&site, &with("application_name", name)).await;
        assert_eq!((answer.status, answer.json()["reason"].as_str()), (403, Some("reserved_name")));
    }
}

#[actix_web::test]
async fn what_was_registered_is_noted_l9() {
    let site = site().await;
    register(&site, &wish()).await;
    let lines = site.app.cx.store.read(hallpass::store::list_audit_lines).await.unwrap();
    assert_eq!(lines, [("client_registered".to_owned(), None)]);
    let known = site
        .app
        .cx
        .store
        .read(|c| hallpass::store::find_client(c, &hallpass::model::ClientId::parse("deskbell-1").unwrap()));
    let registration = known.await.unwrap().unwrap().registration.unwrap();
    assert_eq!(
        (registration.auth_redirect.as_str(), registration.scopes.to_string().as_str()),
        (REDIRECT, "read,session_info")
    );
}

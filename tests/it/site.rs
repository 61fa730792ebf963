//! What programs ask a site about itself and about their user: shapes that real clients read.

#![cfg(test)]

use serde_json::{Value, json};

use crate::support::TestApp;

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[actix_web::test]
async fn who_am_i_has_the_shape_that_clients_read_c293_c022() {
    let site = TestApp::start().await;
    let id = site
        .account("Ada", |user| {
            user.name = "Ada L.".to_owned();
            user.staff.moderator = true;
        })
        .await;
    let ada = site.sign_in("ada").await;
    let program = ada.holder_of(&site.client_app().scopes("session_info").approved_by(&ada).await.key);
    for path in ["/session/current", "/session/current.json"] {
        for asking in [&ada, &program] {
            let answer = asking.get(path).await;
            let expected = json!({
                "id": id.get(),
                "username": "Ada",
                "name": "Ada L.",
                "avatar_template": "/static/avatar/{size}.png",
                "trust_level": 0,
                "admin": false,
                "moderator": true,
                "can_create_topic": false,
                "unread_notifications": 0,
                "unread_high_priority_notifications": 0,
                "all_unread_notifications_count": 0,
                "unread_personal_messages": 0,
                "seen_notification_id": 0,
            });
            assert_eq!((answer.status, answer.json()), (200, json!({ "current_user": expected })), "{path}");
            assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
            assert_eq!(answer.header("x-discourse-username"), "Ada");
            assert_eq!(answer.header("x-discourse-route"), "session/current");
        }
        let nobody = site.anonymous().json().get(path).await;
        assert_eq!((nobody.status, nobody.body.as_str(), nobody.header("x-discourse-username")), (404, "", ""));
    }
    let picture = site.anonymous().get("/static/avatar/48.png").await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
}

#[actix_web::test]
async fn refusals_name_their_route_too_c022() {
    let site = TestApp::start().await;
    let bad = site.anonymous().with("User-Api-Key", "bad");
    let (json, name) = (bad.json(), "x-discourse-route");
    assert_eq!(json.post("/user-api-key/revoke").await.header(name), "user_api_keys/revoke");
    assert_eq!(site.anonymous().post("/user-api-key/undo-revoke.json").await.header(name), "user_api_keys/undo_revoke");
    let limited = TestApp::with(&[("user_api.max_user_api_reqs_per_minute", "1")]).await;
    let program = limited.key("read").await;
    assert_eq!(program.post("/user-api-key").await.header(name), "user_api_keys/create");
    let over = program.get("/user-api-key/new.json").await;
    assert_eq!((over.status, over.header(name)), (429, "user_api_keys/new"));
}

#[actix_web::test]
async fn a_token_is_given_to_everybody() {
    let site = TestApp::start().await;
    for visitor in [site.anonymous(), site.key("read").await, site.sign_in("ada").await] {
        for path in ["/session/csrf", "/session/csrf.json"] {
            let answer = visitor.get(path).await;
            assert_eq!((answer.status, members(&answer.json())), (200, vec!["csrf"]), "{path}");
            assert!(answer.json()["csrf"].as_str().unwrap().len() >= 32, "{answer:?}");
            assert_eq!(answer.header("x-discourse-route"), "session/csrf");
        }
    }
}

#[actix_web::test]
async fn the_site_introduces_itself_with_absolute_addresses() {
    let settings = [("site.title", "Meadow"), ("site.description", "A place."), ("site.logo_url", "/logo.svg")];
    let site = TestApp::with(&settings).await;
    for path in ["/site/basic-info", "/site/basic-info.json"] {
        let answer = site.anonymous().get(path).await;
        let expected = json!({
            "title": "Meadow",
            "description": "A place.",
            "apple_touch_icon_url": format!("{}/static/apple-touch-icon.png", site.base),
            "logo_url": format!("{}/logo.svg", site.base),
            "logo_small_url": format!("{}/static/apple-touch-icon.png", site.base),
            "favicon_url": format!("{}/favicon.ico", site.base),
            "header_primary_color": "333333",
            "header_background_color": "FFFFFF",
            "login_required": false,
            "locale": "en",
        });
        assert_eq!((answer.status, answer.json()), (200, expected), "{path}");
        assert_eq!(answer.header("x-discourse-route"), "site/basic_info");
        for icon in ["apple_touch_icon_url", "logo_small_url", "favicon_url"] {
            let icon = site.anonymous().get(answer.json()[icon].as_str().unwrap()).await;
            assert!(icon.status == 200 && icon.header("content-type").starts_with("image/"), "{icon:?}");
        }
    }
}

#[actix_web::test]
async fn about_and_the_categories_have_the_members_that_clients_read() {
    let site = TestApp::with(&[("site.title", "Meadow")]).await;
    for path in ["/about", "/about.json"] {
        let answer = site.anonymous().get(path).await;
        let about = &answer.json()["about"];
        assert_eq!((answer.status, &about["title"]), (200, &json!("Meadow")), "{path}");
        assert_eq!(members(about), ["title", "description", "version", "https", "locale", "stats"]);
        assert_eq!(answer.header("x-discourse-route"), "about/index");
    }
    for path in ["/site", "/site.json"] {
        let answer = site.anonymous().get(path).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "categories": [] })), "{path}");
        assert_eq!(answer.header("x-discourse-route"), "site/index");
    }
}

#[actix_web::test]
async fn errors_have_the_protocols_bodies() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await.csrf().await.json();
    let kind = |answer: &crate::support::Answer| {
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
        assert!(answer.json()["errors"][0].is_string(), "{answer:?}");
        let error_type = answer.json()["error_type"].as_str().unwrap_or("none").to_owned();
        (answer.status, error_type)
    };
    let of = |status: u16, error_type: &str| (status, error_type.to_owned());
    assert_eq!(kind(&ada.get("/nowhere").await), of(404, "not_found"));
    assert_eq!(kind(&ada.delete("/about").await), of(404, "not_found"));
    assert_eq!(kind(&site.anonymous().json().post("/user-api-key").await), of(403, "not_logged_in"));
    assert_eq!(kind(&ada.delete("/session/bob").await), of(403, "invalid_access"));
    let missing = ada.post_form("/user-api-key", &[("nonce", "x")]).await;
    assert_eq!(kind(&missing), of(400, "none"));
    assert_eq!(members(&missing.json()), ["errors"]);
    assert!(missing.error().starts_with("param is missing or the value is empty or invalid: "), "{missing:?}");
    let invalid = site.client_app().set("public_key", "none").approve(&ada).await;
    assert_eq!(kind(&invalid), of(400, "invalid_parameters"));
    assert!(invalid.error().contains("public_key"), "{invalid:?}");
    let large = ada.post_form("/user-api-key", &[("nonce", "x".repeat(70_000))]).await;
    assert_eq!(kind(&large), of(413, "too_large"));
}

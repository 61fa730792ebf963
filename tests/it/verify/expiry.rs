//! The life of a key: section 9.1 of the protocol.

use std::time::Duration;

use serde_json::Value;

use super::said;
use crate::support::TestApp;

const YEAR: &str = "31536000";

#[actix_web::test]
async fn a_key_lives_on_when_no_life_is_asked_for_c209() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let absent = site.client_app().approved_by(&ada).await;
    let blank = site.client_app().set("client_id", "blank").set("expires_in_seconds", "").approved_by(&ada).await;
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys WHERE expires_at IS NULL"), Some(2));
    site.clock.advance_days(4_000);
    for received in [absent, blank] {
        assert_eq!(received.payload.get("expires_at"), None);
        assert_eq!(ada.holder_of(&received.key).get("/about.json").await.status, 200);
    }
}

#[actix_web::test]
async fn lives_from_a_second_to_the_sites_most_are_given_c210() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for (asked, seconds) in [("1", 1), ("60", 60), ("0000000060", 60), (YEAR, 31_536_000)] {
        let received = site.client_app().set("expires_in_seconds", asked).approved_by(&ada).await;
        assert!(received.payload["expires_at"].is_string(), "{asked}");
        let life = "SELECT (expires_at - created_at) / 1000000 FROM user_api_keys ORDER BY id DESC LIMIT 1";
        assert_eq!(site.number(life), Some(seconds), "{asked}");
    }
}

#[actix_web::test]
async fn other_lives_are_refused_by_name_c211() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let long = "1".repeat(1000);
    let values =
        ["0", "-1", "1.5", "1e3", " 60", "60 ", "+60", "sixty", "6O", "31536001", "9999999999", "00000000060", &long];
    for value in values {
        let application = site.client_app().set("expires_in_seconds", value);
        let refused = application.approve(&ada).await;
        assert_eq!(
            (refused.status, &refused.json()["error_type"]),
            (400, &Value::from("invalid_parameters")),
            "{value}"
        );
        assert!(refused.error().contains("expires_in_seconds"), "{value}: {refused:?}");
        let shown = ada.get(&application.json_path()).await;
        assert_eq!((shown.status, &shown.json()["state"]), (200, &Value::from("generic_error")), "{value}");
    }
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys"), Some(0));
}

#[actix_web::test]
async fn a_site_without_lives_refuses_every_one_c212() {
    let site = TestApp::with(&[("user_api.max_user_api_key_expiry_days", "0")]).await;
    let ada = site.user("ada").await;
    for value in ["1", "60", YEAR] {
        let refused = site.client_app().set("expires_in_seconds", value).approve(&ada).await;
        assert_eq!((refused.status, refused.error().contains("expires_in_seconds")), (400, true), "{refused:?}");
    }
    assert_eq!(site.client_app().approve(&ada).await.status, 200);
}

#[actix_web::test]
async fn an_expired_key_is_like_an_unknown_one_and_stays_in_the_database_c213() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let received = site.client_app().set("expires_in_seconds", "3600").approved_by(&ada).await;
    let program = ada.holder_of(&received.key);
    site.clock.advance(Duration::from_hours(1) - Duration::from_micros(1));
    assert_eq!(program.get("/session/current.json").await.status, 200);
    site.clock.advance(Duration::from_micros(1));
    let expired = program.get("/session/current.json").await;
    let unknown = program.with("User-Api-Key", &"0".repeat(32)).get("/session/current.json").await;
    assert_eq!((expired.status, said(&expired)), (403, said(&unknown)));
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys WHERE revoked_at IS NULL"), Some(1));
}

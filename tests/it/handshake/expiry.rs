//! The life an application may ask for (`C-052`, `C-066`).

use super::{keys_of, works};
use crate::support::TestApp;

#[actix_web::test]
async fn the_life_counts_from_the_approval_and_not_from_the_page_c052() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let app = site.client_app().set("expires_in_seconds", "60");
    let page = ada.html().get(&app.path()).await;
    assert_eq!(ada.get(&app.json_path()).await.json()["expires_at"], "2026-11-22T12:01:00Z");
    site.clock.advance(std::time::Duration::from_mins(5));
    assert_eq!(page.form("/user-api-key").submit(&ada).await.status, 200);
    let key = keys_of(&site, "ada").await.remove(0);
    assert_eq!(key.expires_at.unwrap().iso_seconds(), "2026-11-22T12:06:00Z");
}

#[actix_web::test]
async fn a_key_with_an_end_works_until_then() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().set("expires_in_seconds", "60").approved_by(&ada).await.key;
    site.clock.advance(std::time::Duration::from_secs(59));
    assert!(works(&ada, &key).await);
    site.clock.advance(std::time::Duration::from_secs(1));
    assert!(!works(&ada, &key).await);
}

#[actix_web::test]
async fn the_longest_life_is_the_operators_c043_c066() {
    for (days, most) in [("0", 0), ("1", 86_400), ("365", 31_536_000), ("36500", 3_153_600_000_u64)] {
        let site = TestApp::with(&[("user_api.max_user_api_key_expiry_days", days)]).await;
        let ada = site.user("ada").await;
        let asks = |seconds: u64| site.client_app().set("expires_in_seconds", &seconds.to_string());
        let beyond = asks(most + 1);
        assert_eq!(ada.get(&beyond.json_path()).await.json()["reason"], "bad_expiry", "{days}");
        let refused = beyond.approve(&ada).await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (400, Some("bad_expiry")));
        assert!(refused.error().contains("expires_in_seconds"));
        if most > 0 {
            assert_eq!(ada.get(&asks(most).json_path()).await.json()["expires_in_seconds"], most);
            assert_eq!(asks(most).approve(&ada).await.status, 200, "{days}");
        }
    }
}

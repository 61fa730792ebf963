//! What is old goes.

use serde_json::json;

use crate::support::TestApp;

fn left(site: &TestApp) -> i64 {
    site.number("SELECT count(*) FROM notifications").unwrap()
}

#[actix_web::test]
async fn what_was_read_goes_after_60_days_and_the_rest_after_a_year() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    site.tell_often(1, 2).await;
    site.full_back_end().await.post("/admin/notifications/1/read").await;
    site.clock.advance_days(60);
    site.daily().await;
    assert_eq!(left(&site), 2, "60 days are not more than 60");
    site.clock.advance_days(1);
    site.daily().await;
    assert_eq!((left(&site), site.number("SELECT id FROM notifications")), (1, Some(2)));
    site.clock.advance_days(304);
    site.daily().await;
    assert_eq!(left(&site), 1);
    site.clock.advance_days(1);
    site.daily().await;
    assert_eq!(left(&site), 0);
    let ada = site.sign_in("ada").await;
    assert_eq!(ada.get("/session/current.json").await.json()["current_user"]["unread_notifications"], 0);
}

#[actix_web::test]
async fn the_settings_say_how_many_days_and_0_says_never() {
    let settings = [("notifications.keep_read_days", "2"), ("notifications.keep_days", "0")];
    let site = TestApp::with(&settings).await;
    site.account("ada", |_| {}).await;
    site.tell_often(1, 2).await;
    site.full_back_end().await.post("/admin/notifications/1/read").await;
    site.clock.advance_days(3);
    site.daily().await;
    assert_eq!(left(&site), 1);
    site.clock.advance_days(4_000);
    site.daily().await;
    assert_eq!(left(&site), 1);

    let never = TestApp::with(&[("notifications.keep_read_days", "0"), ("notifications.keep_days", "5")]).await;
    never.account("ada", |_| {}).await;
    never.tell(1, 1, json!({})).await;
    never.full_back_end().await.post("/admin/notifications/1/read").await;
    never.clock.advance_days(5);
    never.daily().await;
    assert_eq!(left(&never), 1);
    never.clock.advance_days(1);
    never.daily().await;
    assert_eq!(left(&never), 0);
}

//! What the site's back end publishes, and what the user reads, as a poll hears of it.

use hallpass::worker::Worker;
use serde_json::{Value, json};

use super::{look, until_waiting, waiting};
use crate::support::TestApp;

#[actix_web::test]
async fn what_the_back_end_publishes_on_one_node_reaches_a_poll_on_the_other_c286() {
    let site = TestApp::start().await;
    let other = site.beside(&[]).await;
    let worker = Worker::start(&other.app);
    let program = site.key("notifications").await;
    let poll = waiting(&program.at(&other.base), "c0ffee", &[("/notification-alert/1", "0")]);
    until_waiting(&other, 1).await;
    let body = json!({ "user_ids": [1], "notification_type": 2, "url": "/t/bread/7", "high_priority": true,
                       "data": { "topic_title": "Bread", "display_username": "bob" } });
    assert_eq!(site.full_back_end().await.post_json("/admin/notifications", &body).await.status, 200);
    let expected = json!({
        "topic_title": "Bread", "display_username": "bob", "id": 1, "notification_type": 2, "high_priority": true,
        "post_url": "/t/bread/7",
    });
    assert_eq!(poll.await.unwrap().json()[0]["data"], expected);
    worker.stop().await;
}

#[actix_web::test]
async fn a_poll_hears_how_much_is_new_when_something_is_published_and_when_it_is_read() {
    let site = TestApp::start().await;
    let program = site.key("notifications").await;
    let body = json!({ "user_ids": [1], "notification_type": 2 });
    assert_eq!(site.full_back_end().await.post_json("/admin/notifications", &body).await.status, 200);
    assert_eq!(program.put_json("/notifications/mark-read", &json!({})).await.status, 200);
    let heard = look(&program, &[("/notification/1", "0")]).await.json();
    let unread = |message: &Value| message["data"]["all_unread_notifications_count"].as_i64().unwrap();
    assert_eq!(heard.as_array().unwrap().iter().map(unread).collect::<Vec<_>>(), [1, 0]);
}

#[actix_web::test]
async fn what_was_deleted_is_not_told_any_more_and_what_is_left_keeps_its_place() {
    let site = TestApp::with(&[("notifications.most_per_user", "10")]).await;
    let (program, back_end) = (site.key("notifications").await, site.full_back_end().await);
    let publish = async |title: String| {
        let body = json!({ "user_ids": [1], "notification_type": 2, "data": { "topic_title": title } });
        assert_eq!(back_end.post_json("/admin/notifications", &body).await.status, 200);
    };
    let heard = async |after: &str| {
        let heard = look(&program, &[("/notification-alert/1", after)]).await.json();
        heard.as_array().unwrap().iter().map(|one| one["message_id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    for number in 1..=3 {
        publish(number.to_string()).await;
    }
    for id in [3, 1] {
        assert_eq!(back_end.delete(&format!("/admin/notifications/{id}")).await.status, 200);
    }
    assert_eq!((heard("0").await, heard("2").await), (vec![2], vec![]));
    // One that goes because newer ones came is not told either.
    for number in 4..=13 {
        publish(number.to_string()).await;
    }
    assert_eq!(heard("0").await, (4..=13).collect::<Vec<_>>());
}

#[actix_web::test]
async fn an_address_that_nobody_checked_is_not_told() {
    let site = TestApp::start().await;
    let program = site.key("notifications").await;
    let body = json!({ "user_ids": [1], "notification_type": 2, "url": "/t/bread/7",
                       "data": { "url": "javascript:alert(1)", "post_url": "javascript:alert(1)" } });
    assert_eq!(site.full_back_end().await.post_json("/admin/notifications", &body).await.status, 200);
    let data = &look(&program, &[("/notification-alert/1", "0")]).await.json()[0]["data"];
    assert_eq!((data.get("url"), &data["post_url"]), (None, &json!("/t/bread/7")));
}

//! What the site has told ada: she looks, and marks what she has read.

use serde_json::{Value, json};

use crate::site::Visitor;
use crate::support::Stage;

/// Tells ada these things.
async fn tell(stage: &Stage, all: &[Value]) {
    let made = stage.server.cli(&["admin-key", "create", "--name", "shop", "--scope", "notifications:write"], "");
    let key = String::from_utf8(made.stdout).expect("a key");
    let back_end = Visitor::new(&stage.server.internal).with("Api-Key", key.trim());
    for one in all {
        let told = back_end.post_json("/admin/notifications", one).await;
        assert_eq!(told.status, 200, "{told:?}");
    }
}

#[actix_web::test]
async fn ada_looks_at_what_she_was_told_and_marks_one_and_then_all_as_read() {
    let stage = Stage::start().await;
    stage.sign_in().await;
    stage.open("/notifications").await;
    assert!(stage.reads().await.contains("No notifications"));
    stage.look("notifications-empty").await;
    let told = |kind: i64, data: Value| json!({ "usernames": ["ada"], "notification_type": kind, "data": data });
    let mut urgent =
        told(6, json!({ "topic_title": "The keys of the hall", "username": "grace", "excerpt": "At eight?" }));
    urgent["high_priority"] = true.into();
    let mut elsewhere = told(2, json!({ "topic_title": "حفلة في القاعة", "username": "اليس" }));
    elsewhere["url"] = "https://tickets.example/42".into();
    let long = told(1, json!({ "topic_title": "Llanfairpwllgwyngyll".repeat(6), "excerpt": "<b>bold</b> & so on" }));
    tell(&stage, &[urgent, elsewhere, long, told(900, json!({}))]).await;

    stage.open("/u/ada/preferences/apps").await;
    stage.follow(".account a[href$='/notifications']").await;
    let read = stage.reads().await;
    let (urgent, unread) = read.split_once("Unread").expect("there is more than what is important");
    assert!(urgent.contains("The keys of the hall") && unread.contains("Leads to tickets.example"), "{read}");
    stage.look("notifications").await;
    stage.answer("Mark as read “The keys of the hall”").await;
    assert_eq!(stage.place().await, "/notifications");
    let read = stage.reads().await;
    assert!(!read.contains("Important") && read.ends_with("grace · just now\nAt eight?"), "{read}");
    stage.look("notifications-marked").await;
    stage.answer("Mark all as read").await;
    assert!(!stage.reads().await.contains("Mark"), "there is nothing left to mark");
}

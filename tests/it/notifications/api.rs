//! The shapes for programs.

use serde_json::{Value, json};

use super::ids;
use crate::support::{TestApp, Visitor};

/// What the user's browser and each kind of key that may look see at this path.
async fn seen_by_each(site: &TestApp, ada: &Visitor, path: &str) -> Value {
    let own = ada.json().get(path).await;
    assert_eq!(own.status, 200, "{own:?}");
    for (client_id, scopes) in [("n", "notifications"), ("r", "read"), ("w", "write")] {
        let application = site.client_app().set("client_id", client_id).scopes(scopes);
        let program = ada.holder_of(&application.approved_by(ada).await.key);
        let answer = program.get(path).await;
        assert_eq!((answer.status, answer.json()), (200, own.json()), "{scopes}");
    }
    own.json()
}

#[actix_web::test]
async fn the_list_has_the_shape_that_applications_read_c286() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let data = json!({ "topic_title": "Bread & <butter>", "display_username": "bob", "topic_id": 7, "post_number": 2,
                       "slug": "bread", "more": { "x": [1, null] } });
    site.tell(1, 2, json!({ "data": data, "url": "/t/bread/7/2" })).await;
    site.tell(1, 6, json!({ "high_priority": true })).await;
    let list = seen_by_each(&site, &ada, "/notifications.json").await;
    assert_eq!(
        list,
        json!({
            "notifications": [
                {
                    "id": 2, "user_id": 1, "notification_type": 6, "read": false, "high_priority": true,
                    "created_at": "2026-11-22T12:00:00.000Z", "post_number": null, "topic_id": null, "fancy_title": null,
                    "slug": null, "data": {}, "url": null,
                },
                {
                    "id": 1, "user_id": 1, "notification_type": 2, "read": false, "high_priority": false,
                    "created_at": "2026-11-22T12:00:00.000Z", "post_number": 2, "topic_id": 7,
                    "fancy_title": "Bread &#38; &#60;butter&#62;", "slug": "bread", "data": data,
                    "url": format!("{}/t/bread/7/2", site.app.public_url.origin()),
                },
            ],
            "total_rows_notifications": 2,
            "seen_notification_id": 0,
            "load_more_notifications": "/notifications?limit=60&offset=60&username=ada",
        })
    );
}

#[actix_web::test]
async fn without_json_in_the_path_a_program_gets_json_and_a_browser_the_page() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().scopes("notifications").approved_by(&ada).await.key);
    for asking in [&program, &program.html(), &ada.json()] {
        assert_eq!(ids(&asking.get("/notifications").await.json()), Vec::<i64>::new());
    }
    let page = ada.html().get("/notifications").await;
    assert!(page.status == 200 && page.body.contains("<h1>Notifications</h1>"), "{page:?}");
}

#[actix_web::test]
async fn the_list_comes_some_at_a_time_and_says_where_it_goes_on() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.tell_often(1, 5).await;
    let first = ada.get("/notifications.json?limit=2").await.json();
    assert_eq!((ids(&first), &first["total_rows_notifications"]), (vec![5, 4], &json!(5)));
    let second = ada.json().get(first["load_more_notifications"].as_str().unwrap()).await.json();
    let third = ada.json().get(second["load_more_notifications"].as_str().unwrap()).await.json();
    let fourth = ada.json().get(third["load_more_notifications"].as_str().unwrap()).await.json();
    assert_eq!((ids(&second), ids(&third), ids(&fourth)), (vec![3, 2], vec![1], vec![]));
    for (query, word) in [
        ("limit=0", "from 1 to 60"),
        ("limit=61", "from 1 to 60"),
        ("recent=true&limit=61", "from 1 to 60"),
        ("limit=ten", "from 1 to 60"),
        ("offset=-1", "from 0 to"),
        ("limit=1&limit=2", "more than once"),
    ] {
        let refused = ada.get(&format!("/notifications.json?{query}")).await;
        assert!(refused.status == 400 && refused.error().contains(word), "{query}: {refused:?}");
    }
}

#[actix_web::test]
async fn recent_is_what_matters_most_and_a_look_at_it_unless_it_is_silent() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.tell_often(1, 16).await;
    site.tell(1, 6, json!({ "high_priority": true })).await;
    site.tell(1, 1, json!({})).await;
    for (query, count, seen) in [
        ("recent=true&silent=true&limit=25", 18, 0),
        ("recent=true&silent", 15, 0),
        ("recent=true&limit=1", 1, 18),
        ("recent=true&silent=true&limit=2", 2, 18),
    ] {
        let list = ada.get(&format!("/notifications.json?{query}")).await.json();
        let members: Vec<_> = list.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["notifications", "seen_notification_id"], "{query}");
        assert_eq!((ids(&list).len(), &list["seen_notification_id"]), (count, &json!(seen)), "{query}");
        assert_eq!(ids(&list)[0], 17, "{query}");
    }
    let list = ada.get("/notifications.json?recent=true&silent=false").await.json();
    assert_eq!((ids(&list)[..2].to_vec(), &list["seen_notification_id"]), (vec![17, 18], &json!(18)));
    assert_eq!(site.number("SELECT count(*) FROM notifications WHERE read"), Some(0), "what was seen is not read");
}

async fn current(visitor: &Visitor) -> [i64; 5] {
    let current = visitor.get("/session/current.json").await.json()["current_user"].clone();
    [
        "unread_notifications",
        "unread_high_priority_notifications",
        "all_unread_notifications_count",
        "unread_personal_messages",
        "seen_notification_id",
    ]
    .map(|name| current[name].as_i64().unwrap())
}

#[actix_web::test]
async fn what_is_new_is_counted_and_what_was_seen_is_new_no_more() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.account("bob", |_| {}).await;
    site.tell(2, 1, json!({})).await;
    assert_eq!(current(&ada).await, [0, 0, 0, 0, 0]);
    site.tell(1, 1, json!({})).await;
    site.tell(1, 6, json!({ "high_priority": true })).await;
    site.tell(1, 2, json!({})).await;
    assert_eq!(current(&ada).await, [2, 1, 3, 1, 0]);
    let totals = seen_by_each(&site, &ada, "/notifications/totals.json").await;
    let expected = json!({
        "id": 1, "username": "ada", "unread_notifications": 2, "unread_personal_messages": 1, "unseen_reviewables": 0,
        "topic_tracking": { "new": 0, "unread": 0 }, "group_inboxes": [],
    });
    assert_eq!((totals, ada.get("/notifications/totals").await.json()), (expected.clone(), expected));
    ada.get("/notifications.json?recent=true").await;
    // Of high priority: until it is read.
    assert_eq!(current(&ada).await, [0, 1, 0, 0, 4]);
    site.tell(1, 1, json!({})).await;
    assert_eq!(current(&ada).await, [1, 1, 1, 0, 4]);
}

#[actix_web::test]
async fn somebody_elses_are_shown_to_nobody_and_nobody_is_shown_any() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let root = site.admin("root").await;
    site.tell(1, 1, json!({})).await;
    assert_eq!(ids(&ada.get("/notifications.json?username=ADA").await.json()), [1]);
    assert_eq!(root.get("/notifications.json?username=ada").await.status, 403);
    assert_eq!(ids(&root.get("/notifications.json").await.json()), Vec::<i64>::new());
    let nobody = site.anonymous();
    for path in ["/notifications.json", "/notifications/totals.json"] {
        let refused = nobody.get(path).await;
        assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("not_logged_in")), "{path}");
    }
    let sent = nobody.html().get("/notifications").await;
    assert!(sent.status == 302 && sent.header("location").starts_with("/login?return="), "{sent:?}");
    let other = ada.holder_of(&site.client_app().scopes("session_info").approved_by(&ada).await.key);
    for path in ["/notifications.json", "/notifications/totals.json"] {
        assert_eq!(other.get(path).await.status, 403, "{path}");
    }
}

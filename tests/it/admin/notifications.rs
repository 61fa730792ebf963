//! `/admin/notifications`.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp, Visitor};

/// What is told to whom, with whatever else.
async fn publish(back_end: &Visitor, more: Value) -> Answer {
    let mut body = json!({ "notification_type": 1, "data": { "topic_title": "Bread" } });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    back_end.post_json("/admin/notifications", &body).await
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn users_are_told_by_id_by_name_and_by_what_the_site_calls_them() {
    let site = TestApp::start().await;
    for name in ["ada", "bob", "cleo"] {
        site.account(name, |_| {}).await;
    }
    site.execute("UPDATE users SET external_id = 'u-3' WHERE id = 3").await;
    let back_end = site.back_end("notifications:read,notifications:write").await;
    let told = publish(
        &back_end,
        json!({ "user_ids": [2], "usernames": ["ADA"], "external_ids": ["u-3"], "url": "https://Site.example/t/7",
                "high_priority": true, "dedupe_id": "seven" }),
    )
    .await;
    let expected = json!({ "items": [
        { "user_id": 2, "id": 1, "is_new": true },
        { "user_id": 1, "id": 2, "is_new": true },
        { "user_id": 3, "id": 3, "is_new": true },
    ] });
    assert_eq!((told.status, told.json()), (200, expected));
    let mut one = back_end.get("/admin/users/1/notifications").await.json()["items"][0].clone();
    assert_eq!(one["created_at"].take(), "2026-11-22T12:00:00.000Z");
    let expected = json!({
        "id": 2, "user_id": 1, "notification_type": 1, "read": false, "high_priority": true, "created_at": null,
        "data": { "topic_title": "Bread" }, "url": "https://site.example/t/7", "dedupe_id": "seven",
    });
    assert_eq!(one, expected);
}

#[actix_web::test]
async fn what_was_taken_can_be_read_again_whatever_becomes_of_its_fractions() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.back_end("notifications:read,notifications:write").await;
    let fractions = ["920e-266"; 430].join(",");
    let body = format!(r#"{{"user_ids":[1],"notification_type":1,"data":{{"a":[{fractions}]}}}}"#);
    let json = Some(("application/json", body.into_bytes()));
    assert_eq!(back_end.request(reqwest::Method::POST, "/admin/notifications", json).await.status, 200);
    let page = back_end.get("/admin/users/1/notifications").await;
    assert_eq!(page.status, 200);
    let kept = &page.json()["items"][0]["data"]["a"];
    assert_eq!((kept.as_array().unwrap().len(), kept[429].as_f64().unwrap() < 1e-263), (430, true));
}

#[actix_web::test]
async fn the_same_sent_again_is_given_back_and_not_made_again() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    site.account("bob", |_| {}).await;
    let back_end = site.full_back_end().await;
    let send = async |users: Value| {
        publish(&back_end, json!({ "usernames": users, "dedupe_id": "seven" })).await.json()["items"].clone()
    };
    assert_eq!(send(json!(["ada"])).await, json!([{ "user_id": 1, "id": 1, "is_new": true }]));
    let both = json!([{ "user_id": 1, "id": 1, "is_new": false }, { "user_id": 2, "id": 2, "is_new": true }]);
    assert_eq!(send(json!(["ada", "bob"])).await, both);
    assert_eq!(back_end.post("/admin/notifications/1/read").await.status, 200);
    let changed = json!({ "usernames": ["ada"], "dedupe_id": "seven", "high_priority": true });
    assert_eq!(publish(&back_end, changed).await.json()["items"][0]["is_new"], false);
    let kept = back_end.get("/admin/users/1/notifications").await.json();
    assert_eq!(
        (ids(&kept), &kept["items"][0]["high_priority"], &kept["items"][0]["read"]),
        (vec![1], &json!(false), &json!(true))
    );
    // Without a name for it each is another.
    assert_eq!(publish(&back_end, json!({ "usernames": ["ada"] })).await.json()["items"][0]["id"], 3);
    assert_eq!(publish(&back_end, json!({ "usernames": ["ada"] })).await.json()["items"][0]["id"], 4);
}

#[actix_web::test]
async fn what_is_wrong_is_told_by_name_and_nobody_is_told_anything() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    let many: Vec<i64> = (1..=501).collect();
    for (more, reason, word) in [
        (
            json!({ "usernames": ["ada", "bob"], "external_ids": ["u-9"] }),
            "no_such_user",
            "username bob, external_id u-9",
        ),
        (json!({ "user_ids": [1, 7] }), "no_such_user", "user_id 7"),
        (json!({}), "bad_value", "user_ids, usernames or external_ids"),
        (json!({ "user_ids": [1], "usernames": ["Ada"] }), "twice", "ada is named twice"),
        (json!({ "user_ids": many }), "too_many", "at most 500"),
        (json!({ "user_ids": [1, 0] }), "bad_json", "user_ids[1]: "),
        (json!({ "user_ids": [0] }), "bad_json", "from 1 to"),
        (json!({ "user_ids": 1 }), "bad_json", "user_ids: send a list in place of a number"),
        (json!({ "usernames": ["ada", 2] }), "bad_json", "usernames[1]: send a string in place of a number"),
        (json!({ "usernames": ["ada", "a b"] }), "bad_value", "entry 1: usernames"),
        (json!({ "external_ids": [""] }), "bad_value", "entry 0: external_ids"),
        (json!({ "user_ids": [1], "notification_type": 0 }), "bad_value", "notification_type is a whole number"),
        (json!({ "user_ids": [1], "notification_type": "reply" }), "bad_value", "2 for a reply"),
        (json!({ "user_ids": [1], "notification_type": 1.5 }), "bad_value", "a whole number from 1 to"),
        (json!({ "user_ids": [1], "notification_type": null }), "bad_value", "a whole number from 1 to"),
        (json!({ "user_ids": [1], "data": [] }), "bad_json", "data: send an object in place of a list"),
        (json!({ "user_ids": [1], "high_priority": 1 }), "bad_json", "high_priority: send true or false"),
        (json!({ "user_ids": [1], "data": { "a": "x".repeat(4000) } }), "bad_value", "at most 4000"),
        (json!({ "user_ids": [1], "data": { "a": "x\0" } }), "bad_encoding", "NUL"),
        (json!({ "user_ids": [1], "url": "javascript:alert(1)" }), "bad_value", "http or https"),
        (json!({ "user_ids": [1], "url": "//evil.example" }), "bad_value", "one slash"),
        (json!({ "user_ids": [1], "dedupe_id": "" }), "bad_value", "1 to 200"),
        (json!({ "user_ids": [1], "user_id": 1 }), "bad_json", "unknown field"),
    ] {
        let refused = publish(&back_end, more.clone()).await;
        assert_eq!((refused.status, refused.json()["reason"].as_str()), (400, Some(reason)), "{more} {refused:?}");
        assert!(refused.error().contains(word), "{word}: {refused:?}");
    }
    let untyped = back_end.post_json("/admin/notifications", &json!({ "user_ids": [1] })).await;
    assert!(untyped.status == 400 && untyped.error().contains("notification_type"), "{untyped:?}");
    assert_eq!(site.number("SELECT count(*) FROM notifications"), Some(0));
}

#[actix_web::test]
async fn five_hundred_users_are_told_at_once() {
    let site = TestApp::start().await;
    let back_end = site.full_back_end().await;
    let users: Vec<Value> = (1..=500).map(|number| json!({ "username": format!("user-{number}") })).collect();
    assert_eq!(back_end.put_json("/admin/users", &json!({ "users": users })).await.status, 200);
    let all: Vec<i64> = (1..=500).collect();
    let told = publish(&back_end, json!({ "user_ids": all })).await;
    assert_eq!((told.status, ids(&told.json())), (200, all));
    assert_eq!(site.number("SELECT count(DISTINCT user_id) FROM notifications"), Some(500));
}

#[actix_web::test]
async fn a_notification_is_marked_and_deleted_by_its_id_and_by_what_the_site_calls_it() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    site.account("bob", |_| {}).await;
    let back_end = site.full_back_end().await;
    for name in ["one", "two", "three"] {
        publish(&back_end, json!({ "user_ids": [1, 2], "dedupe_id": name })).await;
    }
    let unread = || site.number("SELECT count(*) FROM notifications WHERE NOT read AND user_id = 1").unwrap();
    assert_eq!(back_end.post("/admin/notifications/1/read").await.json(), json!({ "success": "OK" }));
    assert_eq!((back_end.post("/admin/notifications/1/read").await.status, unread()), (200, 2), "once is enough");
    assert_eq!((back_end.post("/admin/users/1/notifications/read?dedupe_id=two").await.status, unread()), (200, 1));
    assert_eq!((back_end.post("/admin/users/1/notifications/read").await.status, unread()), (200, 0));
    assert_eq!(site.number("SELECT count(*) FROM notifications WHERE NOT read"), Some(3), "bob's are not ada's");
    assert_eq!(site.number("SELECT seen_notification_id FROM users WHERE id = 1"), Some(5));

    assert_eq!(back_end.delete("/admin/notifications/1").await.status, 200);
    assert_eq!(back_end.delete("/admin/users/1/notifications?dedupe_id=three").await.status, 200);
    assert_eq!(ids(&back_end.get("/admin/users/1/notifications").await.json()), [3]);
    let whole = back_end.delete("/admin/users/2/notifications").await;
    assert!(
        whole.status == 400 && whole.error().contains("dedupe_id"),
        "nothing is deleted by leaving a word out: {whole:?}"
    );
    for gone in [
        back_end.delete("/admin/notifications/1").await,
        back_end.post("/admin/notifications/1/read").await,
        back_end.delete("/admin/users/1/notifications?dedupe_id=three").await,
        back_end.post("/admin/users/1/notifications/read?dedupe_id=nine").await,
        back_end.post("/admin/users/9/notifications/read").await,
        back_end.get("/admin/users/9/notifications").await,
        back_end.delete("/admin/notifications/x").await,
    ] {
        assert_eq!(gone.status, 404, "{gone:?}");
    }
    // What was deleted may be told again.
    assert_eq!(
        publish(&back_end, json!({ "user_ids": [1], "dedupe_id": "one" })).await.json()["items"][0]["is_new"],
        true
    );
}

#[actix_web::test]
async fn each_call_that_changes_something_is_one_line_of_the_log() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    site.account("bob", |_| {}).await;
    let back_end = site.full_back_end().await;
    let count = site.audit().await.len();
    let both = json!({ "user_ids": [1, 2], "dedupe_id": "seven" });
    publish(&back_end, both.clone()).await;
    publish(&back_end, both).await;
    publish(&back_end, json!({ "user_ids": [2] })).await;
    for _ in 0..2 {
        back_end.post("/admin/notifications/1/read").await;
        back_end.post("/admin/users/2/notifications/read").await;
        back_end.delete("/admin/notifications/3").await;
    }
    let expected = [
        "notification_published",
        "notification_published",
        "notification_read",
        "notification_read",
        "notification_deleted",
    ];
    assert_eq!(site.audit().await[count..], expected);
    let whom = "SELECT count(*) FROM audit_log WHERE admin_key_id = 1 AND event LIKE 'notification%' AND user_id";
    let about = |whom_else: &str| site.number(&format!("{whom} {whom_else}"));
    assert_eq!((about("IS NULL"), about("= 1"), about("= 2")), (Some(1), Some(1), Some(3)));
}

#[actix_web::test]
async fn a_list_goes_on_behind_its_last_row_newest_first() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    for _ in 0..5 {
        publish(&back_end, json!({ "user_ids": [1] })).await;
    }
    let page = async |query: &str| back_end.get(&format!("/admin/users/1/notifications?limit=2{query}")).await.json();
    let first = page("").await;
    publish(&back_end, json!({ "user_ids": [1] })).await;
    let second = page(&format!("&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    let third = page(&format!("&cursor={}", second["next_cursor"].as_str().unwrap())).await;
    assert_eq!((ids(&first), ids(&second), ids(&third)), (vec![5, 4], vec![3, 2], vec![1]));
    assert_eq!(third["next_cursor"], Value::Null);
    for query in ["limit=0", "cursor=1", "page=1"] {
        assert_eq!(back_end.get(&format!("/admin/users/1/notifications?{query}")).await.status, 400, "{query}");
    }
}

#[actix_web::test]
async fn a_suspended_user_finds_it_when_the_suspension_is_over() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    back_end.patch_json("/admin/users/1", &json!({ "suspended": true })).await;
    assert_eq!(publish(&back_end, json!({ "user_ids": [1] })).await.json()["items"][0]["is_new"], true);
    back_end.patch_json("/admin/users/1", &json!({ "suspended": false })).await;
    let ada = site.sign_in("ada").await;
    assert_eq!(ada.get("/notifications/totals.json").await.json()["unread_notifications"], 1);
    assert_eq!(back_end.delete("/admin/users/1").await.status, 200);
    assert_eq!(site.number("SELECT count(*) FROM notifications"), Some(0));
}

#[actix_web::test]
async fn of_one_user_so_many_are_kept_as_is_set_and_the_newest() {
    let site = TestApp::with(&[("notifications.most_per_user", "10")]).await;
    site.account("ada", |_| {}).await;
    site.account("bob", |_| {}).await;
    let back_end = site.full_back_end().await;
    publish(&back_end, json!({ "user_ids": [2] })).await;
    for _ in 0..12 {
        publish(&back_end, json!({ "user_ids": [1] })).await;
    }
    assert_eq!(ids(&back_end.get("/admin/users/1/notifications").await.json()), (4..=13).rev().collect::<Vec<i64>>());
    assert_eq!(ids(&back_end.get("/admin/users/2/notifications").await.json()), [1]);
}

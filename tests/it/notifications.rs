//! What a user was told, as they and their applications see it.

mod api;
mod keeping;
mod marked;
mod page;

use serde_json::{Value, json};

use crate::support::TestApp;

impl TestApp {
    /// Tells the user of this id something of this type.
    async fn tell(&self, user: i64, notification_type: i64, more: Value) {
        let mut body = json!({ "user_ids": [user], "notification_type": notification_type });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let told = self.full_back_end().await.post_json("/admin/notifications", &body).await;
        assert_eq!(told.status, 200, "{told:?}");
    }

    /// Tells the user of this id so many things of no importance.
    async fn tell_often(&self, user: i64, times: usize) {
        let back_end = self.full_back_end().await;
        for number in 1..=times {
            let data = json!({ "topic_title": format!("Topic {number}") });
            let body = json!({ "user_ids": [user], "notification_type": 2, "data": data });
            assert_eq!(back_end.post_json("/admin/notifications", &body).await.status, 200);
        }
    }
}

fn ids(list: &Value) -> Vec<i64> {
    list["notifications"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

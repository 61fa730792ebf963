//! What becomes of a poll that waits when whoever polls may no longer do so.

use hallpass::worker::Worker;
use serde_json::json;

use super::{look, until_waiting, waiting};
use crate::support::TestApp;

const SCOPE: &str = "[scopes.notifications]\ngroups = [\"press\"]\n";
const RULE: &str = "[[access]]\npaths = [\"/message-bus/**\"]\ngroups = [\"press\"]\n";

#[actix_web::test]
async fn a_poll_that_waits_hears_nothing_more_once_its_owner_has_left_the_group_that_it_takes_l8() {
    for file in [SCOPE, RULE] {
        let site = TestApp::with_file(file, &[]).await;
        let worker = Worker::start(&site.app);
        let press = hallpass::model::Group::parse("press").unwrap();
        site.account("ada", |ada| ada.named_groups = [press].into()).await;
        let ada = site.sign_in("ada").await;
        let program = ada.holder_of(&site.client_app().scopes("notifications").approved_by(&ada).await.key);
        let back_end = site.full_back_end().await;
        let poll = waiting(&program, "c0ffee", &[("/notification-alert/1", "0")]);
        until_waiting(&site, 1).await;
        back_end.patch_json("/admin/users/1", &json!({ "named_groups": [] })).await;
        let told = json!({ "user_ids": [1], "notification_type": 2, "data": { "topic_title": "for the press" } });
        assert_eq!(back_end.post_json("/admin/notifications", &told).await.status, 200);
        assert_eq!(poll.await.unwrap().json(), json!([]), "{file}");
        assert_eq!(look(&program, &[("/notification-alert/1", "0")]).await.status, 403, "{file}");
        worker.stop().await;
    }
}

//! `/admin/audit`.

use serde_json::json;

use crate::generated::root;
use crate::support::TestApp;

#[actix_web::test]
async fn the_log_is_read_newest_first_by_what_it_is_about_l9() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.client_app().set("client_id", "bell").approved_by(&ada).await;
    let back_end = site.full_back_end().await;
    let revoked = back_end.with("Api-Username", "ada").post("/admin/keys/1/revoke").await;
    let lines = async |query: &str| back_end.get(&format!("/admin/audit{query}")).await.json();
    let events = async |query: &str| {
        let page = lines(query).await;
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["event"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(events("").await, ["key_revoked", "admin_key_created", "key_issued", "user_created"]);
    assert_eq!(events("?key_id=1").await, ["key_revoked", "key_issued"]);
    assert_eq!(events("?user_id=1&event=user_created").await, ["user_created"]);
    assert_eq!(events("?admin_key_id=1").await, ["key_revoked", "admin_key_created"]);
    let mut newest = lines("?limit=1").await["items"][0].clone();
    newest["at"].take();
    assert_eq!(
        newest,
        json!({
            "id": 5, "at": null, "event": "key_revoked", "actor_id": 1, "admin_key_id": 1, "user_id": 1, "key_id": 1,
            "client_id": "bell", "address": "127.0.0.1", "request_id": revoked.header("x-request-id"),
            "route": "POST /admin/keys/{id}/revoke",
        })
    );
    let next = lines("?limit=3").await["next_cursor"].as_str().unwrap().to_owned();
    back_end.delete("/admin/users/1").await;
    assert_eq!(events(&format!("?limit=3&cursor={next}")).await, ["user_created"], "what came since moves nothing");
    assert_eq!(site.full_back_end().await.get("/admin/audit?event=flew").await.status, 400);
}

#[test]
fn the_reference_names_every_event_of_the_log() {
    let page = std::fs::read_to_string(root().join("docs/reference/log.md")).unwrap();
    let events = enum_map::EnumMap::<hallpass::model::AuditEvent, ()>::default();
    for word in events.into_iter().map(|(event, ())| event.word()) {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
}

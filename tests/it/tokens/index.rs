//! `GET /api/`: what a key is.

use serde_json::{Value, json};

use super::{forum, key};
use crate::support::Visitor;

fn told(kind: &str, user: Option<i64>, scopes: &[&str]) -> Value {
    json!({ "type": kind, "user_id": user, "scopes": scopes, "allow_all_scopes": false })
}

#[actix_web::test]
async fn whoever_asks_hears_what_they_are_to_the_service_on_either_listener() {
    let site = forum(&[]).await;
    let key = key(&site.full_back_end().await, "ada", &["read", "notifications"]).await;
    let (_, admin_key) = site.admin_key("users:read,users:act", "127.0.0.1").await;
    let internal = Visitor::new(&site.internal);
    for listener in [site.anonymous(), Visitor::new(&site.internal)] {
        assert_eq!(listener.get("/api/").await.json(), told("guest", None, &[]));
        let of_user = told("user", Some(1), &["read", "notifications"]);
        for header in ["User-Api-Key", "XF-Api-Key"] {
            let answer = listener.with(header, &key).get("/api/").await;
            assert_eq!((answer.status, answer.json()), (200, of_user.clone()), "{header}");
        }
        assert_eq!(listener.with("User-Api-Key", &"0".repeat(32)).get("/api/").await.status, 403);
    }
    for header in ["Api-Key", "XF-Api-Key"] {
        let admin = internal.with(header, &admin_key);
        let scopes = ["users:read", "users:act"];
        assert_eq!(admin.get("/api/").await.json(), told("super", None, &scopes), "{header}");
        let for_bob = admin.with("XF-Api-User", "2").get("/api/").await;
        assert_eq!(for_bob.json(), told("super", Some(2), &scopes), "{header}");
    }
    assert_eq!(site.anonymous().with("XF-Api-Key", &admin_key).get("/api/").await.status, 403, "never in public");
}

#[actix_web::test]
async fn a_key_hears_what_it_is_whatever_it_may_do_and_an_ended_one_does_not_k11() {
    let site = forum(&[("user_api.max_user_api_reqs_per_minute", "2")]).await;
    let back_end = site.full_back_end().await;
    let key = key(&back_end, "ada", &["notifications"]).await;
    let program = site.anonymous().with("User-Api-Key", &key);
    assert_eq!((program.get("/api/").await.status, program.get("/api/").await.status), (200, 200));
    assert_eq!(program.get("/api/").await.status, 429, "it costs what a request costs");
    back_end.post("/admin/keys/1/revoke").await;
    assert_eq!(program.get("/api/").await.status, 403);
}

//! The handshake by redirect and by paste: sections 1 to 5 of the protocol.

mod answers;
mod approval;
mod bad_input;
mod csrf;
mod expiry;
mod formats;
mod headers;
mod keys;
mod models;
mod order;
mod payloads;
mod policy;
mod posts;
mod probe;
mod redirects;
mod refusals;
mod sign_in;

use hallpass::model::UserApiKey;
use hallpass::store::{self, StoreError};
use serde_json::Value;

use crate::support::{Answer, TestApp, Visitor};

#[actix_web::test]
async fn an_application_gets_its_key_uses_it_and_loses_it_c002_c083_c242_c293() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let received = site.client_app().approved_by(&ada).await;
    assert_eq!(received.payload["nonce"], "4f1e66bb1b7a4b2fa4ee1f2b8f4b5d55");

    let program = ada.holder_of(&received.key);
    let current = program.get("/session/current.json").await;
    assert_eq!((current.status, &current.json()["current_user"]["username"]), (200, &"ada".into()));

    assert_eq!(program.post("/user-api-key/revoke").await.json(), serde_json::json!({ "success": "OK" }));
    assert_eq!(program.get("/session/current.json").await.status, 403);
}

/// A redirect list of one entry.
fn listed(entry: &str) -> (&str, &str) {
    ("user_api.allowed_user_api_auth_redirects", entry)
}

/// The keys of a user, as the store has them.
async fn keys_of(site: &TestApp, name: &'static str) -> Vec<UserApiKey> {
    let look_up = move |c: &mut store::AnyConnection| {
        let user = store::find_user_by_login(c, name)?.unwrap();
        store::list_keys(c, user.id)
    };
    site.app.cx.store.read::<_, StoreError, _>(look_up).await.unwrap()
}

/// Everything the handshake could leave behind: client ids, events.
async fn traces(site: &TestApp) -> (Vec<String>, usize) {
    let count = |c: &mut store::AnyConnection| {
        Ok::<_, StoreError>((store::list_client_ids(c)?, store::list_audit_lines(c)?.len()))
    };
    site.app.cx.store.read(count).await.unwrap()
}

/// Whether a key works.
async fn works(user: &Visitor, key: &str) -> bool {
    user.holder_of(key).get("/session/current.json").await.status == 200
}

/// The names of an object's members, sorted.
fn members(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// Status and `error_type`.
fn kind(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["error_type"].as_str().unwrap_or("none").to_owned())
}

//! Ending keys and taking the end back: section 11.1 of the protocol.

#![cfg(test)]

mod by_key;
mod by_user;

use crate::support::{Answer, TestApp, Visitor};

/// A key of this user for an application of this id; and the key's own id.
async fn key(site: &TestApp, user: &Visitor, client: &str, scopes: &str) -> (Visitor, String) {
    let received = site.client_app().set("client_id", client).scopes(scopes).approved_by(user).await;
    let id = site.number("SELECT max(id) FROM user_api_keys").unwrap();
    (user.holder_of(&received.key), id.to_string())
}

async fn revoke(who: &Visitor, id: &str) -> Answer {
    who.json().post_form("/user-api-key/revoke", &[("id", id)]).await
}

async fn undo(who: &Visitor, id: &str) -> Answer {
    who.json().post_form("/user-api-key/undo-revoke", &[("id", id)]).await
}

async fn works(program: &Visitor) -> bool {
    program.get("/session/current.json").await.status == 200
}

fn revoked_at(site: &TestApp, id: &str) -> Option<i64> {
    site.number(&format!("SELECT revoked_at FROM user_api_keys WHERE id = {id}"))
}

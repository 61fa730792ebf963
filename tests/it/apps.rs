//! The applications of a user: the page, and the list for programs (`C-299`).

#![cfg(test)]

mod forms;
mod list;

use crate::support::{Answer, TestApp, Visitor};

/// Issues a key of this user to an application of this id; gives the key's id.
async fn issue(site: &TestApp, user: &Visitor, client: &str) -> i64 {
    let application = site.client_app().set("client_id", client).set("application_name", &format!("App {client}"));
    application.approved_by(user).await;
    site.number("SELECT max(id) FROM user_api_keys").unwrap()
}

/// Presses the button of the form that posts to this address on this page.
async fn press(user: &Visitor, page: &Answer, action: &str) -> Answer {
    user.post_form(action, &page.form_fields(action)).await
}

fn live(site: &TestApp) -> i64 {
    site.number("SELECT count(*) FROM user_api_keys WHERE revoked_at IS NULL").unwrap()
}

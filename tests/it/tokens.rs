//! Keys that a site's back end gets for users who sign in to it: what they see is what the user may see.

#![cfg(test)]

mod access;
mod acting;
mod auth;
mod index;
mod log;
mod names;
mod reserved;

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, TestApp, Visitor};

/// A forum with a corner for the press and one for the staff.
const RULES: &str = r#"
[[access]]
paths = ["/press/**"]
groups = ["press", "staff"]

[[access]]
paths = ["/staff/**"]
groups = ["staff"]
"#;

/// A forum with these rules, and Ada of the press, Bob, and Eve of the staff.
async fn forum(settings: &[(&str, &str)]) -> TestApp {
    let site = TestApp::with_file(RULES, settings).await;
    of_the_press(&site).await;
    site.account("bob", |_| {}).await;
    site.account("eve", |eve| eve.staff.moderator = true).await;
    site
}

/// Ada, who is of the press.
async fn of_the_press(site: &TestApp) {
    let press = hallpass::model::Group::parse("press").unwrap();
    site.account("ada", |ada| ada.named_groups = [press].into()).await;
}

/// What the back end asks of somebody who typed this, for whom it wants a key.
fn wish(login: &str, scopes: &[&str]) -> Value {
    json!({ "login": login, "password": PASSWORD, "create_key": { "title": "Forum", "scopes": scopes } })
}

/// A key of somebody who signs in at the site.
async fn key(back_end: &Visitor, login: &str, scopes: &[&str]) -> String {
    let answer = back_end.post_json("/api/auth", &wish(login, scopes)).await;
    answer.json()["key"]["key"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// A request of the site, as a proxy asks about it.
fn request(site: &TestApp, method: &str, uri: &str) -> Visitor {
    Visitor::new(&site.internal).with("X-Original-Method", method).with("X-Original-URI", uri)
}

/// The answer to whoever reads this with this key.
async fn read(site: &TestApp, key: &str, uri: &str) -> Answer {
    request(site, "GET", uri).with("User-Api-Key", key).get("/verify").await
}

/// Which of the forum's corners this key sees.
async fn seen(site: &TestApp, key: &str) -> Vec<&'static str> {
    let mut seen = Vec::new();
    for uri in ["/books", "/press/1", "/staff/1"] {
        match read(site, key, uri).await.status {
            200 => seen.push(uri),
            status => assert_eq!(status, 403, "{uri}"),
        }
    }
    seen
}

//! One-time passwords: section 10 of the protocol.

mod delegated;
mod life;
mod page;
mod question;
mod redeemed;

use url::Url;

use crate::support::visitor::form;
use crate::support::{Answer, ClientApp, TestApp, Visitor};

/// Where the application of these tests waits; on every list by default.
const REDIRECT: &str = "discourse://auth_redirect";

/// What Deskbell asks, with the key pair `rsa2048`.
fn wish() -> Vec<(&'static str, String)> {
    vec![
        ("public_key", key("rsa2048")),
        ("auth_redirect", REDIRECT.to_owned()),
        ("application_name", "Deskbell".to_owned()),
    ]
}

fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut fields = wish();
    fields.retain(|(field, _)| *field != name);
    fields.push((name, value.to_owned()));
    fields
}

fn key(name: &str) -> String {
    let path = format!("{}/tests/fixtures/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn path(fields: &[(&'static str, String)]) -> String {
    format!("/user-api-key/otp?{}", form(fields))
}

fn json_path(fields: &[(&'static str, String)]) -> String {
    format!("/user-api-key/otp.json?{}", form(fields))
}

/// The answer as a script gives it: JSON, the token in the header.
async fn ask(user: &Visitor, fields: &[(&'static str, String)]) -> Answer {
    user.csrf().await.post_form("/user-api-key/otp.json", fields).await
}

/// The one-time password in an address, decrypted.
fn opened(application: &ClientApp, url: &str) -> String {
    let url = Url::parse(url).unwrap();
    let sealed: Vec<_> = url.query_pairs().filter(|(name, _)| name == "oneTimePassword").collect();
    assert_eq!(sealed.len(), 1, "{url}");
    application.open(&sealed[0].1)
}

/// A one-time password of the user.
async fn made(site: &TestApp, user: &Visitor) -> String {
    let answer = ask(user, &wish()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    opened(&site.client_app(), answer.json()["redirect_url"].as_str().unwrap())
}

/// Comes with a one-time password as a page does.
async fn come(visitor: &Visitor, password: &str) -> Answer {
    visitor.csrf().await.post(&format!("/session/otp/{password}")).await
}

/// Who the visitor is for the site; empty for nobody.
async fn name_of(visitor: &Visitor) -> String {
    let current = visitor.get("/session/current.json").await;
    if current.status == 404 {
        return String::new();
    }
    current.json()["current_user"]["username"].as_str().unwrap().to_owned()
}

//! Registered applications: section 11.2 of the protocol, what registration changes, and the command line.

mod cli;
mod endpoint;
mod handshake;

use crate::support::{Answer, TestApp};

/// Where the registered application of these tests waits.
const REDIRECT: &str = "https://deskbell.example/done";

/// A site where applications may register, and where [`REDIRECT`] is on the list.
async fn site() -> TestApp {
    TestApp::with(&[
        ("user_api.allow_user_api_key_client_scopes", "read|session_info|write"),
        ("user_api.allowed_user_api_auth_redirects", REDIRECT),
    ])
    .await
}

fn key(name: &str) -> String {
    let path = format!("{}/tests/fixtures/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// A whole registration, of Deskbell with the key pair `rsa2048`.
fn wish() -> Vec<(&'static str, String)> {
    vec![
        ("client_id", "deskbell-1".to_owned()),
        ("application_name", "Deskbell".to_owned()),
        ("public_key", key("rsa2048")),
        ("auth_redirect", REDIRECT.to_owned()),
        ("scopes", "read,session_info".to_owned()),
    ]
}

fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut fields = wish();
    fields.retain(|(field, _)| *field != name);
    fields.push((name, value.to_owned()));
    fields
}

async fn register(site: &TestApp, fields: &[(&'static str, String)]) -> Answer {
    site.anonymous().post_form("/user-api-key-client.json", fields).await
}

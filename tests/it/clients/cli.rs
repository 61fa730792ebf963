//! `hallpass client`.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{REDIRECT, key};
use crate::support::{ClientApp, Visitor, server::Server};

fn register(server: &Server, id: &str, scopes: &str) -> std::process::Output {
    std::fs::write(server.folder().join("deskbell.pem"), key("rsa2048")).unwrap();
    let at = ["--auth-redirect", REDIRECT, "--scopes", scopes, "--public-key-file", "deskbell.pem"];
    server.cli(&[&["client", "register", id, "--name", "Official Deskbell"][..], &at].concat(), "")
}

fn told(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[actix_web::test]
async fn the_operator_registers_lists_and_removes_and_that_ends_the_keys_c257_c268() {
    let plenty = ("user_api.max_user_api_reqs_per_minute", "100000");
    let server = Server::start(&[("user_api.allowed_user_api_auth_redirects", REDIRECT), plenty]);
    server.account("ada", "correct horse battery", &[]);
    let made = register(&server, "deskbell-1", "read,write");
    assert!(made.status.success() && told(&made) == "deskbell-1 is registered\n", "{made:?}");
    let anyone = Visitor::new(&server.base);
    assert_eq!(anyone.get("/user-api-key-client?client_id=deskbell-1").await.status, 200);

    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", "correct horse battery").await;
    let application = ClientApp::new(&server.base).without("application_name").without("public_key").redirect(REDIRECT);
    let program = ada.holder_of(&application.approved_by(&ada).await.key);
    assert_eq!(program.get("/session/current.json").await.status, 200);

    let listed: Value = serde_json::from_slice(&server.cli(&["client", "list", "--json"], "").stdout).unwrap();
    let one = &listed[0];
    assert_eq!((&one["client_id"], &one["keys"]), (&"deskbell-1".into(), &1.into()), "{listed}");
    assert_eq!((&one["application_name"], &one["auth_redirect"]), (&"Official Deskbell".into(), &REDIRECT.into()));
    assert_eq!(one["scopes"], serde_json::json!(["read", "write"]));
    let table = String::from_utf8(server.cli(&["client", "list"], "").stdout).unwrap();
    assert!(table.contains("CLIENT ID") && table.contains("read,write"), "{table}");

    let removed = server.cli(&["client", "remove", "deskbell-1"], "");
    assert!(removed.status.success() && told(&removed).contains("its one key is ended"), "{removed:?}");
    let removed = Instant::now();
    while program.get("/session/current.json").await.status != 403 {
        assert!(removed.elapsed() < Duration::from_secs(1), "the running service did not hear of it");
    }
    assert_eq!(anyone.get("/user-api-key-client?client_id=deskbell-1").await.status, 400);
    assert!(told(&server.cli(&["client", "list"], "")).contains("No application is registered"));
}

#[test]
fn what_cannot_be_registered_or_removed_is_told() {
    let server = Server::start(&[]);
    let refused = register(&server, "deskbell-1", "read,fly");
    assert!(!refused.status.success() && told(&refused).contains("\"fly\""), "{refused:?}");
    let made = register(&server, "deskbell-1", "read");
    let missing = format!("no key is sent to {REDIRECT} before user_api.allowed_user_api_auth_redirects allows it");
    assert!(made.status.success() && told(&made).contains(&missing), "{made:?}");
    let twice = register(&server, "deskbell-1", "read");
    assert!(!twice.status.success() && told(&twice).contains("in use already"), "{twice:?}");
    let unknown = server.cli(&["client", "remove", "nobody"], "");
    assert!(!unknown.status.success() && told(&unknown).contains("no registered application"), "{unknown:?}");
}

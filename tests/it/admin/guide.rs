//! The guides' commands run as they stand, and do no harm to who types all of them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::docs::{blocks, commands};
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, Visitor};

/// A server with the settings of the guide to tokens.
fn server() -> Server {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hallpass.toml"), rules()).unwrap();
    Server::in_folder(folder, "info", &[])
}

fn rules() -> String {
    blocks("tokens.md", "toml").concat()
}

/// What who types the commands of these pages reads.
fn typed(server: &Server, pages: &[&str]) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_hallpass")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let script: Vec<_> = pages.iter().flat_map(|page| commands(page)).collect();
    let script = script.join("\n").replace("http://127.0.0.1:8081", &server.internal);
    let done = Command::new("sh")
        .args(["-e", "-c", &script.replace("http://127.0.0.1:8080", &server.base)])
        .current_dir(server.folder())
        .env("PATH", path)
        .envs(server.variables())
        .output()
        .unwrap();
    let told = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{told}{}", String::from_utf8_lossy(&done.stderr));
    told
}

/// The same of pages whose commands are answered with JSON alone.
fn answers(pages: &[&str]) -> Vec<Value> {
    typed(&server(), pages).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_commands_of_the_guide_to_the_admin_api_run_as_they_stand() {
    let answers = answers(&["admin-api.md"]);
    assert_eq!(answers.len(), 10, "{answers:#?}");
    assert_eq!((&answers[0]["items"][0]["is_new"], &answers[1]["items"][0]["username"]), (&true.into(), &"ada".into()));
    assert_eq!(answers[4]["key"].as_str().unwrap().len(), 32);
    assert_eq!(answers[9]["items"][0]["event"], "key_revoked");
}

#[test]
fn the_commands_of_the_guide_to_keys_for_users_who_sign_in_run_as_they_stand() {
    let answers = answers(&["tokens.md"]);
    assert_eq!(answers.len(), 8, "{answers:#?}");
    let (first, second) = (&answers[2]["key"]["key"], &answers[3]["key"]);
    assert!(first.is_string() && second.is_string() && first != second, "{answers:#?}");
    assert_eq!([&answers[4], &answers[5], &answers[7]], [200, 403, 403], "{answers:#?}");
}

#[test]
fn the_commands_of_the_guides_to_notifications_and_the_bus_run_as_they_stand() {
    let answers = answers(&["admin-api.md", "notifications.md", "message-bus.md"]);
    let [told, list, marked, totals, status, heard] = &answers[10..] else { panic!("{answers:#?}") };
    assert_eq!(
        (&told["items"][0]["is_new"], &list["notifications"][0]["data"]["topic_title"]),
        (&true.into(), &"Bread".into())
    );
    assert_eq!((&marked["success"], &totals["unread_notifications"]), (&"OK".into(), &0.into()));
    assert_eq!(status[0]["channel"], "/__status");
    let title = |message: &Value| message["data"]["topic_title"] == "Butter";
    assert!(heard.as_array().unwrap().len() == 2 && heard.as_array().unwrap().iter().any(title), "{heard}");
}

#[actix_web::test]
async fn who_types_all_guides_in_their_order_harms_nobody() {
    let server = server();
    server.account("root", PASSWORD, &["--admin"]);
    let root = Visitor::new(&server.base);
    root.sign_in("root", PASSWORD).await;
    let key = ClientApp::new(&server.base).approved_by(&root).await.key;
    typed(&server, &["get-started.md", "admin-api.md", "tokens.md", "notifications.md", "message-bus.md"]);
    for (name, password) in [("root", PASSWORD), ("ada", "a long password")] {
        let signed_in = Visitor::new(&server.base).sign_in(name, password).await;
        assert!(signed_in.json()["user"].is_object(), "{name}: {signed_in:?}");
    }
    assert_eq!(root.holder_of(&key).get("/session/current.json").await.status, 200);
    assert_eq!(std::fs::read_to_string(server.folder().join("hallpass.toml")).unwrap(), rules());
}

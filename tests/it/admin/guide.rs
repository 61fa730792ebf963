//! The guides' commands run as they stand.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::docs::commands;
use crate::support::server::Server;

/// What the commands of these pages of the guide are answered.
fn answers(pages: &[&str]) -> Vec<Value> {
    let server = Server::start(&[]);
    let program = Path::new(env!("CARGO_BIN_EXE_hallpass")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let script: Vec<_> = pages.iter().flat_map(|page| commands(page)).collect();
    let script = script.join("\n").replace("http://127.0.0.1:8081", &server.internal);
    let done = Command::new("sh")
        .args(["-e", "-c", &script])
        .current_dir(server.folder())
        .env("PATH", path)
        .envs(server.variables())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}{}", String::from_utf8_lossy(&done.stderr));
    told.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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
    assert_eq!(answers.len(), 4, "{answers:#?}");
    let (first, second) = (&answers[2]["key"]["key"], &answers[3]["key"]);
    assert!(first.is_string() && second.is_string() && first != second, "{answers:#?}");
}

#[test]
fn the_commands_of_the_guide_to_notifications_run_as_they_stand() {
    let answers = answers(&["admin-api.md", "notifications.md"]);
    assert_eq!(answers.last().unwrap()["items"].as_array().unwrap().len(), 2, "ada and bob are told");
}

//! The guides' commands run as they stand.

use std::path::Path;
use std::process::Command;

use crate::docs::commands;
use crate::support::server::Server;

#[test]
fn the_commands_of_the_guides_to_the_admin_api_and_to_notifications_run_as_they_stand() {
    let server = Server::start(&[]);
    let program = Path::new(env!("CARGO_BIN_EXE_hallpass")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let script = [commands("admin-api.md"), commands("notifications.md")].concat().join("\n");
    let script = script.replace("http://127.0.0.1:8081", &server.internal);
    let done = Command::new("sh")
        .args(["-e", "-c", &script])
        .current_dir(server.folder())
        .env("PATH", path)
        .envs(server.variables())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{told}{}", String::from_utf8_lossy(&done.stderr));
    let answers = serde_json::Deserializer::from_str(&told).into_iter::<serde_json::Value>();
    let answers: Vec<_> = answers.map(|answer| answer.unwrap()).collect();
    assert_eq!(answers.len(), 10, "{told}");
    assert_eq!((&answers[0]["items"][0]["is_new"], &answers[1]["items"][0]["username"]), (&true.into(), &"ada".into()));
    assert_eq!(answers[4]["key"].as_str().unwrap().len(), 32);
    assert_eq!(answers[8]["items"][0]["event"], "key_revoked");
    assert_eq!(answers[9]["items"].as_array().unwrap().len(), 2, "ada and bob are told");
}

//! `@discourse/mcp`, which lets language models use a forum: a key by device code or by paste, then a server of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::Program;
use crate::site::PASSWORD;
use crate::support::Stage;

#[actix_web::test]
async fn discourse_mcp_gets_a_key_by_device_code_and_serves_with_it_c302_c303_c304() {
    let stage = Stage::start().await;
    let application = Mcp::at(&stage.server.base);
    let mut asking = application.asks_for_a_key();
    asking.says("Open this URL in your browser:");
    let link = asking.says("/user-api-key/activate");
    let code = asking.says("Enter this code when prompted: ");

    stage.sign_in().await;
    stage.open(&format!("/user-api-key/activate{link}")).await;
    assert!(stage.reads().await.contains("Discourse MCP"));
    stage.fill("code", &code).await;
    stage.follow("#allow").await;
    let (status, said) = asking.ends();
    assert!(status.success(), "{said}");

    let pair = application.pair();
    assert_eq!((&pair["site"], &pair["user_api_client_id"]), (&json!(stage.server.base), &json!("discourse-mcp")));
    application.serves(&stage).await;
}

#[actix_web::test]
async fn discourse_mcp_gets_a_key_by_paste_where_there_are_no_device_codes_c304() {
    let stage = Stage::with(&[("user_api.allow_device_authorization", "false")]).await;
    let application = Mcp::at(&stage.server.base);
    let mut asking = application.asks_for_a_key();
    asking.says("does not support device authorization");
    let question = asking.says("/user-api-key/new");

    stage.open(&format!("/user-api-key/new{question}")).await;
    stage.sign_in_as("ada", PASSWORD).await;
    stage.follow("#allow").await;
    // Selected and copied by hand, without the button: it reads one line.
    let payload = stage.browser.find("#user-api-key-payload").await.text().await.expect("it has a text");
    assert_eq!(payload.lines().count(), 1);
    asking.write(&payload);
    let (status, said) = asking.ends();
    assert!(status.success(), "{said}");
    application.serves(&stage).await;
}

/// An installation with a folder of its own, for one site.
struct Mcp {
    home: TempDir,
    base: String,
}

impl Mcp {
    fn at(base: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), base: base.to_owned() }
    }

    fn asks_for_a_key(&self) -> Program {
        self.run(&["generate-user-api-key", "--site", &self.base, "--save-to", "profile.json"])
    }

    /// What it has kept for the site.
    fn pair(&self) -> Value {
        let profile = fs::read_to_string(self.home.path().join("profile.json")).unwrap();
        serde_json::from_str::<Value>(&profile).unwrap()["auth_pairs"][0].take()
    }

    /// Starts its server with the key and talks to it; without the key it would not start.
    async fn serves(&self, stage: &Stage) {
        let key = self.pair()["user_api_key"].as_str().unwrap().to_owned();
        assert_eq!(stage.status_of(&key).await, 200);
        let mut server = self.run(&["--profile", "profile.json", "--site", &self.base]);
        let client = json!({ "name": "test", "version": "1" });
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
        server.write(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello }).to_string());
        assert!(server.says("Tethered to site: ").ends_with(&format!("{} (Meadow Forum)", self.base)));
        let answer: Value = serde_json::from_str(&format!("{{{}", server.says("{"))).unwrap();
        assert_eq!((&answer["id"], &answer["result"]["serverInfo"]["name"]), (&json!(1), &json!("@discourse/mcp")));

        let ended = stage.program(&key).post_form::<&str, &str>("/user-api-key/revoke", &[]).await;
        assert_eq!(ended.status, 200);
        let (status, said) = self.run(&["--profile", "profile.json", "--site", &self.base]).ends();
        assert!(!status.success() && said.contains("403"), "it starts without a key: {said}");
    }

    /// With the Node that it asks for: an older one cannot decrypt PKCS#1 v1.5.
    fn run(&self, arguments: &[&str]) -> Program {
        let programs = programs();
        let mut command = Command::new(programs.join("node"));
        command.arg(programs.join("discourse-mcp")).args(arguments).env_clear();
        command.env("HOME", self.home.path()).current_dir(self.home.path());
        Program::start(command)
    }
}

/// What `tests/run tools` installs from npm.
fn programs() -> PathBuf {
    crate::support::target().join("tools/node-clients/node_modules/.bin")
}

//! `message-bus-client`, with which pages and programs listen to a message bus: it hears what the site's back end tells a
//! user, by whichever node.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::program::Program;
use crate::site::{ClientApp, PASSWORD, Server, Visitor};

#[actix_web::test]
async fn message_bus_client_hears_what_is_published_on_another_node_in_either_form_c285() {
    let node = Server::start(&[]);
    node.account("ada", PASSWORD, &[]);
    let (other, back_end) = (node.beside(&[]), back_end(&node));
    let browser = Visitor::new(&node.base);
    browser.sign_in("ada", PASSWORD).await;
    let key = ClientApp::new(&node.base).scopes("message_bus").approved_by(&browser).await.key;
    for (number, chunked) in [(0, true), (2, false)] {
        publish(&back_end, number + 1).await;
        let mut client = listen(&other, &key, &number.to_string(), chunked);
        assert_eq!(heard(&mut client), (number + 1, number + 1));
        // While it waits, or before it comes again.
        publish(&back_end, number + 2).await;
        assert_eq!(heard(&mut client), (number + 2, number + 2));
    }
}

/// How much the next message says is new, and its position.
fn heard(client: &mut Program) -> (i64, i64) {
    let heard: Value = serde_json::from_str(&client.says("heard ")).unwrap();
    (heard["data"]["unread_notifications"].as_i64().unwrap(), heard["messageId"].as_i64().unwrap())
}

fn back_end(node: &Server) -> Visitor {
    let made = node.cli(&["admin-key", "create", "--name", "site", "--scope", "notifications:write"], "");
    Visitor::new(&node.internal).with("Api-Key", String::from_utf8(made.stdout).unwrap().trim())
}

async fn publish(back_end: &Visitor, number: i64) {
    let body = json!({ "usernames": ["ada"], "notification_type": 2, "data": { "topic_title": number.to_string() } });
    let told = back_end.post_json("/admin/notifications", &body).await;
    assert_eq!(told.status, 200, "{told:?}");
}

fn listen(node: &Server, key: &str, position: &str, chunked: bool) -> Program {
    let installed = crate::support::target().join("tools/node-clients/node_modules");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/message_bus_client.js");
    let mut command = Command::new(installed.join(".bin/node"));
    command.arg(script).arg(installed.join("message-bus-client")).env_clear();
    command.args([node.base.as_str(), key, "/notification/1", position, if chunked { "true" } else { "false" }]);
    Program::start(command)
}

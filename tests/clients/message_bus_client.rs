//! `message-bus-client`, with which pages and programs listen to a message bus: it hears what is said, by whichever process.

use std::path::Path;
use std::process::Command;

use hallpass::app::SystemClock;
use hallpass::model::{BusChannel, Clock as _, UserId};
use hallpass::store::{self, AnyConnection, StoreError};
use serde_json::{Value, json};

use crate::program::Program;
use crate::site::{ClientApp, PASSWORD, Server, Visitor};

#[actix_web::test]
async fn message_bus_client_hears_what_another_process_says_in_either_form_c285() {
    let node = Server::start(&[]);
    node.account("ada", PASSWORD, &[]);
    let browser = Visitor::new(&node.base);
    browser.sign_in("ada", PASSWORD).await;
    let key = ClientApp::new(&node.base).scopes("message_bus").approved_by(&browser).await.key;
    for (number, chunked) in [(0, true), (2, false)] {
        say(&node, number + 1).await;
        let mut client = listen(&node, &key, &number.to_string(), chunked);
        assert_eq!(heard(&mut client), (json!({ "unread_notifications": number + 1 }), number + 1));
        // While it waits, or before it comes again.
        say(&node, number + 2).await;
        assert_eq!(heard(&mut client), (json!({ "unread_notifications": number + 2 }), number + 2));
    }
}

/// The next message: what it says, and its position.
fn heard(client: &mut Program) -> (Value, i64) {
    let mut heard: Value = serde_json::from_str(&client.says("heard ")).unwrap();
    (heard["data"].take(), heard["messageId"].as_i64().unwrap())
}

async fn say(node: &Server, number: i64) {
    let say = move |tx: &mut AnyConnection| {
        let (ada, data) = (UserId::parse(1).unwrap(), json!({ "unread_notifications": number }));
        store::insert_bus_message(tx, ada, BusChannel::Notification, &data, SystemClock.now())
    };
    node.database().store().write_aside::<_, StoreError, _>(say).await.unwrap();
}

fn listen(node: &Server, key: &str, position: &str, chunked: bool) -> Program {
    let installed = crate::support::target().join("tools/node-clients/node_modules");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/message_bus_client.js");
    let mut command = Command::new(installed.join(".bin/node"));
    command.arg(script).arg(installed.join("message-bus-client")).env_clear();
    command.args([node.base.as_str(), key, "/notification/1", position, if chunked { "true" } else { "false" }]);
    Program::start(command)
}

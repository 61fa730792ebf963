//! `message-bus-client`, with which pages and programs listen to a message bus: it hears what the site's back end tells a
//! user, by whichever node; and so does a receiver of pushes.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::program::Program;
use crate::site::{ClientApp, PASSWORD, Receiver, SECRET, Server, Visitor, ids};

#[actix_web::test]
async fn message_bus_client_and_a_receiver_of_pushes_get_what_is_published_on_another_node_c285() {
    let receiver = Receiver::start().await;
    let node = Server::start(&[
        ("user_api.allowed_user_api_push_urls", &receiver.url),
        ("user_api.allowed_user_api_push_networks", "127.0.0.1"),
        ("user_api.push_notification_time_window_mins", "0"),
        ("user_api.push_api_secret_key", SECRET),
    ]);
    node.account("ada", PASSWORD, &[]);
    let (other, back_end) = (node.beside(&[]), back_end(&node));
    let browser = Visitor::new(&node.base);
    browser.sign_in("ada", PASSWORD).await;
    let application = ClientApp::new(&node.base).scopes("notifications").set("push_url", &receiver.url);
    let key = application.approved_by(&browser).await.key;
    for (number, chunked) in [(0, true), (2, false)] {
        publish(&back_end, number + 1).await;
        let mut client = listen(&other, &key, &number.to_string(), chunked);
        both_get(&mut client, &receiver, number + 1).await;
        // While it waits, or before it comes again.
        publish(&back_end, number + 2).await;
        both_get(&mut client, &receiver, number + 2).await;
    }
}

/// The notification with this number reaches the client, and the receiver with a good signature.
async fn both_get(client: &mut Program, receiver: &Receiver, number: i64) {
    let (pushed, title) = (receiver.next().await, json!(number.to_string()));
    assert_eq!((ids(&pushed), &pushed["notifications"][0]["topic_title"]), (vec![number], &title));
    let heard: Value = serde_json::from_str(&client.says("heard ")).unwrap();
    assert_eq!((&heard["data"]["id"], &heard["data"]["topic_title"]), (&json!(number), &title));
    assert_eq!(heard["messageId"], number);
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
    command.args([node.base.as_str(), key, "/notification-alert/1", position, if chunked { "true" } else { "false" }]);
    Program::start(command)
}

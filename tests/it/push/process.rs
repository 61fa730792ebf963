//! The program itself, told by its admin API: kills, restarts, TLS, and the secret on the command line.

mod kills;
mod secret;
mod tls;

use serde_json::{Value, json};

use super::LOOPBACK;
use crate::admin::full_key;
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, Visitor};

/// Pushes go to wherever an application of this machine says, at once.
const SETTINGS: [(&str, &str); 3] =
    [("user_api.allowed_user_api_push_urls", "*"), ("user_api.push_notification_time_window_mins", "0"), LOOPBACK];

/// A site, with its user Ada, and the key of its back end.
async fn start(settings: &[(&str, &str)]) -> (Server, Visitor, String) {
    let server = Server::start(&[&SETTINGS, settings].concat());
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    let admin = full_key(&server);
    (server, ada, admin)
}

/// She allows an application that wants to be told there; its key.
async fn allow(ada: &Visitor, client_id: &str, push_url: &str) -> String {
    let application = ClientApp::new("").scopes("notifications").set("push_url", push_url);
    application.set("client_id", client_id).approved_by(ada).await.key
}

/// The back end tells her something.
async fn publish(server: &Server, admin: &str) {
    let back_end = Visitor::new(&server.internal).with("Api-Key", admin);
    let body = json!({ "usernames": ["ada"], "notification_type": 1 });
    assert_eq!(back_end.post_json("/admin/notifications", &body).await.status, 200);
}

/// What the operator reads of targets that fail.
fn failing(server: &Server) -> Vec<Value> {
    serde_json::from_slice(&server.cli(&["push", "list", "--json"], "").stdout).unwrap()
}

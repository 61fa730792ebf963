//! Several nodes on one database, each a process of its own, and what happens to that database.
//!
//! In the suite they are short; `tests/trials` runs them long.

#![cfg(test)]

mod asker;
mod changes;
mod lag;
mod without_server;

use std::time::Duration;

use crate::support::relay::Relay;
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, Visitor, database};
use asker::Asker;

/// Room to ask without pause.
const SETTINGS: [(&str, &str); 3] = [
    ("user_api.max_user_api_reqs_per_minute", "1000000000"),
    ("user_api.max_user_api_reqs_per_day", "1000000000"),
    ("limits.unknown_keys_per_address_per_minute", "1000000"),
];

/// The default of `verify.stale_seconds`.
const STALE: Duration = Duration::from_secs(2);

/// A node that changes things, reached by nobody's fault.
struct Site {
    node: Server,
    /// A key of Ada's, and its id.
    key: String,
    id: String,
    /// A key of an administrator that may end others.
    root: String,
}

impl Site {
    async fn start() -> Self {
        Self::on(&[]).await
    }

    /// With these settings as well.
    async fn on(settings: &[(&str, &str)]) -> Self {
        let node = Server::logging("warn,hallpass=info", &[&SETTINGS[..], settings].concat());
        let ada = key(&node, "ada", "read", &[]).await;
        let root = key(&node, "root", "write", &["--admin"]).await;
        let listed = node.cli(&["key", "list", "--json", "--user", "ada"], "");
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
        Self { node, key: ada, id: listed[0]["id"].to_string(), root }
    }

    /// `revoke` or `undo-revoke`, done when it returns.
    fn act(&self, asker: &mut Asker, what: &str) {
        let said = asker.post(&format!("/user-api-key/{what}"), &self.root, &format!("id={}", self.id));
        assert_eq!(said.status, 200, "{what}: {}", said.text);
    }

    /// Takes the end of the key back, whoever ended it: no key does where the operator did.
    fn restore(&self) {
        self.node.database().execute(&format!("UPDATE user_api_keys SET revoked_at = NULL WHERE id = {}", self.id));
    }
}

async fn key(node: &Server, name: &str, scopes: &str, flags: &[&str]) -> String {
    node.account(name, PASSWORD, flags);
    let browser = Visitor::new(&node.base);
    browser.sign_in(name, PASSWORD).await;
    ClientApp::new(&node.base).scopes(scopes).approved_by(&browser).await.key
}

/// A node that reaches the server by this relay.
fn behind(relay: &Relay, site: &Site) -> Server {
    site.node.beside(&[("database.url", &relay.url(site.node.database().url()))])
}

/// A relay to the server of the tests; nothing where there is none.
fn relay() -> Option<Relay> {
    let url = database::server()?;
    Some(Relay::to(url.rsplit_once('@').unwrap().1.split('/').next().unwrap()))
}

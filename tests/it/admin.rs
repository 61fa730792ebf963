//! The admin API, as a site's back end speaks it.

mod audit;
mod clients;
mod document;
mod guide;
mod keys;
mod keys_of_its_own;
mod notifications;
mod openapi;
mod users;

use hallpass::domain::admin::admin_keys;
use hallpass::model::{AdminKeyId, AdminKeyName, AdminScope, AdminScopes, Networks};

use crate::support::server::Server;
use crate::support::{TestApp, Visitor};

impl TestApp {
    /// A key of the admin API with these scopes, that holds from these addresses.
    pub(crate) async fn admin_key(&self, scopes: &str, from: &str) -> (AdminKeyId, String) {
        let name = AdminKeyName::parse("shop").unwrap();
        let (scopes, networks) = (AdminScopes::parse(scopes).unwrap(), Networks::parse(from).unwrap());
        let (id, key) = admin_keys::create(&self.app.cx, name, scopes, networks).await.unwrap();
        (id, key.expose().to_owned())
    }

    /// The site's back end, whose key may do everything that is listed.
    async fn back_end(&self, scopes: &str) -> Visitor {
        Visitor::new(&self.internal).with("Api-Key", &self.admin_key(scopes, "127.0.0.0/8").await.1)
    }

    /// The site's back end, whose key may do all there is.
    pub(crate) async fn full_back_end(&self) -> Visitor {
        self.back_end(&AdminScopes::of(AdminScope::ALL).unwrap().to_string()).await
    }
}

/// A key that may do all there is, made by the command line beside a server.
fn full_key(server: &Server) -> String {
    let scopes = AdminScope::ALL.iter().flat_map(|scope| ["--scope", scope.word()]);
    let arguments: Vec<&str> = ["admin-key", "create", "--name", "shop"].into_iter().chain(scopes).collect();
    let made = server.cli(&arguments, "");
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap().trim_end().to_owned()
}

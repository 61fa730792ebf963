//! Hallpass, the small site, and every proxy between them and a client.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::client::{Response, send};
use crate::proxy::{Proxy, Running};
use crate::shop::Shop;
use crate::site::{ClientApp, Server, Visitor, cli, free_port};

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) const TRUSTED: (&str, &str) = ("server.trusted_proxies", "127.0.0.1");

// None of these means anything, in whatever proxy it passes through.
const NAME: &str = "Ada Lövelace, {env.HOME} $host %PROTOCOL%";

/// What a key may be asked for at the site.
const SCOPES: &str = r#"
[scopes."books:read"]
label = "Read your book list"
allow = ["GET /api/books", "GET /api/books/**"]
"#;

/// All of them.
pub(crate) struct Stage {
    pub(crate) hallpass: Server,
    pub(crate) shop: Shop,
    pub(crate) proxies: Vec<Running>,
}

/// A key, and what the site should be told of it.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) identity: Vec<(String, String)>,
}

impl Stage {
    /// With these settings beside what a proxy needs.
    pub(crate) fn new(settings: &[(&str, &str)]) -> Self {
        Self::protecting("/", settings)
    }

    /// With these settings; only what is below this path is verified.
    pub(crate) fn protecting(path: &str, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hallpass.toml"), SCOPES).unwrap();
        let hallpass = Server::in_folder(folder, "info", &[&[TRUSTED], settings].concat());
        hallpass.account("ada", PASSWORD, &["--email", "ada@example.org", "--name", NAME]);
        let shop = Shop::open();
        let wiring = Wiring::of(&hallpass, &shop);
        let proxies = Proxy::ALL.map(|proxy| wiring.start(proxy, path)).into();
        Self { hallpass, shop, proxies }
    }

    /// A key of Ada's for this application, which may do what these scopes say.
    pub(crate) async fn key(&self, client_id: &str, scopes: &str) -> Key {
        let ada = Visitor::new(&self.hallpass.base);
        assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 200);
        let application = ClientApp::new(&self.hallpass.base).scopes(scopes).set("client_id", client_id);
        let key = application.approved_by(&ada).await.key;
        let (user, key_id) = (self.listed(&["user", "list", "--json"]), self.listed(&["key", "list", "--json"]));
        let identity = [
            ("hallpass-client-id", client_id.to_owned()),
            ("hallpass-key-id", id(&key_id, "client_id", client_id)),
            ("hallpass-scopes", scopes.to_owned()),
            ("hallpass-user-id", id(&user, "username", "ada")),
            ("remote-email", "ada@example.org".to_owned()),
            ("remote-groups", "trust_level_0".to_owned()),
            ("remote-name", NAME.to_owned()),
            ("remote-user", "ada".to_owned()),
        ];
        Key { key, identity: identity.map(|(name, value)| (name.to_owned(), value)).into() }
    }

    fn listed(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&good(self.hallpass.cli(arguments, "")).stdout).unwrap()
    }
}

impl Key {
    /// The header that presents it.
    pub(crate) fn header(&self) -> (&'static str, &str) {
        ("User-Api-Key", &self.key)
    }

    /// What the site should be told.
    pub(crate) fn identity(&self) -> Vec<(&str, &str)> {
        self.identity.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

impl Running {
    /// GET through this proxy.
    pub(crate) fn get(&self, target: &str, headers: &[(&str, &str)]) -> Response {
        send(self.port, "GET", target, headers)
    }
}

/// Who is where, for a recipe.
#[derive(Clone, Debug)]
pub(crate) struct Wiring {
    /// Hallpass for everybody, host and port.
    pub(crate) public: String,
    /// Hallpass for the proxy.
    pub(crate) internal: String,
    /// The port of the site.
    pub(crate) shop: u16,
    /// What browsers see, where it matters.
    pub(crate) public_url: Option<String>,
}

impl Wiring {
    pub(crate) fn of(hallpass: &Server, shop: &Shop) -> Self {
        let authority = |url: &str| url.strip_prefix("http://").unwrap().to_owned();
        let (public, internal) = (authority(&hallpass.base), authority(&hallpass.internal));
        Self { public, internal, shop: shop.port, public_url: None }
    }

    /// A proxy on a free port, told what the program prints for it.
    pub(crate) fn start(&self, proxy: Proxy, protect: &str) -> Running {
        let port = free_port();
        Running::start(proxy, port, &self.printed(proxy.word(), port, protect, &[], &[]))
    }

    /// What the program prints for a proxy at this port, with these settings of Hallpass beside where it is and these
    /// flags.
    pub(crate) fn printed(
        &self,
        proxy: &str,
        port: u16,
        protect: &str,
        settings: &[(&str, &str)],
        flags: &[&str],
    ) -> String {
        let (site, listen) = (format!("http://127.0.0.1:{}", self.shop), format!("127.0.0.1:{port}"));
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let places = [TRUSTED, ("server.listen", &self.public), ("server.internal_listen", &self.internal)];
        let public_url = self.public_url.as_deref().map(|url| ("server.public_url", url));
        let settings: Vec<_> = places.iter().chain(&public_url).chain(settings).map(own).collect();
        let arguments = ["proxy-config", proxy, "--site", &site, "--listen", &listen, "--protect", protect];
        let arguments = [&arguments, flags].concat();
        let output = good(cli(tempfile::tempdir().unwrap().path(), &settings, &arguments, ""));
        assert!(output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn good(output: Output) -> Output {
    assert!(output.status.success(), "{output:?}");
    output
}

/// The id of the object in which this member has this value.
fn id(list: &Value, member: &str, value: &str) -> String {
    let items = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    let item = items.iter().find(|item| item[member] == value).unwrap_or_else(|| panic!("no {value}: {list}"));
    item["id"].to_string().trim_matches('"').to_owned()
}

//! An application that nobody registered: it has an RSA key pair, asks, and decrypts what it gets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Oaep, Pkcs1v15Encrypt, RsaPrivateKey};
use serde_json::Value;
use url::Url;

use super::visitor::form;
use super::{Answer, Visitor};

/// An application and its wish.
#[derive(Clone)]
pub(crate) struct ClientApp {
    fields: Vec<(String, String)>,
    private: RsaPrivateKey,
}

/// What an application decrypted.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The key.
    pub(crate) key: String,
    /// The whole payload.
    pub(crate) payload: Value,
    /// The decrypted text, byte for byte.
    pub(crate) text: String,
}

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

impl ClientApp {
    /// A 2048-bit key, scope `read`, no redirect.
    pub(crate) fn new(_base: &str) -> Self {
        let fields = [
            ("application_name", "Deskbell"),
            ("client_id", "deskbell-1"),
            ("scopes", "read"),
            ("nonce", "4f1e66bb1b7a4b2fa4ee1f2b8f4b5d55"),
            ("public_key", &fixture("rsa2048")),
        ];
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { fields, private: private("rsa2048") }
    }

    /// With another key pair of the fixtures.
    pub(crate) fn key_pair(mut self, name: &str) -> Self {
        self.private = private(name);
        self.set("public_key", &fixture(name))
    }

    /// With this value of a field.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a field.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Asking for these scopes.
    pub(crate) fn scopes(self, scopes: &str) -> Self {
        self.set("scopes", scopes)
    }

    /// Waiting at this redirect.
    pub(crate) fn redirect(self, to: &str) -> Self {
        self.set("auth_redirect", to)
    }

    /// What it asks, as fields of a form.
    pub(crate) fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// What it asks, as a JSON object.
    pub(crate) fn as_json(&self) -> Value {
        self.fields.iter().map(|(name, value)| (name.clone(), Value::from(value.clone()))).collect()
    }

    /// The address it opens in the browser, as a path.
    pub(crate) fn path(&self) -> String {
        format!("/user-api-key/new?{}", form(&self.fields))
    }

    /// The same for the JSON model.
    pub(crate) fn json_path(&self) -> String {
        format!("/user-api-key/new.json?{}", form(&self.fields))
    }

    /// The approval as a script makes it: JSON, the token in the header.
    pub(crate) async fn approve(&self, user: &Visitor) -> Answer {
        user.csrf().await.post_form("/user-api-key.json", &self.fields).await
    }

    /// The approval, of which the key is decrypted.
    pub(crate) async fn approved_by(&self, user: &Visitor) -> Received {
        let answer = self.approve(user).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        match (&body["payload"], &body["redirect_url"]) {
            (Value::String(payload), _) => self.decrypt(payload),
            (_, Value::String(url)) => self.receive(url),
            _ => panic!("neither payload nor redirect: {answer:?}"),
        }
    }

    /// Takes the payload out of the address it was sent back to.
    pub(crate) fn receive(&self, url: &str) -> Received {
        let url = Url::parse(url).unwrap();
        let payload = url.query_pairs().find(|(name, _)| name == "payload").expect("a payload").1;
        self.decrypt(&payload)
    }

    /// Decrypts a payload by the padding it asked for.
    pub(crate) fn decrypt(&self, payload: &str) -> Received {
        let text = self.open(payload);
        let payload: Value = serde_json::from_str(&text).unwrap();
        Received { key: payload["key"].as_str().unwrap().to_owned(), payload, text }
    }

    /// Decrypts whatever was encrypted to it.
    pub(crate) fn open(&self, sealed: &str) -> String {
        let compact: String = sealed.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(compact).unwrap();
        let padding = self.fields.iter().find(|(name, _)| name == "padding").map_or("pkcs1", |(_, value)| value);
        let plain = match padding {
            "oaep" => self.private.decrypt(Oaep::new::<sha1::Sha1>(), &bytes),
            "oaep-sha256" => self.private.decrypt(Oaep::new::<sha2::Sha256>(), &bytes),
            _ => self.private.decrypt(Pkcs1v15Encrypt, &bytes),
        };
        String::from_utf8(plain.unwrap()).unwrap()
    }
}

fn private(name: &str) -> RsaPrivateKey {
    RsaPrivateKey::from_pkcs8_pem(&fixture(&format!("{name}.private"))).unwrap()
}

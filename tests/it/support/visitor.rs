//! Who asks: a browser with cookies, or a program with a key. Follows no redirect.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};

use super::Answer;

/// Somebody in front of the service.
pub(crate) struct Visitor {
    base: String,
    client: Client,
    headers: HeaderMap,
}

impl Visitor {
    /// A browser that was never here.
    pub(crate) fn new(base: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy().build().unwrap();
        Self { base: base.to_owned(), client, headers: HeaderMap::new() }
    }

    /// A program with this key: without cookies, without `Accept`.
    pub(crate) fn holder_of(&self, key: &str) -> Self {
        Self::new(&self.base).with("User-Api-Key", key)
    }

    /// The same visitor, sending this header with every request.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        Self { base: self.base.clone(), client: self.client.clone(), headers }
    }

    /// The same visitor, without a header.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.remove(name);
        Self { base: self.base.clone(), client: self.client.clone(), headers }
    }

    /// What the visitor sends with every request in this header.
    pub(crate) fn sent(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    /// The same visitor, at another service.
    pub(crate) fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), client: self.client.clone(), headers: self.headers.clone() }
    }

    /// The same visitor, asking for JSON.
    pub(crate) fn json(&self) -> Self {
        self.with("Accept", "application/json")
    }

    /// The same visitor, asking as a browser does when somebody follows a link.
    pub(crate) fn html(&self) -> Self {
        self.with("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    }

    /// The same visitor, with a fresh CSRF token in `X-CSRF-Token`.
    pub(crate) async fn csrf(&self) -> Self {
        let token = self.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
        self.with("X-CSRF-Token", &token)
    }

    pub(crate) async fn request(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        self.attempt(method, path, body).await.unwrap()
    }

    /// A request to a service that may be ending: without an answer it is an error.
    pub(crate) async fn attempt(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> reqwest::Result<Answer> {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self.client.request(method, url).headers(self.headers.clone());
        if let Some((kind, bytes)) = body {
            request = request.header("Content-Type", kind).body(bytes);
        }
        Answer::of(request.send().await?).await
    }

    /// Gives up the connections that an ended service left behind: each of them fails once.
    pub(crate) async fn reconnect(&self) {
        for _ in 0..16 {
            if self.client.head(format!("{}/favicon.ico", self.base)).send().await.is_ok() {
                return;
            }
        }
        panic!("nobody answers at {}", self.base);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, None).await
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        self.request(Method::HEAD, path, None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path, None).await
    }

    /// POST without a body and without a content type.
    pub(crate) async fn post(&self, path: &str) -> Answer {
        self.request(Method::POST, path, None).await
    }

    /// POST as a form does.
    pub(crate) async fn post_form<N: AsRef<str>, V: AsRef<str>>(&self, path: &str, fields: &[(N, V)]) -> Answer {
        let body = form(fields);
        self.request(Method::POST, path, Some(("application/x-www-form-urlencoded", body.into_bytes()))).await
    }

    /// POST of JSON.
    pub(crate) async fn post_json(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.request(Method::POST, path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// PATCH of JSON.
    pub(crate) async fn patch_json(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.request(Method::PATCH, path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// PUT of JSON.
    pub(crate) async fn put_json(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.request(Method::PUT, path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// Signs in as programs do.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Answer {
        self.csrf().await.post_form("/session.json", &[("login", login), ("password", password)]).await
    }
}

/// Pairs, as a form and a query carry them.
pub(crate) fn form<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

//! The whole log of the real program holds no secret, and nobody can forge a line of it (`security.md` H6, K7).

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;

use crate::support::server::Server;
use crate::support::{Answer, ClientApp, Visitor};

const PASSWORD: &str = "a-password-nobody-may-read";
const NEW_PASSWORD: &str = "another-password-nobody-may-read";
const WRONG_PASSWORD: &str = "a-wrong-password-of-somebody";
const NONCE: &str = "nonce-9b1c6f2ae07d";
const UNKNOWN_KEY: &str = "00112233445566778899aabbccddeeff";
const MALFORMED_KEY: &str = "malformed-key-GHIJKLMN";

/// Secrets with a word for each.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 10, "{what} is no secret: {secret:?}");
        self.0.push((what, secret.to_owned()));
    }

    /// The values of the cookies that an answer sets.
    fn add_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let value = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap().1;
            if !value.is_empty() {
                self.add("a cookie", value);
            }
        }
    }

    fn check(&self, log: &str) {
        let plain = percent_encoding::percent_decode_str(log).decode_utf8_lossy();
        for (what, secret) in &self.0 {
            for text in [log, &*plain] {
                let found = text.find(secret.as_str()).map(|at| &text[at.saturating_sub(300)..at + secret.len()]);
                assert!(found.is_none(), "{what} is in the log: {}", found.unwrap_or_default());
            }
        }
    }
}

/// Everything that can be logged is.
fn server() -> Server {
    Server::logging("trace", &[])
}

/// A handshake in every form, with what goes wrong on the way; gives the secrets it made.
async fn handshake(server: &Server) -> Secrets {
    let mut secrets = Secrets::default();
    server.account("ada", PASSWORD, &["--admin"]);
    let ada = sign_in(server, &mut secrets).await;
    let token = ada.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    secrets.add("a CSRF token", &token);
    let script = ada.with("X-CSRF-Token", &token);
    let application = ClientApp::new(&server.base).set("nonce", NONCE).redirect("http://127.0.0.1:4117/back");

    let page = ada.html().get(&application.path()).await;
    let form_token = page.hidden("authenticity_token");
    secrets.add("a form's token", &form_token);
    secrets.add("a sealed return", &page.hidden("return"));
    let mut fields = application.fields().to_vec();
    fields.push(("authenticity_token".to_owned(), form_token));
    let answer = ada.html().post_form("/user-api-key", &fields).await;
    receive(&mut secrets, &application, answer.header("Location"));

    let answer = script.post_form("/user-api-key.json", application.fields()).await;
    let key = receive(&mut secrets, &application, answer.json()["redirect_url"].as_str().unwrap());
    let pasted = application.clone().without("auth_redirect").set("client_id", "pasted");
    let answer = script.post_form("/user-api-key.json", pasted.fields()).await;
    let payload = answer.json()["payload"].as_str().unwrap().to_owned();
    secrets.add("a payload", payload.lines().next().unwrap());
    secrets.add("a key", &pasted.decrypt(&payload).key);

    use_keys(&ada, &key, &mut secrets).await;
    spoil(&script, &application).await;
    server.cli(&["user", "set-password", "ada", "--password-stdin"], &format!("{NEW_PASSWORD}\n"));
    for (what, secret) in [
        ("a password", PASSWORD),
        ("a new password", NEW_PASSWORD),
        ("a wrong password", WRONG_PASSWORD),
        ("a nonce", NONCE),
    ] {
        secrets.add(what, secret);
    }
    secrets
}

async fn sign_in(server: &Server, secrets: &mut Secrets) -> Visitor {
    let ada = Visitor::new(&server.base);
    let page = ada.html().get("/login").await;
    secrets.add("a sign-in form's token", &page.hidden("authenticity_token"));
    secrets.add_cookies(&page);
    ada.sign_in("ada", WRONG_PASSWORD).await;
    let fields = |password| {
        [("authenticity_token", page.hidden("authenticity_token")), ("login", "ada".to_owned()), ("password", password)]
    };
    ada.html().post_form("/login", &fields(WRONG_PASSWORD.to_owned())).await;
    let answer = ada.html().post_form("/login", &fields(PASSWORD.to_owned())).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    secrets.add_cookies(&answer);
    ada
}

fn receive(secrets: &mut Secrets, application: &ClientApp, url: &str) -> String {
    let payload = url.split_once("payload=").unwrap().1;
    secrets.add("a payload in an address", &payload[..40]);
    let key = application.receive(url).key;
    secrets.add("a key", &key);
    key
}

/// A good key and wrong ones, in the header and where it does not belong.
async fn use_keys(ada: &Visitor, key: &str, secrets: &mut Secrets) {
    assert_eq!(ada.holder_of(key).get("/session/current.json").await.status, 200);
    assert_eq!(ada.holder_of(key).post("/session/nothing").await.status, 403);
    for wrong in [UNKNOWN_KEY, MALFORMED_KEY] {
        assert_eq!(ada.holder_of(wrong).get("/session/current.json").await.status, 403);
        secrets.add("a wrong key", wrong);
    }
    ada.get(&format!("/session/current.json?user_api_key={key}&payload=x")).await;
    assert_eq!(ada.holder_of(key).post("/user-api-key/revoke").await.status, 200);
    assert_eq!(ada.holder_of(key).get("/session/current.json").await.status, 403);
}

/// Requests that fail late, in every format: what they carried must not be told on the way.
async fn spoil(script: &Visitor, application: &ClientApp) {
    for broken in [
        application.clone().set("scopes", "nonsense"),
        application.clone().set("public_key", "nonsense"),
        application.clone().set("auth_redirect", "http://[nonsense"),
        application.clone().set("nonce", &NONCE.repeat(40)),
        application.clone().without("client_id"),
    ] {
        script.get(&broken.json_path()).await;
        script.html().get(&broken.path()).await;
        script.post_form("/user-api-key", broken.fields()).await;
        script.post_json("/user-api-key.json", &broken.as_json()).await;
    }
    let login = [("login", "ada"), ("password", PASSWORD), ("password", NEW_PASSWORD)];
    script.post_form("/session.json", &login).await;
    let text = format!("{{\"password\":\"{PASSWORD}\",");
    script.request(Method::POST, "/session.json", Some(("application/json", text.into_bytes()))).await;
    script.with("X-CSRF-Token", &NONCE.repeat(3)).post_form("/session.json", &login).await;
}

#[actix_web::test]
async fn no_secret_of_a_handshake_is_in_the_log_h6_k7() {
    let server = server();
    let secrets = handshake(&server).await;
    let log = server.stop();
    assert!(log.contains("key issued") && log.contains("TRACE"), "the log is not whole: {log}");
    secrets.check(&log);
}

#[actix_web::test]
async fn the_set_up_link_is_printed_once_and_logged_never_k7() {
    let server = server();
    let link = wait_for_link(&server).await;
    let token = link.rsplit('/').next().unwrap().to_owned();
    let root = Visitor::new(&server.base);
    let page = root.html().get(&link).await;
    let fields = [
        ("authenticity_token", page.hidden("authenticity_token")),
        ("username", "root".to_owned()),
        ("password", PASSWORD.to_owned()),
        ("password_again", PASSWORD.to_owned()),
    ];
    let answer = root.html().post_form(&link, &fields).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    let mut secrets = Secrets::default();
    secrets.add_cookies(&page);
    secrets.add_cookies(&answer);
    secrets.add("a form's token", &page.hidden("authenticity_token"));
    secrets.add("a password", PASSWORD);
    let log = server.stop();
    assert_eq!(log.matches(&token).count(), 1, "{log}");
    secrets.check(&log);
}

async fn wait_for_link(server: &Server) -> String {
    for _ in 0..1_000 {
        let log = server.log();
        let found = log.split_whitespace().find(|word| word.contains("/setup/"));
        if let Some(link) = found.filter(|_| log.ends_with('\n')) {
            return link.to_owned();
        }
        // Its answer is a moment in which the program prints.
        Visitor::new(&server.internal).get("/health/live").await;
    }
    panic!("no link: {}", server.log());
}

#[actix_web::test]
async fn no_line_of_the_log_can_be_forged_k7() {
    let server = server();
    let address = server.base.strip_prefix("http://").unwrap().to_owned();
    for start in [
        "GET /\r\nFORGED line HTTP/1.1\r\n",
        "GET /%0d%0aFORGED%20line HTTP/1.1\r\n",
        "GET /a\u{1b}[31mFORGED HTTP/1.1\r\n",
        "GET /\u{2028}FORGED HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nUser-Agent: x\rFORGED line\r\n",
        "GET / HTTP/1.1\r\nUser-Agent: x%0aFORGED\r\n",
        "GET / HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4\rFORGED line\r\n",
        "GET / HTTP/1.1\r\nUser-Api-Key: x\u{85}FORGED\r\n",
        "FORGED\rFORGED / HTTP/1.1\r\n",
    ] {
        let mut stream = TcpStream::connect(&address).unwrap();
        // At once: after a first line that it refuses the service reads no more.
        stream.write_all(format!("{start}Host: {address}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A refused request may be answered by a reset.
        drop(stream.read_to_end(&mut answer));
    }
    let visitor = Visitor::new(&server.base);
    visitor.post_form("/session.json", &[("login", "x\r\nFORGED line"), ("password", "y")]).await;
    let log = server.stop();
    assert!(log.contains("request_id"), "{log}");
    for line in log.split(['\n', '\r', '\u{2028}', '\u{85}']) {
        let whole = line.is_empty() || line.starts_with("  ") || line.starts_with("20");
        assert!(whole && !line.trim_start().starts_with("FORGED"), "a forged line {line:?} in {log}");
    }
    assert!(!log.contains('\u{1b}'), "{log}");
}

//! `hallpass connect` against the real server: a whole client beside a whole service, and both in one program.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use url::Url;

use crate::support::server::Server;
use crate::support::{PASSWORD, Visitor};

/// Its members, in the order in which a person reads them.
const MEMBERS: [&str; 10] =
    ["site", "key", "client_id", "scopes", "expires_at", "push", "api", "one_time_password", "user", "limits"];

#[actix_web::test]
async fn connect_gets_a_key_by_redirect_whatever_the_padding_c029_c078_c086_c087_c209_c293() {
    let server = server();
    for padding in ["oaep", "oaep-sha256", "pkcs1"] {
        let output = connect(&server, &["--padding", padding]).output().unwrap();
        let lines = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(output.status.success(), "{padding}: {output:?}");
        let value = |name: &str| lines.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        assert_eq!(
            (value("user "), value("scopes asked"), value("expires ")),
            ("ada", "read", "at no set time"),
            "{lines}"
        );
        assert_eq!(value("key ").len(), 32, "{lines}");
        assert!(value("ratelimit ").contains("r=19"), "{lines}");
        let program = Visitor::new(&server.base).holder_of(value("key "));
        assert_eq!(program.get("/session/current.json").await.status, 200);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("Version 4 of the protocol is spoken"), "{said}");
        assert!(!said.contains(value("key ")), "the key is on standard output and nowhere else: {said}");
    }
}

#[actix_web::test]
async fn connect_prints_one_json_object_with_all_it_got_c077_c210() {
    let server = server();
    let arguments = ["--json", "--scopes", "read,session_info", "--expires-in-seconds", "86400"];
    let output = connect(&server, &arguments).output().unwrap();
    let got: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(got.as_object().unwrap().keys().collect::<Vec<_>>(), MEMBERS);
    assert_eq!(
        (&got["scopes"], &got["push"], &got["api"]),
        (&json!(["read", "session_info"]), &json!(false), &json!(4))
    );
    assert_eq!((&got["user"]["username"], &got["one_time_password"]), (&json!("ada"), &Value::Null));
    assert!(got["expires_at"].as_str().unwrap().ends_with('Z'), "{got}");
    assert!(got["limits"]["ratelimit-policy"].is_string(), "{got}");
}

#[actix_web::test]
async fn connect_asks_for_pushes_and_says_whether_there_will_be_any_c081() {
    let url = "https://push.example/publish";
    let server = Server::start(&[("user_api.allowed_user_api_push_urls", url)]);
    server.account("ada", PASSWORD, &[]);
    for (asked, words) in
        [(url, "pushes            to that address"), ("https://other.example/", "pushes            none")]
    {
        let arguments = ["--scopes", "notifications", "--push-url", asked];
        let output = connect(&server, &arguments).output().unwrap();
        let lines = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && lines.contains(words), "{lines}{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[actix_web::test]
async fn connect_takes_a_payload_that_is_pasted_c017_c078_c080_c084() {
    let server = server();
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    for padding in ["oaep", "pkcs1"] {
        let mut command = connect(&server, &["--paste", "--json", "--padding", padding]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let address = said.find(|line| line.starts_with("http")).expect("the address is printed");
        let payload = approve(&ada, &address).await;
        let lengths: Vec<_> = payload.trim_end().lines().map(str::len).collect();
        assert_eq!(lengths, [60, 60, 60, 60, 60, 44], "a 2048-bit block as base64: {payload}");
        // Standard input stays open, as a terminal does.
        let mut stdin = child.stdin.take().unwrap();
        writeln!(stdin, "{payload}").unwrap();
        let Output { status, stdout, .. } = child.wait_with_output().unwrap();
        drop(stdin);
        let got: Value = serde_json::from_slice(&stdout).unwrap();
        assert!(status.success() && got["user"]["username"] == "ada", "{padding}: {got}");
    }
}

#[actix_web::test]
async fn connect_takes_a_key_for_the_sites_own_paths_for_a_good_one_c290() {
    let folder = tempfile::tempdir().unwrap();
    let scope = "[scopes.\"books:read\"]\nlabel = \"Read your book list\"\nallow = [\"GET /api/books\"]\n";
    std::fs::write(folder.path().join("hallpass.toml"), scope).unwrap();
    let server = Server::in_folder(folder, "info", &[]);
    server.account("ada", PASSWORD, &[]);
    let output = connect(&server, &["--scopes", "books:read"]).output().unwrap();
    let (lines, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && lines.contains("unknown"), "{lines}{said}");
    assert!(said.contains("cannot be asked with these scopes"), "{said}");
    let output = connect(&server, &["--scopes", "books:read", "--json"]).output().unwrap();
    let got: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success() && got["user"].is_null() && got["key"].is_string(), "{got}");
}

#[actix_web::test]
async fn connect_says_what_to_do_when_a_site_cannot_or_will_not() {
    let server = Server::start(&[("user_api.allow_user_api_keys", "false")]);
    server.account("ada", PASSWORD, &[]);
    let elsewhere = connect_to(&format!("{}/forum", server.base), &server, &[]).output().unwrap();
    let said = String::from_utf8(elsewhere.stderr).unwrap();
    assert!(
        !elsewhere.status.success()
            && said.contains("does the address lack a path?")
            && said.contains("server.public_url"),
        "{said}"
    );
    let refused = connect(&server, &["--no-browser", "--timeout", "1"]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("nothing came back within 1 s"), "{said}");
}

fn server() -> Server {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    server
}

fn connect(server: &Server, arguments: &[&str]) -> Command {
    connect_to(&server.base, server, arguments)
}

/// The program, whose browser is ada.
fn connect_to(site: &str, server: &Server, arguments: &[&str]) -> Command {
    let visitor = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/visitor.py");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.args(["connect", site]).args(arguments).current_dir(server.folder()).stdin(Stdio::null());
    command
        .env("BROWSER", format!("python3 {visitor} %s"))
        .env("HALLPASS_VISITOR_DIARY", server.folder().join("diary"))
        .env("HALLPASS_VISITOR_LOGIN", "ada")
        .env("HALLPASS_VISITOR_PASSWORD", PASSWORD);
    command
}

/// Sends the form of the question at this address, as a browser does; the payload that the next page shows.
async fn approve(user: &Visitor, address: &str) -> String {
    let question = user.html().get(address).await;
    let asked = Url::parse(address).unwrap();
    let mut fields: Vec<(String, String)> = asked.query_pairs().into_owned().collect();
    fields.push(("authenticity_token".to_owned(), question.hidden("authenticity_token")));
    let page = user.html().post_form("/user-api-key", &fields).await;
    let (_, code) = page.body.split_once("<code id=\"user-api-key-payload\"").unwrap_or_else(|| panic!("{page:?}"));
    let text = code.split_once('>').unwrap().1.split_once("</code>").unwrap().0;
    text.replace("&#43;", "+").replace("&#61;", "=").replace("&#47;", "/")
}

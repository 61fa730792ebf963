//! Lines that belong together say so, for people and for programs.

use std::fs;

use reqwest::Method;
use serde_json::Value;

use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, Visitor};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The lines of a log in JSON. What is printed to the person who starts the service is no line of it.
fn lines(log: &str) -> Vec<Value> {
    let printed = |line: &&str| {
        line.is_empty() || line.starts_with("  There is no administrator") || line.starts_with("    http")
    };
    let lines = log.lines().filter(|line| !printed(line));
    lines.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn of_request<'a>(lines: &'a [Value], id: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["span"]["request_id"] == id).collect()
}

#[actix_web::test]
async fn every_line_of_a_request_has_its_id_and_its_trace() {
    let server = Server::start(&[("log.format", "json")]);
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    let ada = ada.csrf().await.with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    let approved = ClientApp::new(&server.base).approve(&ada).await;
    assert_eq!(approved.status, 200);
    let wrong = ada.with("traceparent", "00-what?-00f067aa0ba902b7-01").get("/nowhere").await;
    let log = server.stop();
    let lines = lines(&log);

    let of_approved = of_request(&lines, approved.header("X-Request-Id"));
    let messages: Vec<&str> = of_approved.iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert!(messages.contains(&"key issued") && messages.contains(&"request"), "{messages:?}");
    assert!(of_approved.iter().all(|line| line["span"]["trace_id"] == TRACE), "{of_approved:?}");
    let line = of_approved.iter().find(|line| line["message"] == "request").unwrap();
    assert_eq!(
        (&line["status"], &line["address"], &line["path"]),
        (&200.into(), &"127.0.0.1".into(), &"/user-api-key.json".into())
    );
    assert!(line["micros"].is_u64() && line["timestamp"].as_str().unwrap().ends_with('Z'), "{line}");

    let of_wrong = of_request(&lines, wrong.header("X-Request-Id"));
    let trace = of_wrong[0]["span"]["trace_id"].as_str().unwrap();
    assert!(trace.len() == 32 && trace != TRACE && trace.chars().all(|c| c.is_ascii_hexdigit()), "{trace}");
    assert!(of_wrong.iter().any(|line| line["message"] == "the request was refused"), "{of_wrong:?}");
}

#[actix_web::test]
async fn what_kept_a_question_from_its_answer_has_the_trace_of_the_question_even_where_only_errors_are_logged() {
    let server = Server::logging("error,hallpass::cli=info", &[("log.format", "text")]);
    server.database().execute("ALTER TABLE user_api_keys RENAME TO gone");
    let proxy = Visitor::new(&server.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/a");
    let proxy =
        proxy.with("User-Api-Key", &"0".repeat(32)).with("traceparent", &format!("00-{TRACE}-00f067aa0ba902b7-01"));
    assert_eq!(proxy.get("/verify").await.status, 500);
    let program = proxy.at(&server.base);
    let answer = program.request(Method::GET, "/session/current.json", None).await;
    assert_eq!(answer.status, 500);
    let log = server.stop();
    assert!(log.contains(&format!("could not be answered trace_id=\"{TRACE}\" cause=")), "{log}");
    let of_program = format!("request{{request_id=\"{}\" trace_id=\"{TRACE}\"}}", answer.header("X-Request-Id"));
    assert!(log.contains(&of_program) && log.contains("the request failed"), "{log}");
}

#[actix_web::test]
async fn while_the_sqlite_file_is_gone_it_is_told_once_and_not_with_every_question() {
    let server = Server::start(&[]);
    let proxy = Visitor::new(&server.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/a");
    let program = Visitor::new(&server.base);
    let name = server.folder().join("hallpass.db");
    fs::rename(&name, server.folder().join("away")).unwrap();
    for number in 0..5 {
        let guess = format!("{number:032x}");
        assert_eq!(proxy.with("User-Api-Key", &guess).get("/verify").await.status, 503);
        assert_eq!(program.with("User-Api-Key", &guess).get("/about.json").await.status, 503);
    }
    let log = server.stop();
    let told = log.lines().filter(|line| line.contains("could not be answered") || line.contains("the request failed"));
    assert_eq!(told.count(), 1, "{log}");
}

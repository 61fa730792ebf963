//! An end that costs nobody an answer: others are told first, then requests in flight finish.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::server::Server;
use crate::support::{PASSWORD, Visitor};

/// Waits for what happens soon, or not at all.
pub(crate) async fn soon(mut happens: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !happens().await {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn after_an_orderly_end_the_file_holds_everything_by_itself_sqlite() {
    for _ in 0..6 {
        let server = Server::start(&[]);
        server.account("ada", PASSWORD, &[]);
        drop(server.restart_after(|folder| {
            let beside = folder.join("hallpass.db-wal");
            assert_eq!(beside.metadata().map_or(0, |file| file.len()), 0, "it lies beside the file");
        }));
    }
}

#[actix_web::test]
async fn who_is_told_to_end_says_so_and_goes_on_answering_until_told_again() {
    let server = Server::start(&[("server.drain_seconds", "300")]);
    let internal = Visitor::new(&server.internal);
    server.tell_to_end();
    soon(async || internal.get("/health/ready").await.status == 503).await;
    let ready = internal.get("/health/ready").await.json();
    let checks = json!({ "database": "ok", "service": "ending", "limits": "ok" });
    assert_eq!(ready, json!({ "status": "not ready", "checks": checks }));
    assert_eq!(internal.get("/health/live").await.status, 200);
    assert_eq!(internal.get("/verify").await.status, 401);
    assert_eq!(Visitor::new(&server.base).get("/site/basic-info.json").await.status, 200);
    server.tell_to_end();
    let log = server.ended();
    assert!(log.contains("others are to take over") && log.contains("requests in flight may finish"), "{log}");
}

#[actix_web::test]
async fn a_request_in_flight_is_answered_while_newcomers_are_not() {
    let server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    let host = server.base.strip_prefix("http://").unwrap();
    let csrf = Visitor::new(&server.base);
    let token = csrf.get("/session/csrf.json").await;
    let cookie = token.header("Set-Cookie").split(';').next().unwrap().to_owned();
    let body = format!("login=ada&password={}", PASSWORD.replace(' ', "+"));
    let head = format!(
        "POST /session.json HTTP/1.1\r\nHost: {host}\r\nX-CSRF-Token: {}\r\nCookie: {cookie}\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        token.json()["csrf"].as_str().unwrap(),
        body.len()
    );
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    // Whoever is told to go on is waited for.
    assert_eq!(status_line(&mut answers), "HTTP/1.1 100 Continue\r\n");
    server.tell_to_end();
    soon(async || TcpStream::connect(host).is_err()).await;
    stream.write_all(body.as_bytes()).unwrap();
    assert_eq!(status_line(&mut answers), "\r\n");
    assert_eq!(status_line(&mut answers), "HTTP/1.1 200 OK\r\n");
    let said = answers.lines().map_while(Result::ok).collect::<Vec<_>>().join("\n");
    assert!(said.contains("\"username\":\"ada\""), "{said}");
    drop(stream);
    server.ended();
}

fn status_line(answers: &mut impl BufRead) -> String {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    line
}

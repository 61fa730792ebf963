//! Answers in chunks, on the wire; and clients that go away.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use hallpass::model::{BusChannel, UserId};
use hallpass::worker::Worker;
use serde_json::{Value, json};

use super::{ada, path, say, until_waiting};
use crate::support::{TestApp, Visitor};

#[actix_web::test]
async fn an_answer_in_chunks_goes_on_from_message_to_message() {
    let site = TestApp::start().await;
    let worker = Worker::start(&site.app);
    let (ada, program) = ada(&site, "message_bus").await;
    let client = reqwest::Client::new();
    let poll =
        client.post(format!("{}{}", site.base, path("c0ffee"))).header("User-Api-Key", program.sent("User-Api-Key"));
    let mut answer = poll.form(&[("/notification/1", "0"), ("__seq", "1")]).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.headers()["x-accel-buffering"], "no");
    assert_eq!(chunk(&mut answer).await, json!([]), "the first one comes at once");
    for number in 1..=3 {
        say(&site, ada, BusChannel::Notification, json!(number)).await;
        let said = chunk(&mut answer).await;
        assert_eq!((&said[0]["message_id"], &said[0]["data"]), (&json!(number), &json!(number)));
    }
    site.app.end_polls();
    assert_eq!(answer.chunk().await.unwrap(), None);
    worker.stop().await;
}

async fn chunk(answer: &mut reqwest::Response) -> Value {
    let mut text = String::new();
    while !text.ends_with("\r\n|\r\n") {
        text.push_str(std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap());
    }
    serde_json::from_str(text.trim_end_matches("\r\n|\r\n")).unwrap()
}

fn stream(site: &TestApp, program: &Visitor, version: &str, header: &str) -> TcpStream {
    let mut stream = TcpStream::connect(site.base.trim_start_matches("http://")).unwrap();
    let body = "%2Fnotification%2F1=0&__seq=1";
    write!(
        stream,
        "POST {} HTTP/{version}\r\nHost: x\r\nUser-Api-Key: {}\r\n{header}Content-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
        path("c0ffee"),
        program.sent("User-Api-Key"),
        body.len()
    )
    .unwrap();
    stream
}

#[actix_web::test]
async fn a_poll_whose_client_has_gone_is_over_at_once_in_either_form() {
    let site = TestApp::start().await;
    let (_, program) = ada(&site, "message_bus").await;
    for header in ["Dont-Chunk: true\r\n", ""] {
        let client = stream(&site, &program, "1.1", header);
        until_waiting(&site, 1).await;
        client.shutdown(Shutdown::Both).unwrap();
        drop(client);
        until_waiting(&site, 0).await;
    }
}

#[actix_web::test]
async fn who_speaks_http_1_0_gets_no_chunks() {
    let site = TestApp::start().await;
    let worker = Worker::start(&site.app);
    let (_, program) = ada(&site, "message_bus").await;
    let mut client = stream(&site, &program, "1.0", "");
    until_waiting(&site, 1).await;
    say(&site, UserId::parse(1).unwrap(), BusChannel::Notification, json!("here")).await;
    let answer = actix_web::rt::task::spawn_blocking(move || {
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.to_ascii_lowercase().contains("application/json") && body.starts_with("[{"), "{answer}");
    worker.stop().await;
}

//! Several nodes, and nodes that end.

use hallpass::app::SystemClock;
use hallpass::model::{BusChannel, Clock as _, UserId};
use hallpass::store::{self, AnyConnection, StoreError};
use hallpass::worker::Worker;
use serde_json::json;

use super::{ada, look, say, until_waiting, waiting};
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, TestApp, Visitor};

#[actix_web::test]
async fn what_is_said_on_one_node_is_heard_on_the_other() {
    let site = TestApp::start().await;
    let other = site.beside(&[]).await;
    let worker = Worker::start(&other.app);
    let (ada, program) = ada(&site, "message_bus").await;
    let poll = waiting(&program.at(&other.base), "c0ffee", &[("/notification-alert/1", "0")]);
    until_waiting(&other, 1).await;
    say(&site, ada, BusChannel::NotificationAlert, json!({ "topic_title": "Bread" })).await;
    assert_eq!(poll.await.unwrap().json()[0]["data"], json!({ "topic_title": "Bread" }));
    worker.stop().await;
}

#[actix_web::test]
async fn neither_a_restart_nor_a_kill_between_word_and_poll_loses_a_message() {
    let mut node = Server::start(&[]);
    node.account("ada", PASSWORD, &[]);
    let browser = Visitor::new(&node.base);
    browser.sign_in("ada", PASSWORD).await;
    let key = ClientApp::new(&node.base).scopes("message_bus").approved_by(&browser).await.key;
    for number in 1..=4 {
        let write = move |tx: &mut AnyConnection| {
            let (ada, now) = (UserId::parse(1).unwrap(), SystemClock.now());
            store::insert_bus_message(tx, ada, BusChannel::Notification, &json!(number), now)
        };
        node.database().store().write_aside::<_, StoreError, _>(write).await.unwrap();
        if number % 2 == 0 {
            node.kill();
            node = node.again();
        } else {
            node = node.restart();
        }
    }
    let program = Visitor::new(&node.base).with("User-Api-Key", &key);
    let answer = look(&program, &[("/notification/1", "0")]).await.json();
    let heard: Vec<_> = answer.as_array().unwrap().iter().map(|message| message["data"].as_i64().unwrap()).collect();
    assert_eq!(heard, [1, 2, 3, 4]);
}

#[actix_web::test]
async fn a_node_that_ends_answers_its_polls_first() {
    let node = Server::start(&[]);
    node.account("ada", PASSWORD, &[]);
    let browser = Visitor::new(&node.base);
    browser.sign_in("ada", PASSWORD).await;
    let poll = waiting(&browser, "c0ffee", &[("/notification/1", "0")]);
    let internal = Visitor::new(&node.internal);
    crate::ending::soon(async || internal.get("/metrics").await.body.contains("\nhallpass_message_bus_polls 1\n"))
        .await;
    node.tell_to_end();
    let answer = poll.await.unwrap();
    assert_eq!((answer.status, answer.json()), (200, json!([])));
    node.ended();
}

//! Nodes that end.

use serde_json::json;

use super::waiting;
use crate::support::server::Server;
use crate::support::{PASSWORD, Visitor};

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

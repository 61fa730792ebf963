//! A change on one node reaches the others by itself: two services on one database, each with its worker.

use std::time::{Duration, Instant};

use hallpass::domain::revoke::{self, Wisher};
use hallpass::domain::{Context, accounts};
use hallpass::model::{KeyId, Origin, Username};
use hallpass::worker::Worker;

use crate::support::{Answer, TestApp, Visitor};

/// Room to ask without pause.
const MANY: (&str, &str) = ("user_api.max_user_api_reqs_per_minute", "1000000");

/// A node that makes changes, and one that remembers a key and hears by itself what happens to it.
struct Nodes {
    here: TestApp,
    there: TestApp,
    /// Of the node that hears.
    worker: Worker,
    asked: Visitor,
    ada: Visitor,
    key: KeyId,
}

impl Nodes {
    async fn start() -> Self {
        let here = TestApp::with(&[MANY, ("user_api.max_user_api_reqs_per_day", "10000000")]).await;
        let there = here.beside(&[]).await;
        let worker = Worker::start(&there.app);
        let ada = here.user("ada").await;
        let key = here.client_app().approved_by(&ada).await.key;
        let asked = Visitor::new(&there.internal).with("User-Api-Key", &key);
        let asked = asked.with("X-Original-Method", "GET").with("X-Original-URI", "/books");
        let key = here.key_ids("ada").await[0];
        let nodes = Self { here, there, worker, asked, ada, key };
        nodes.becomes("the key works", |answer| answer.status == 200).await;
        nodes
    }

    fn cx(&self) -> &Context {
        &self.here.app.cx
    }

    /// Asks the other node until it answers like this.
    async fn becomes(&self, what: &str, like: impl Fn(&Answer) -> bool) {
        let begun = Instant::now();
        while !like(&self.asked.get("/verify").await) {
            assert!(begun.elapsed() < Duration::from_secs(2), "two seconds, and still not: {what}");
        }
    }

    async fn ends(&self) {
        self.becomes("the key is refused", |answer| answer.status == 403).await;
    }

    async fn works(&self) {
        self.becomes("the key works", |answer| answer.status == 200).await;
    }

    async fn stop(self) {
        self.there.stop().await;
        self.worker.stop().await;
    }
}

#[actix_web::test]
async fn a_revocation_and_its_undoing_reach_the_other_node_l8() {
    let nodes = Nodes::start().await;
    revoke::revoke(nodes.cx(), Wisher::Operator, Some(nodes.key), Origin::default()).await.unwrap();
    nodes.ends().await;
    revoke::undo_revoke(nodes.cx(), Wisher::Operator, Some(nodes.key), Origin::default()).await.unwrap();
    nodes.works().await;
    nodes.stop().await;
}

#[actix_web::test]
async fn a_suspension_and_its_lifting_reach_the_other_node_l8() {
    let (nodes, name) = (Nodes::start().await, Username::parse("ada").unwrap());
    accounts::suspend(nodes.cx(), &name, Origin::default()).await.unwrap();
    nodes.ends().await;
    accounts::unsuspend(nodes.cx(), &name, Origin::default()).await.unwrap();
    nodes.works().await;
    nodes.stop().await;
}

#[actix_web::test]
async fn another_expiry_reaches_the_other_node_l8() {
    let nodes = Nodes::start().await;
    nodes.here.execute_unnoticed("UPDATE user_api_keys SET expires_at = 1");
    nodes.ends().await;
    nodes.here.execute_unnoticed("UPDATE user_api_keys SET expires_at = NULL");
    nodes.works().await;
    nodes.stop().await;
}

#[actix_web::test]
async fn another_group_reaches_the_other_node_l8() {
    let nodes = Nodes::start().await;
    nodes.here.execute_unnoticed("INSERT INTO user_groups (user_id, name) SELECT id, 'editors' FROM users");
    nodes.becomes("the group", |answer| answer.header("remote-groups").contains("editors")).await;
    nodes.here.execute_unnoticed("DELETE FROM user_groups");
    nodes.becomes("no group", |answer| !answer.header("remote-groups").contains("editors")).await;
    nodes.stop().await;
}

#[actix_web::test]
async fn a_key_that_was_replaced_ends_on_the_other_node_l8() {
    let nodes = Nodes::start().await;
    let new = nodes.here.client_app().approved_by(&nodes.ada).await.key;
    assert_eq!(nodes.ada.holder_of(&new).get("/session/current.json").await.status, 200);
    nodes.ends().await;
    nodes.stop().await;
}

//! What the program holds in memory between two flushes: when keys were last used, and how their limits stand.

use std::time::{Duration, Instant};

use hallpass::domain::housekeeping::flush;
use hallpass::model::KeyId;
use hallpass::store::{self, AnyConnection, Store, StoreError};
use serde_json::Value;

use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, TestApp, Visitor};

/// How many requests the minute still allows, as the answer to one more request tells.
async fn remaining(program: &Visitor) -> u64 {
    let answer = program.get("/session/current.json").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let minute = answer.header("RateLimit").split(',').find(|part| part.contains("\"minute\"")).unwrap().to_owned();
    minute.split(';').find_map(|part| part.trim().strip_prefix("r=")).unwrap().parse().unwrap()
}

async fn key(server: &Server) -> Visitor {
    server.account("ada", PASSWORD, &[]);
    let browser = Visitor::new(&server.base);
    browser.sign_in("ada", PASSWORD).await;
    browser.holder_of(&ClientApp::new(&server.base).approved_by(&browser).await.key)
}

fn only_key(server: &Server) -> Value {
    let listed = server.cli(&["key", "list", "--json"], "");
    let keys: Value = serde_json::from_slice(&listed.stdout).unwrap();
    keys[0].clone()
}

#[actix_web::test]
async fn an_orderly_end_loses_no_request_of_the_limits_and_no_last_use_c278_l1() {
    let server = Server::start(&[]);
    let program = key(&server).await;
    let first = remaining(&program).await;
    assert_eq!(remaining(&program).await, first - 1);
    let server = server.restart();
    program.reconnect().await;
    let listed = only_key(&server);
    assert!(listed["last_used_at"].as_str() > listed["created_at"].as_str(), "{listed}");
    assert_eq!(remaining(&program).await, first - 2);
}

#[actix_web::test]
async fn what_is_used_is_written_down_within_a_minute_and_survives_a_kill_c278() {
    let server = Server::start(&[]);
    let program = key(&server).await;
    let first = remaining(&program).await;
    let id = KeyId::parse(only_key(&server)["id"].as_i64().unwrap()).unwrap();
    wait_until_written(&server.database().store(), id).await;
    let server = server.again();
    program.reconnect().await;
    let listed = only_key(&server);
    assert!(listed["last_used_at"].as_str() > listed["created_at"].as_str(), "{listed}");
    assert_eq!(remaining(&program).await, first - 1);
}

async fn wait_until_written(store: &Store, key: KeyId) {
    let begun = Instant::now();
    let written = move |c: &mut AnyConnection| {
        let used = store::find_key(c, key)?.is_some_and(|key| key.last_used_at > key.created_at);
        Ok::<_, StoreError>(used && store::list_windows(c)?.iter().any(|(id, _)| *id == key))
    };
    while !store.read(written).await.unwrap() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nothing was written down");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn a_crash_costs_what_was_accepted_since_the_last_flush_and_no_more_c278_l1() {
    let before = TestApp::start().await;
    let program = before.key("read").await;
    let first = remaining(&program).await;
    assert_eq!(remaining(&program).await, first - 1);
    flush(&before.app.cx).await.unwrap();
    assert_eq!(remaining(&program).await, first - 2);
    // A second service on the same database knows what a crash would have left.
    let after = before.beside(&[]).await;
    let there = program.at(&after.base);
    assert_eq!(remaining(&there).await, first - 2);
}

#[actix_web::test]
async fn what_could_not_be_written_down_waits_for_the_next_time_c278() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    let first = remaining(&program).await;
    let cx = &site.app.cx;
    let one = cx.last_used.take();
    assert_eq!(one.keys.len(), 1);
    cx.last_used.put_back(one);
    flush(cx).await.unwrap();
    assert_eq!(cx.store.read(store::list_windows).await.unwrap().len(), 1);
    assert!(cx.last_used.take().keys.is_empty() && cx.key_limits.take_changed().is_empty());
    assert_eq!(remaining(&program).await, first - 1);
}

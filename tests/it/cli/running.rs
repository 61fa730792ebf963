//! Commands beside a running server, which follows at once.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::data;
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, Visitor};

async fn signed_in(server: &Server, password: &str) -> Visitor {
    let visitor = Visitor::new(&server.base);
    let answer = visitor.sign_in("ada", password).await;
    assert!(answer.json()["user"].is_object(), "{answer:?}");
    visitor
}

async fn status(visitor: &Visitor) -> u16 {
    visitor.get("/session/current.json").await.status
}

fn done(server: &Server, arguments: &[&str], input: &str) {
    let output = server.cli(arguments, input);
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
}

/// Asks with a key until the answer has this status, for as long as it may take.
async fn becomes(program: &Visitor, wanted: u16) {
    let begun = Instant::now();
    while status(program).await != wanted {
        assert!(begun.elapsed() < Duration::from_secs(2), "not {wanted} within two seconds");
    }
}

#[actix_web::test]
async fn keys_are_listed_in_the_order_of_their_ids_each_with_the_end_that_comes_by_itself() {
    let server = Server::start(&[]);
    for name in ["ada", "bob"] {
        server.account(name, PASSWORD, &[]);
    }
    for (id, name) in ["ada", "bob", "ada"].into_iter().enumerate() {
        let visitor = Visitor::new(&server.base);
        visitor.sign_in(name, PASSWORD).await;
        ClientApp::new(&server.base).set("client_id", &format!("application-{id}")).approved_by(&visitor).await;
    }
    let list = |flags: &[&str]| server.cli(&[flags, &["key", "list", "--json"]].concat(), "");
    done(&server, &["key", "revoke", "2"], "");
    let keys = data(&list(&[]));
    let keys = keys.as_array().unwrap();
    assert_eq!(keys.iter().map(|key| &key["id"]).collect::<Vec<_>>(), [1, 2, 3]);
    // 180 days after it was used last; of one that was ended, when that was.
    let end = |key: &Value| key["ends_at"].as_str().unwrap().to_owned();
    let made = |key: &Value| key["created_at"].as_str().unwrap()[..10].to_owned();
    assert!(end(&keys[0])[..10] > *made(&keys[0]) && keys[0]["expires_at"].is_null(), "{keys:?}");
    assert!(end(&keys[1])[..10] < *end(&keys[0]), "{keys:?}");
    let never = data(&list(&["--set", "user_api.revoke_user_api_keys_unused_days=0"]));
    assert!(never[0]["ends_at"].is_null() && !never[1]["ends_at"].is_null(), "{never}");
}

#[actix_web::test]
async fn the_running_server_follows_the_command_line_l8() {
    let server = Server::start(&[("user_api.max_user_api_reqs_per_minute", "100000")]);
    server.account("ada", PASSWORD, &[]);
    let ada = signed_in(&server, PASSWORD).await;
    let program = ada.holder_of(&ClientApp::new(&server.base).approved_by(&ada).await.key);
    assert_eq!((status(&ada).await, status(&program).await), (200, 200));

    done(&server, &["user", "suspend", "ada"], "");
    becomes(&program, 403).await;
    assert_eq!(status(&ada).await, 404);
    assert_eq!(Visitor::new(&server.base).sign_in("ada", PASSWORD).await.json()["reason"], "suspended");
    done(&server, &["user", "unsuspend", "ada"], "");
    becomes(&program, 200).await;
    assert_eq!(status(&ada).await, 404);

    let ada = signed_in(&server, PASSWORD).await;
    let new = "another horse battery";
    done(&server, &["user", "set-password", "ada", "--password-stdin"], &format!("{new}\r\n"));
    assert_eq!((status(&ada).await, status(&program).await), (404, 200));
    assert!(Visitor::new(&server.base).sign_in("ada", PASSWORD).await.json()["error"].is_string());
    signed_in(&server, new).await;

    let keys = data(&server.cli(&["key", "list", "--json", "--user", "ada"], ""));
    assert_eq!(
        (keys.as_array().unwrap().len(), &keys[0]["state"], &keys[0]["user"]),
        (1, &"active".into(), &"ada".into())
    );
    done(&server, &["key", "revoke", &keys[0]["id"].to_string()], "");
    becomes(&program, 403).await;
    assert_eq!(data(&server.cli(&["key", "list", "--json"], ""))[0]["state"], "revoked");
}

//! Who may speak to the admin API, and who not.

use std::time::Duration;

use hallpass::domain::admin::admin_keys;
use serde_json::Value;

use crate::cli::{data, refused, run, text};
use crate::support::server::Server;
use crate::support::{TestApp, Visitor};

#[actix_web::test]
async fn without_a_key_nothing_is_answered_and_with_a_wrong_one_neither_l11() {
    let site = TestApp::start().await;
    let nobody = Visitor::new(&site.internal);
    for path in ["/admin/users", "/admin/users/1", "/admin/nowhere", "/admin"] {
        let answer = nobody.get(path).await;
        assert_eq!((answer.status, answer.json()["error_type"].as_str()), (401, Some("not_logged_in")), "{path}");
        assert_eq!(answer.header("www-authenticate"), "ApiKey realm=\"admin API\"");
    }
    for wrong in ["", "x", "0123456789abcdef0123456789abcdef", "ÿ"] {
        let answer = nobody.with("Api-Key", wrong).get("/admin/users").await;
        assert_eq!((answer.status, answer.json()["error_type"].as_str()), (403, Some("invalid_access")), "{wrong}");
    }
    assert_eq!(site.anonymous().get("/admin/users").await.status, 404, "it is not on the public listener");
}

#[actix_web::test]
async fn a_users_key_is_no_admin_key_and_an_admin_key_is_no_users_l11() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let key = site.client_app().scopes("read,write").approved_by(&ada).await.key;
    let internal = Visitor::new(&site.internal);
    assert_eq!(internal.with("Api-Key", &key).get("/admin/users").await.status, 403);
    let (_, admin_key) = site.admin_key("users:read", "127.0.0.1").await;
    for header in ["User-Api-Key", "Api-Key"] {
        let at_public = site.anonymous().with(header, &admin_key).get("/session/current.json").await.status;
        assert_eq!(at_public, if header == "User-Api-Key" { 403 } else { 404 }, "{header}");
    }
    assert_eq!(internal.with("User-Api-Key", &admin_key).get("/admin/users").await.status, 401);
    assert_eq!(internal.get(&format!("/admin/users?api_key={admin_key}")).await.status, 401, "never from the query");
}

#[actix_web::test]
async fn a_key_holds_for_its_scopes_and_no_others_k12() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    assert_eq!(site.back_end("users:read").await.get("/admin/users/1").await.status, 200);
    let answer = site.back_end("users:write,keys:read").await.get("/admin/users/1").await;
    assert_eq!((answer.status, answer.json()["reason"].as_str()), (403, Some("admin_scope")));
    assert!(answer.error().contains("users:read"), "{answer:?}");
}

#[actix_web::test]
async fn a_key_holds_for_its_addresses_whatever_a_header_says_k9_k12_w8() {
    let site = TestApp::with(&[("server.trusted_proxies", "127.0.0.0/8")]).await;
    let (_, here) = site.admin_key("users:read", "10.0.0.0/8,127.0.0.1").await;
    let (_, elsewhere) = site.admin_key("users:read", "10.0.0.0/8").await;
    let internal = Visitor::new(&site.internal);
    assert_eq!(internal.with("Api-Key", &here).get("/admin/users").await.status, 200);
    let far = internal.with("Api-Key", &elsewhere);
    assert_eq!(far.get("/admin/users").await.status, 403);
    assert_eq!(far.with("X-Forwarded-For", "10.1.2.3").get("/admin/users").await.status, 403);
}

#[actix_web::test]
async fn an_ended_key_is_refused_at_its_next_call_l8() {
    let site = TestApp::start().await;
    let (id, key) = site.admin_key("users:read", "127.0.0.1").await;
    let back_end = Visitor::new(&site.internal).with("Api-Key", &key);
    assert_eq!(back_end.get("/admin/users").await.status, 200);
    admin_keys::revoke(&site.app.cx, id).await.unwrap();
    assert_eq!(back_end.get("/admin/users").await.status, 403);
    assert!(admin_keys::revoke(&site.app.cx, id).await.is_err(), "it is ended already");
    assert_eq!(site.audit().await, ["admin_key_created", "admin_key_revoked"]);
}

#[actix_web::test]
async fn two_keys_at_once_are_refused_k5() {
    let site = TestApp::start().await;
    let (_, key) = site.admin_key("users:read", "127.0.0.1").await;
    let url = format!("{}/admin/users", site.internal);
    let request = reqwest::Client::new().get(url).header("Api-Key", &key).header("Api-Key", &key);
    assert_eq!(request.send().await.unwrap().status(), 403);
}

#[actix_web::test]
async fn who_guesses_keys_too_often_waits_without_a_look_up_l4() {
    let site = TestApp::with(&[("limits.unknown_keys_per_address_per_minute", "3")]).await;
    let internal = Visitor::new(&site.internal);
    let guess = |number: u32| internal.with("Api-Key", &format!("{number:032x}"));
    for number in 0..3 {
        assert_eq!(guess(number).get("/admin/users").await.status, 403);
    }
    // Users' keys that do not exist are counted apart: through a proxy anybody may bring some.
    let limited = guess(3).get("/admin/users").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "60"));
    assert_eq!(site.anonymous().with("User-Api-Key", &format!("{:032x}", 4)).get("/about.json").await.status, 403);
    site.execute("ALTER TABLE admin_keys RENAME TO elsewhere").await;
    assert_eq!(guess(4).get("/admin/users").await.status, 429);
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(guess(4).get("/admin/users").await.status, 500, "the test knows a look-up when it sees one");
}

#[actix_web::test]
async fn who_acts_for_a_user_names_one_that_there_is() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.full_back_end().await;
    assert_eq!(back_end.with("Api-Username", "Ada").get("/admin/users").await.status, 200);
    for name in ["bob", "", "no name"] {
        let answer = back_end.with("Api-Username", name).get("/admin/users").await;
        assert_eq!((answer.status, answer.json()["reason"].as_str()), (403, Some("no_such_user")), "{name}");
    }
}

#[actix_web::test]
async fn whether_there_is_a_user_hears_only_a_key_with_the_scope_of_the_call_k12() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let back_end = site.back_end("clients:read").await;
    let proxy = Visitor::new(&site.internal).with("X-Original-Method", "GET").with("X-Original-URI", "/books");
    let proxy = proxy.with("XF-Api-Key", &back_end.sent("Api-Key")).with("X-Forwarded-For", "127.0.0.1");
    let (mut told, mut calls) = (Vec::new(), 0);
    for (name, id) in [("ada", "1"), ("bob", "2"), ("no name", "x")] {
        let by_name = back_end.with("Api-Username", name);
        let answers = [
            by_name.get("/admin/users/1").await,
            by_name.get("/admin/nowhere").await,
            by_name.get("/api/").await,
            back_end.with("XF-Api-User", id).get("/admin/users").await,
            proxy.with("XF-Api-User", id).get("/verify").await,
        ];
        calls += 5;
        told.push(answers.map(|answer| (answer.status, answer.body)));
        assert_eq!(site.number("SELECT count(*) FROM audit_log WHERE event = 'admin_called'"), Some(calls), "{name}");
    }
    assert!(told.iter().all(|answers| *answers == told[0]), "{told:?}");
    assert_eq!(told[0].each_ref().map(|(status, _)| *status), [403, 404, 200, 403, 403]);
    assert_eq!(back_end.with("Api-Username", "bob").get("/admin/clients").await.json()["reason"], "no_such_user");
    assert_eq!(site.back_end("users:act").await.with("Api-Username", "bob").get("/api/").await.status, 403);
}

#[actix_web::test]
async fn when_a_key_was_last_used_is_written_once_a_minute() {
    let site = TestApp::start().await;
    let back_end = site.full_back_end().await;
    let used = || site.number("SELECT last_used_at FROM admin_keys");
    assert_eq!(used(), None);
    back_end.get("/admin/users").await;
    let first = used();
    site.clock.advance(Duration::from_secs(59));
    back_end.get("/admin/users").await;
    assert_eq!(used(), first);
    site.clock.advance(Duration::from_secs(1));
    back_end.get("/admin/users").await;
    assert_eq!(used().unwrap() - first.unwrap(), 60_000_000);
}

#[test]
fn the_operator_makes_lists_and_ends_keys_and_sees_each_once_k2() {
    let server = Server::start(&[]);
    let flags =
        "admin-key create --name shop --scope users:read --scope keys:mint --address 127.0.0.1 --address 10.0.0.0/8";
    let made = server.cli(&flags.split(' ').collect::<Vec<_>>(), "");
    let key = text(&made.stdout).trim_end().to_owned();
    assert!(made.status.success() && key.len() == 32, "{made:?}");
    let ask = |path: &str| {
        let path = format!("{}{path}", server.internal);
        let asked = Visitor::new(&server.internal).with("Api-Key", &key);
        actix_web::rt::System::new().block_on(async move { asked.get(&path).await.status })
    };
    assert_eq!(ask("/admin/users"), 200);

    let listed: Value = data(&server.cli(&["admin-key", "list", "--json"], ""));
    let one = &listed[0];
    assert_eq!((&one["name"], &one["key_start"]), (&"shop".into(), &key[..4].into()), "{listed}");
    assert_eq!(one["scopes"], serde_json::json!(["users:read", "keys:mint"]));
    assert_eq!(one["addresses"], serde_json::json!(["127.0.0.1/32", "10.0.0.0/8"]));
    assert!(one["last_used_at"].is_string() && one["revoked_at"].is_null() && !listed.to_string().contains(&key));
    let table = server.cli(&["admin-key", "list"], "");
    assert!(text(&table.stdout).contains("users:read,keys:mint") && !text(&table.stdout).contains(&key));

    assert!(server.cli(&["admin-key", "revoke", "1"], "").status.success());
    assert_eq!(ask("/admin/users"), 403);
    assert!(!server.stop().contains(&key));
}

#[test]
fn what_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = |arguments: &str| run(folder.path(), &arguments.split(' ').collect::<Vec<_>>(), "");
    assert!(at("migrate up").status.success());
    refused(&at("admin-key create --name shop"), &["--scope"]);
    refused(&at("admin-key create --name shop --scope all"), &["users:read, users:write"]);
    refused(&at("admin-key create --name shop --scope users:read --address here"), &["10.0.0.0/8"]);
    refused(&at("admin-key revoke 7"), &["hallpass admin-key list"]);
    assert!(text(&at("admin-key list").stderr).contains("no admin key yet"));
}

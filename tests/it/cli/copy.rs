//! `hallpass migrate copy`: a SQLite site moves to PostgreSQL. Without a server there is nothing to show.

use hallpass::domain::housekeeping;
use hallpass::model::Group;

use super::{refused, run, text};
use crate::support::database::{self, TestDatabase};
use crate::support::{TestApp, Visitor};

/// What only an application with a browser of its own, or an operator, brings about.
const REST: [&str; 11] = [
    "INSERT INTO user_api_key_client_scopes (user_api_key_client_id, name) VALUES (1, 'read')",
    "INSERT INTO notifications (user_id, notification_type, read, high_priority, created_at, data, url, dedupe_id) \
     VALUES (1, 6, FALSE, TRUE, 1, '{\"topic_title\":\"\u{e9} \\\\ \\\"z\\\"\"}', '/t/7', 'seven')",
    "UPDATE users SET seen_notification_id = 1 WHERE id = 1",
    "INSERT INTO bus_channels (user_id, channel, last_id) VALUES (1, 'notification', 7)",
    "INSERT INTO bus_messages (user_id, channel, message_id, data, created_at, notification_id) \
     VALUES (1, 'notification-alert', 7, '{}', 1, 1)",
    "INSERT INTO push_deliveries (user_api_key_id, notification_id, push_url, payload, created_at, due_at) \
     VALUES (1, 1, 'https://push.example/', '{}', 1, 9000000000000000)",
    "INSERT INTO push_targets (push_url, due_at, failures) VALUES ('https://push.example/', 1, 3)",
    "INSERT INTO one_time_passwords (hash, user_id, expires_at) VALUES ('ab', 1, 9000000000000000)",
    "INSERT INTO device_grants (id, device_code_hash, request, address, user_agent, created_at, expires_at, state) \
     VALUES (5, 'cd', '{\"a\":\"\u{e9}\"}', '127.0.0.1', 'x ''y'' \\ \"z\"', 1, 9000000000000000, 'pending')",
    "INSERT INTO device_approval_tokens (token_hash, session_id, user_id, device_grant_id, created_at, expires_at) \
     VALUES ('ef', 1, 1, 5, 1, 9000000000000000)",
    "DELETE FROM users WHERE username = 'bob'",
];

/// A site with something in each table, and a program that holds a key of it.
async fn filled(site: &TestApp) -> Visitor {
    site.account("ada", |user| user.named_groups = [Group::parse("editors").unwrap()].into()).await;
    let ada = site.sign_in("ada").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    assert_eq!(program.get("/session/current.json").await.status, 200);
    housekeeping::flush(&site.app.cx).await.unwrap();
    site.account("bob", |_| {}).await;
    for statement in REST {
        site.execute(statement).await;
    }
    site.admin_key("users:read", "127.0.0.1").await;
    program
}

#[actix_web::test]
async fn a_site_moves_from_a_file_to_a_server_with_every_table_and_its_keys() {
    if database::server().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let old = TestApp::on(TestDatabase::sqlite(folder.path())).await;
    let program = filled(&old).await;
    old.stop().await;

    let target = TestDatabase::postgres_empty();
    let copy = || run(folder.path(), &["migrate", "copy", old.database().url(), target.url()], "");
    let output = copy();
    assert!(output.status.success(), "{output:?}");
    let lines: Vec<&str> = text(&output.stdout).lines().skip(1).collect();
    for line in &lines {
        let (table, rows) = line.split_once(char::is_whitespace).unwrap();
        let rows: i64 = rows.trim().parse().unwrap();
        assert!(rows > 0, "{table} is empty: the test shows nothing about it");
        assert_eq!(old.number(&format!("SELECT count(*) FROM {table}")), Some(rows), "{table}");
    }
    assert_eq!(lines.len(), 19, "{lines:?}");
    refused(&copy(), &["rows already", "new"]);

    let new = TestApp::on(target).await;
    let there = program.at(&new.base);
    let answer = there.get("/session/current.json").await;
    assert_eq!((answer.status, &answer.json()["current_user"]["username"]), (200, &"ada".into()));
    let bytes = "SELECT sum(length(windows)) FROM user_api_key_windows WHERE length(windows) > 0";
    assert_eq!((new.number(bytes), new.number(bytes).is_some()), (old.number(bytes), true));
    let agent = "SELECT count(*) FROM device_grants WHERE user_agent = 'x ''y'' \\ \"z\"' AND user_code IS NULL";
    assert_eq!((new.number(agent), old.number(agent)), (Some(1), Some(1)));
    let told = "SELECT length(data) FROM notifications JOIN users ON users.id = user_id \
                WHERE high_priority AND NOT read AND url = '/t/7' AND seen_notification_id = 1";
    assert_eq!((new.number(told), new.number(told).is_some()), (old.number(told), true));
    assert_eq!(new.number("SELECT notification_id FROM bus_messages"), Some(1));
    // Bob had number 2, and nobody gets it again.
    assert_eq!(new.account("cleo", |_| {}).await.get(), 3);
    let cleo = new.sign_in("cleo").await;
    assert_eq!(new.client_app().approve(&cleo).await.status, 200);
}

#[test]
fn what_cannot_be_copied_is_refused_and_no_url_is_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str, to: &str| run(folder.path(), &["migrate", "copy", from, to], "");
    refused(&copy("sqlite://a.db", "sqlite://b.db"), &["only a SQLite file can be copied"]);
    refused(
        &copy("sqlite://a.db", "postgres://ada:s3cr3t@127.0.0.1:1/hall"),
        &["there is none at", "a.db", "right folder"],
    );
    let wrong = copy("sqlite://a.db", "postgres://ada:s3@cr3t@127.0.0.1/hall");
    refused(&wrong, &["TO", "percent-encoded"]);
    assert!(!text(&wrong.stderr).contains("cr3t"), "{wrong:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

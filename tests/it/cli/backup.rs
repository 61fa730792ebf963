//! `hallpass backup`, and the way back, as the guide has it; of PostgreSQL its own tools.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::rt;
use serde_json::Value;

use super::{refused, run};
use crate::docs::commands;
use crate::support::database::{self, TestDatabase};
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, TestApp, Visitor};

async fn approved(application: &str, browser: &Visitor) -> String {
    ClientApp::new("").set("client_id", application).approved_by(browser).await.key
}

async fn status(key: &str, browser: &Visitor) -> u16 {
    browser.holder_of(key).get("/session/current.json").await.status
}

/// Runs one block of commands of a page, in a folder; gives what it prints.
fn follow(page: &str, block: usize, folder: &Path, database: &str) -> String {
    let script = &commands(page)[block];
    let mut shell = Command::new("sh");
    let output = shell.args(["-e", "-c", script]).current_dir(folder).env("DATABASE", database).output().unwrap();
    assert!(output.status.success(), "{script}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[actix_web::test]
async fn a_backup_of_a_sqlite_site_that_goes_on_issuing_keys_gives_back_every_key_from_before() {
    let server = Arc::new(Server::start(&[("user_api.max_keys_per_user", "10000")]));
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    let ada = Arc::new(ada.csrf().await);
    let before = approved("before", &ada).await;

    let (backing_up, goes_on) = (Arc::clone(&server), Arc::new(AtomicBool::new(true)));
    let (writing, writer) = (Arc::clone(&goes_on), Arc::clone(&ada));
    let meanwhile = rt::spawn(async move {
        let mut keys = Vec::new();
        while keys.is_empty() || writing.load(Ordering::SeqCst) {
            keys.push(approved(&format!("meanwhile-{}", keys.len()), &writer).await);
        }
        keys
    });
    let output = rt::task::spawn_blocking(move || backing_up.cli(&["backup", "hallpass-backup.db"], "")).await.unwrap();
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
    goes_on.store(false, Ordering::SeqCst);
    let meanwhile = meanwhile.await.unwrap();
    let after = approved("after", &ada).await;
    for key in meanwhile.iter().chain([&before, &after]) {
        assert_eq!(status(key, &ada).await, 200);
    }

    let copy = server.folder().join("hallpass-backup.db");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let names = fs::read_dir(server.folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.into_iter().all(|name| !name.contains("unfinished")));
    let _server = Arc::into_inner(server).unwrap().restart_after(|folder| drop(follow("operate.md", 1, folder, "")));
    ada.reconnect().await;
    assert_eq!((status(&before, &ada).await, status(&after, &ada).await), (200, 403));
    // The secret stayed, so that ada is signed in still.
    assert_eq!(ada.get("/session/current.json").await.status, 200);
    assert_eq!(status(&approved("after the restore", &ada).await, &ada).await, 200);
}

#[actix_web::test]
async fn what_a_restore_of_sqlite_undoes_is_listed_from_the_database_before_also_after_a_kill() {
    let mut server = Server::start(&[]);
    server.account("ada", PASSWORD, &[]);
    server.account("bob", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    approved("before", &ada).await;
    let cli = |server: &Server, arguments: &[&str], input: &str| assert!(server.cli(arguments, input).status.success());
    cli(&server, &["backup", "hallpass-backup.db"], "");
    cli(&server, &["key", "revoke", "1"], "");
    cli(&server, &["user", "suspend", "bob"], "");
    cli(&server, &["user", "set-password", "ada", "--password-stdin"], "another good password");

    server.kill();
    assert!(server.folder().join("hallpass.db-wal").exists());
    follow("operate.md", 1, server.folder(), "");
    let listed = follow("operate.md", 2, server.folder(), "");
    let lines: Vec<&str> = listed.lines().map(|line| line.split_once('|').unwrap().1).collect();
    let expected =
        ["event|username|key|client_id", "key_revoked|ada|1|before", "user_suspended|bob||", "password_set|ada||"];
    assert_eq!(lines, expected, "{listed}");
    let again: Value = serde_json::from_slice(&server.cli(&["key", "list", "--json"], "").stdout).unwrap();
    assert_eq!(again[0]["state"], "active", "{again}");
}

#[test]
fn what_is_there_is_not_written_over_and_what_cannot_be_copied_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    refused(&run(folder.path(), &["backup", "copy.db"], ""), &["there is none at", "hallpass.db"]);
    assert!(run(folder.path(), &["migrate", "up"], "").status.success());

    fs::write(path("mine"), "precious").unwrap();
    refused(&run(folder.path(), &["backup", "mine"], ""), &["mine is there already", "name a file"]);
    assert_eq!(fs::read(path("mine")).unwrap(), b"precious");
    symlink("elsewhere", path("link")).unwrap();
    refused(&run(folder.path(), &["backup", "link"], ""), &["link is there already"]);
    assert!(!path("elsewhere").exists());
    refused(&run(folder.path(), &["backup", "nowhere/copy.db"], ""), &["nowhere/copy.db", "No such file"]);
    let of_postgres = ["--set", "database.url=postgres://127.0.0.1:1/hall", "--set", "session.secret_key_file=mine"];
    refused(&run(folder.path(), &[&of_postgres[..], &["backup", "copy.db"]].concat(), ""), &["pg_dump"]);

    assert!(run(folder.path(), &["backup", "file:copy.db?mode=memory"], "").status.success());
    assert!(fs::metadata(path("file:copy.db?mode=memory")).unwrap().len() > 10_000);
    fs::write(path("hallpass.db"), [b"SQLite format 3\0".to_vec(), vec![7; 60_000]].concat()).unwrap();
    assert!(!run(folder.path(), &["backup", "copy.db"], "").status.success());
    assert!(!path("copy.db").exists());
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.contains("unfinished")));
}

#[actix_web::test]
async fn a_postgresql_site_is_dumped_while_it_runs_and_restored_with_its_keys() {
    if database::server().is_none() {
        return;
    }
    let site = TestApp::on(TestDatabase::postgres()).await;
    let ada = site.user("ada").await;
    let key = approved("before", &ada).await;
    let folder = tempfile::tempdir().unwrap();
    follow("postgresql.md", 0, folder.path(), site.database().url());
    let late = approved("after", &ada).await;

    let restored = TestDatabase::postgres_empty();
    follow("postgresql.md", 1, folder.path(), restored.url());
    let restored = TestApp::on(restored).await;
    let bob = restored.user("bob").await;
    assert_eq!((status(&key, &bob).await, status(&late, &bob).await), (200, 403));
    assert_eq!(status(&approved("once more", &bob).await, &bob).await, 200);
}

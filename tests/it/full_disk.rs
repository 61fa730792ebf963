//! The disk under the database is full: what stores is refused, what reads goes on, and nothing is broken or lost.

#![cfg(test)]

use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use serde_json::Value;

use crate::support::disk::Disk;
use crate::support::server::{Server, program};
use crate::support::{Answer, ClientApp, PASSWORD, Visitor};

/// What the worker says when it cannot write.
const UNWRITTEN: [&str; 2] = ["how the limits stand will be written", "who was last seen will be written"];

/// A site on a disk that can be full, with somebody signed in and a program of theirs.
struct Site {
    disk: Disk,
    server: Server,
    ada: Visitor,
    program: Visitor,
}

impl Site {
    async fn start() -> Self {
        let disk = Disk::new();
        let first = Server::start(&[]);
        first.account("ada", PASSWORD, &[]);
        let environment = disk.environment();
        let environment = environment.each_ref().map(|(name, value)| (*name, value.as_str()));
        let server = first.beside_with(&environment);
        let ada = Visitor::new(&server.base);
        assert_eq!(ada.sign_in("ada", PASSWORD).await.status, 200);
        let program = ada.holder_of(&ClientApp::new(&server.base).approved_by(&ada).await.key);
        Self { disk, server, ada, program }
    }

    /// Somebody approves another application.
    async fn approve(&self, name: &str) -> Answer {
        ClientApp::new(&self.server.base).set("client_id", name).approve(&self.ada).await
    }

    /// The keys there are, as a process on another disk sees them.
    fn keys(&self) -> Vec<Value> {
        let listed = self.server.cli(&["key", "list", "--json"], "");
        serde_json::from_slice(&listed.stdout).unwrap()
    }

    async fn remaining(&self) -> String {
        let answer = self.program.get("/session/current.json").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.header("RateLimit").split(";t=").next().unwrap().to_owned()
    }

    fn is_sound(&self) {
        #[derive(diesel::QueryableByName)]
        struct Verdict {
            #[diesel(sql_type = diesel::sql_types::Text)]
            integrity_check: String,
        }
        let verdict = diesel::sql_query("PRAGMA integrity_check").get_result(&mut self.server.database().connect());
        let Verdict { integrity_check } = verdict.unwrap();
        assert_eq!(integrity_check, "ok");
    }
}

#[actix_web::test]
async fn on_a_full_disk_a_sqlite_site_issues_no_key_and_verifies_those_there_are_l5() {
    let site = Site::start().await;
    site.disk.fill();
    for name in ["one", "two", "three"] {
        let refused = site.approve(name).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "60"), "{refused:?}");
        assert_eq!(refused.json()["error_type"], "unavailable");
    }
    assert_eq!(site.keys().len(), 1);
    assert_eq!(site.program.get("/session/current.json").await.status, 200);
    assert_eq!(site.ada.get("/u/ada/preferences/apps").await.status, 200);
    let internal = Visitor::new(&site.server.internal);
    assert_eq!(internal.get("/health/ready").await.status, 200, "what reads goes on");
    let metrics = internal.get("/metrics").await.body;
    assert!(!metrics.contains("hallpass_database_failures_total{kind=\"full\"} 0"), "{metrics}");
    let log = site.server.log();
    assert_eq!(log.matches("the disk is full: make room").count(), 1, "{log}");
    assert!(log.contains("hallpass.db\"") && !log.contains("the request failed"), "{log}");

    site.disk.make_room();
    assert_eq!(site.approve("one").await.status, 200, "without a restart");
    assert_eq!(site.keys().len(), 2);
    site.is_sound();
}

#[actix_web::test]
async fn a_sqlite_site_that_is_killed_on_a_full_disk_has_all_that_it_answered_c068() {
    let mut site = Site::start().await;
    site.disk.fill();
    assert_eq!(site.approve("one").await.status, 503);
    site.server.kill();
    site.is_sound();
    site.disk.make_room();
    site.server = site.server.again();
    site.program.reconnect().await;
    assert_eq!(site.program.get("/session/current.json").await.status, 200);
    site.ada.reconnect().await;
    assert_eq!(site.approve("one").await.status, 200);
    assert_eq!(site.keys().len(), 2);
    site.is_sound();
}

#[actix_web::test]
async fn a_sqlite_site_that_starts_on_a_full_disk_says_what_it_lacks() {
    let (disk, folder) = (Disk::new(), tempfile::tempdir().unwrap());
    let url = ("database.url".to_owned(), format!("sqlite://{}", folder.path().join("hallpass.db").display()));
    let begin = || {
        program(folder.path(), std::slice::from_ref(&url))
            .envs(disk.environment())
            .args(["migrate", "up"])
            .output()
            .unwrap()
    };
    let told = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
    disk.fill();
    let new = begin();
    assert!(!new.status.success() && told(&new).contains("the disk of the database is full"), "{new:?}");
    disk.make_room();
    let made = begin();
    assert!(made.status.success(), "{made:?}");
    disk.fill();
    let old = begin();
    assert!(!old.status.success() && told(&old).contains("is there room on the disk of"), "{old:?}");
}

#[actix_web::test]
async fn what_a_sqlite_site_has_in_memory_waits_there_until_there_is_room_c278_l1() {
    let mut site = Site::start().await;
    site.disk.fill();
    let before = site.remaining().await;
    let begun = Instant::now();
    while UNWRITTEN.iter().any(|line| !site.server.log().contains(line)) {
        assert!(begun.elapsed() < Duration::from_mins(1), "{}", site.server.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    site.disk.make_room();
    site.server = site.server.restart();
    site.program.reconnect().await;
    let listed = &site.keys()[0];
    assert!(listed["last_used_at"].as_str() > listed["created_at"].as_str(), "{listed}");
    assert_ne!(site.remaining().await, before, "the one before counts");
}

//! Health, on the internal listener alone.

use std::fs;

use serde_json::json;

use crate::ending::soon;
use crate::support::server::Server;
use crate::support::{ClientApp, PASSWORD, TestApp, Visitor};

#[actix_web::test]
async fn the_internal_listener_tells_that_it_lives_and_that_it_is_ready_l11() {
    let site = TestApp::start().await;
    let internal = Visitor::new(&site.internal);
    for (path, body) in [
        ("/health/live", json!({ "status": "live" })),
        ("/health/startup", json!({ "status": "started" })),
        (
            "/health/ready",
            json!({ "status": "ready", "checks": { "database": "ok", "service": "ok", "limits": "ok" } }),
        ),
    ] {
        let answer = internal.get(path).await;
        assert_eq!((answer.status, answer.json()), (200, body), "{path}");
        assert_eq!(internal.head(path).await.status, 200, "{path}");
    }
    let public = site.anonymous();
    for path in ["/health/live", "/health/startup", "/health/ready", "/health", "/metrics"] {
        assert_eq!(public.get(path).await.status, 404, "{path}");
    }
    for path in ["/", "/login", "/site/basic-info.json", "/user-api-key/new"] {
        assert_eq!(internal.get(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn many_may_ask_at_once() {
    let site = TestApp::start().await;
    let ask = |internal: String| async move { Visitor::new(&internal).get("/health/ready").await.status };
    let asked: Vec<_> = (0..32).map(|_| actix_web::rt::spawn(ask(site.internal.clone()))).collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap(), 200);
    }
}

fn every_job_was_done(metrics: &str) -> bool {
    let mut last = metrics.lines().filter(|line| line.starts_with("hallpass_job_last_success_timestamp_seconds{"));
    last.all(|line| !line.ends_with(" 0"))
}

#[actix_web::test]
async fn without_its_sqlite_file_it_lives_but_is_not_ready() {
    let server = Server::start(&[]);
    let internal = Visitor::new(&server.internal);
    assert_eq!(internal.get("/health/ready").await.status, 200);
    // Work of the start opens connections; one that is opened while its files move away is another matter.
    soon(async || every_job_was_done(&internal.get("/metrics").await.body)).await;
    for name in ["hallpass.db", "hallpass.db-wal", "hallpass.db-shm"] {
        fs::rename(server.folder().join(name), server.folder().join(format!("{name}.away"))).unwrap();
    }
    let answer = internal.get("/health/ready").await;
    assert_eq!((answer.status, &answer.json()["status"]), (503, &"not ready".into()));
    assert_eq!(answer.json()["checks"]["database"], "failed");
    assert_eq!(internal.get("/health/live").await.status, 200);
    // Nothing has put an empty database into its place.
    assert!(!server.folder().join("hallpass.db").exists());
    fs::rename(server.folder().join("hallpass.db.away"), server.folder().join("hallpass.db")).unwrap();
    assert_eq!(internal.get("/health/ready").await.status, 200);
}

#[actix_web::test]
async fn a_sqlite_file_put_in_the_place_of_its_own_is_not_taken_for_it_l8() {
    let settings = [("verify.stale_seconds", "1"), ("user_api.max_user_api_reqs_per_minute", "10000")];
    let server = Server::start(&settings);
    server.account("ada", PASSWORD, &[]);
    let ada = Visitor::new(&server.base);
    ada.sign_in("ada", PASSWORD).await;
    let ada = ada.csrf().await;
    let key = ClientApp::new(&server.base).approved_by(&ada).await.key;
    let asked = async || ada.holder_of(&key).get("/session/current.json").await.status;
    assert_eq!(asked().await, 200);
    let internal = Visitor::new(&server.internal);
    let file = |name: &str| server.folder().join(name);
    fs::write(file("other.db"), "").unwrap();
    fs::hard_link(file("hallpass.db"), file("own.db")).unwrap();
    fs::rename(file("other.db"), file("hallpass.db")).unwrap();
    assert_eq!(internal.get("/health/ready").await.status, 503);
    // In memory, then for as long as that is trusted; and never again by what a file says that nobody else writes to.
    soon(async || asked().await == 503).await;
    fs::rename(file("own.db"), file("hallpass.db")).unwrap();
    assert_eq!((internal.get("/health/ready").await.status, asked().await), (200, 200));
    assert!(server.stop().contains("is another file than at the start"));
}

#[actix_web::test]
async fn with_a_migration_missing_it_is_not_ready() {
    let server = Server::start(&[]);
    let internal = Visitor::new(&server.internal);
    server.database().execute("DELETE FROM __diesel_schema_migrations");
    assert_eq!(internal.get("/health/ready").await.status, 503);
    assert_eq!(internal.get("/health/live").await.status, 200);
    assert!(server.stop().contains("has not run"));
}

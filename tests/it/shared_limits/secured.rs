//! TLS and passwords by the URL, which nothing ever prints.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::ending::soon;
use crate::support::Visitor;
use crate::support::certificate::Certificate;
use crate::support::database::TestDatabase;
use crate::support::redis::Redis;
use crate::support::server::{Server, free_port, program};

const SHUT_OUT: &str = "Redis does not let this node in: see user and password in limits.url";

/// Starts the program beside a Redis that speaks TLS and wants a password; gives its log up to the line with one of these words.
fn log_until(password: &str, trusted: bool, words: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let made = Certificate::make(folder.path(), "redis", "IP:127.0.0.1");
    // The server may be another user, who is to read them.
    for entry in [folder.path(), &made.key] {
        std::fs::set_permissions(entry, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let [certificate, key] = [&made.path, &made.key].map(|path| path.display().to_string());
    let port = free_port();
    let _redis = Redis::with(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-auth-clients",
        "no",
        "--requirepass",
        "s3cr3t-of-redis",
    ]);
    let database = TestDatabase::new(folder.path());
    let mut settings = database.settings(folder.path());
    settings.push(("limits.url".to_owned(), format!("rediss://:{password}@127.0.0.1:{port}/0")));
    settings.push(("server.listen".to_owned(), "127.0.0.1:0".to_owned()));
    settings.push(("server.internal_listen".to_owned(), "127.0.0.1:0".to_owned()));
    settings.push(("server.public_url".to_owned(), "http://127.0.0.1:8080".to_owned()));
    let mut command = program(folder.path(), &settings);
    if trusted {
        command.env("SSL_CERT_FILE", &certificate);
    }
    let mut child = command.env("RUST_LOG", "trace").arg("serve").stderr(Stdio::piped()).spawn().unwrap();
    let (mut log, mut lines) = (String::new(), BufReader::new(child.stderr.take().unwrap()));
    while !log.contains(words) {
        assert!(lines.read_line(&mut log).unwrap() > 0, "{log}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!log.contains(password), "{log}");
    log
}

#[test]
fn redis_is_reached_by_tls_and_with_a_password_that_is_never_printed() {
    log_until("s3cr3t-of-redis", true, "Redis answers");
}

#[test]
fn a_wrong_password_is_told_and_not_printed() {
    let log = log_until("an0ther-s3cr3t", true, SHUT_OUT);
    assert!(log.contains("authentication failed"), "{log}");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let log = log_until("s3cr3t-of-redis", false, "Redis does not answer");
    assert!(log.to_lowercase().contains("certificate"), "{log}");
}

#[actix_web::test]
async fn what_redis_does_not_let_in_is_an_error_that_names_the_setting_once() {
    let redis = Redis::with(&["--requirepass", "s3cr3t", "--user", "eve", "on", ">s3cr3t", "~*", "+get"]);
    for (who, why) in
        [("?pass=wrong", "authentication failed"), ("", "NOAUTH"), ("?user=eve&pass=s3cr3t", "no permissions")]
    {
        let server = Server::start(&[("limits.url", &format!("{}{who}", redis.url()))]);
        let figures = Visitor::new(&server.internal);
        let tried = async |times: u32| {
            let tried = |line: &str| line.strip_prefix("hallpass_redis_failures_total ")?.parse::<u32>().ok();
            figures.get("/metrics").await.body.lines().find_map(tried) >= Some(times)
        };
        soon(async || tried(3).await).await;
        let log = server.log();
        let told: Vec<_> = log.lines().filter(|line| line.contains("Redis does not")).collect();
        assert_eq!(told.len(), 1, "{log}");
        assert!(told[0].contains("ERROR") && told[0].contains(SHUT_OUT) && told[0].contains(why), "{log}");
    }
}

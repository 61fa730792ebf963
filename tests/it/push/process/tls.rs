//! Receivers that are reached by TLS.

use std::fs;

use super::{allow, failing, publish, start};
use crate::ending::soon;
use crate::support::Visitor;
use crate::support::certificate::Certificate;
use crate::support::receiver::{Receiver, SECRET, ids};

const REFUSED: &str = "no TLS connection: invalid peer certificate";

#[actix_web::test]
async fn a_receiver_is_told_by_tls_and_only_with_a_certificate_that_is_trusted_and_good_for_its_host_r8() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, good_for: &str| Certificate::make(folder.path(), name, good_for);
    let (own, elsewhere) = (make("own", "IP:127.0.0.1"), make("elsewhere", "DNS:push.example"));
    let stranger = make("stranger", "IP:127.0.0.1").path;
    let both = folder.path().join("both.pem");
    fs::write(&both, [&own.path, &elsewhere.path].map(|path| fs::read_to_string(path).unwrap()).concat()).unwrap();
    let (receiver, other) = (Receiver::behind(own.acceptor()).await, Receiver::behind(elsewhere.acceptor()).await);

    let (mut server, ada, admin) = start(&[("user_api.push_api_secret_key", SECRET)]).await;
    for (client_id, url) in [("phone", &receiver.url), ("tablet", &other.url)] {
        allow(&ada, client_id, url).await;
    }
    // It trusts whom this machine does.
    server.kill();
    let trusting = |file: &std::path::Path| server.beside_with(&[("SSL_CERT_FILE", file.to_str().unwrap())]);

    let node = trusting(&stranger);
    publish(&node, &admin).await;
    soon(async || failing(&node).len() == 2).await;
    for target in failing(&node) {
        assert!(target["last_failure"].as_str().unwrap().starts_with(REFUSED), "{target}");
    }
    let figures = Visitor::new(&node.internal).get("/metrics").await.body;
    let failed = figures.lines().find_map(|line| line.strip_prefix("hallpass_pushes_total{outcome=\"failed\"} "));
    assert!(failed.is_some_and(|times| times.parse::<u32>().unwrap() >= 2), "{figures}");
    drop(node);
    assert_eq!((receiver.take().len(), other.take().len()), (0, 0));

    for url in [&receiver.url, &other.url] {
        assert!(server.cli(&["push", "enable", url], "").status.success());
    }
    let node = trusting(&both);
    assert_eq!(ids(&receiver.next().await), [1]);
    soon(async || failing(&node).len() == 1).await;
    let target = &failing(&node)[0];
    assert!(
        target["push_url"] == *other.url && target["last_failure"].as_str().unwrap().starts_with(REFUSED),
        "{target}"
    );
    assert!(other.take().is_empty());
}

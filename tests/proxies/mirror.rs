//! What a proxy asks about is what it then sends to the site: no path, however odd, is asked about as one thing and
//! passed on as another.

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use hallpass::model::OriginalPath;

use crate::client::send;
use crate::proxy::{Proxy, Running};
use crate::shop::{Seen, Shop};
use crate::site::tricks::{PIECES, decoded, resolved};
use crate::stage::Wiring;

/// What a site reads that decodes once and does nothing odd.
fn plain_reading(target: &str) -> Vec<String> {
    resolved(&decoded(target.split('?').next().unwrap()))
}

fn targets() -> impl Strategy<Value = (String, &'static str)> {
    let pieces =
        proptest::collection::vec(proptest::sample::select(&PIECES[..]), 1..12).prop_map(|pieces| pieces.concat());
    let query = proptest::sample::select(&["", "?", "?a=b", "?/../x", "?a=%2f?b#c"][..]);
    let method = proptest::sample::select(&["GET", "POST", "DELETE", "HEAD", "PURGE"][..]);
    (pieces, query, method).prop_map(|(path, query, method)| (format!("/{path}{query}"), method))
}

/// What the proxy asked: method and URI.
fn asked(proxy: Proxy, question: &Seen) -> (String, String) {
    let header = |name: &str| {
        let values: Vec<_> = question.headers.iter().filter(|(header, _)| header == name).collect();
        assert_eq!(values.len(), 1, "{name}: {question:#?}");
        values[0].1.clone()
    };
    match proxy {
        Proxy::Nginx => (header("x-original-method"), header("x-original-uri")),
        Proxy::Caddy => (header("x-forwarded-method"), header("x-forwarded-uri")),
        Proxy::Envoy => (question.method.clone(), question.target.strip_prefix("/verify/envoy").unwrap().to_owned()),
    }
}

#[test]
fn what_the_site_gets_is_what_was_asked_about_w10() {
    // A verifier that says yes to everybody, so that all a proxy would let through arrives.
    let (verifier, shop) = (Shop::open(), Shop::open());
    let at = |shop: &Shop| format!("127.0.0.1:{}", shop.port);
    let public_url = Some("http://127.0.0.1:8000/hall".to_owned());
    let wiring = Wiring { public: "127.0.0.1:1".to_owned(), internal: at(&verifier), shop: shop.port, public_url };
    let proxies: Vec<Running> = Proxy::ALL.map(|proxy| wiring.start(proxy, "/")).into();
    let arrived = [const { AtomicUsize::new(0) }; 3];
    let config = ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&targets(), |(target, method)| {
            for (count, running) in arrived.iter().zip(&proxies) {
                let headers = [("Content-Length", "0"), ("X-Original-URI", "/x"), ("X-Forwarded-Uri", "/x")];
                let response = send(running.port, method, &target, &headers);
                let (questions, seen) = (verifier.take(), shop.take());
                prop_assert!(seen.len() <= 1 && questions.len() <= 1, "{questions:#?} {seen:#?}");
                let Some(seen) = seen.first() else {
                    prop_assert!(response.status >= 400, "{:?}: {response:?}", running.proxy);
                    continue;
                };
                prop_assert_eq!(questions.len(), 1, "{:?} asked nobody", running.proxy);
                let about = asked(running.proxy, &questions[0]);
                prop_assert_eq!(&about, &(seen.method.clone(), seen.target.clone()), "{:?}", running.proxy);
                // Where Hallpass finds one meaning in what it was asked, it is the one the site reads.
                if let Ok(judged) = OriginalPath::parse(&about.1) {
                    let judged: Vec<_> = judged.as_str().split('/').filter(|part| !part.is_empty()).collect();
                    prop_assert_eq!(judged, plain_reading(&seen.target), "{:?}", running.proxy);
                }
                count.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        })
        .unwrap();
    assert!(arrived.iter().all(|count| count.load(Ordering::Relaxed) > 50), "hardly anything arrived: {arrived:?}");
}

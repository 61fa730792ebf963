//! Where Hallpass does not answer nobody is let in.

use crate::stage::Stage;

#[actix_web::test]
async fn with_hallpass_stopped_the_proxy_answers_5xx_and_the_site_is_not_asked_l5() {
    for anonymous in ["refuse", "allow"] {
        let mut stage = Stage::new(&[("verify.anonymous", anonymous)]);
        let key = stage.key("deskbell-1", "read").await;
        for proxy in &stage.proxies {
            assert_eq!(proxy.get("/api/books", &[key.header()]).status, 200);
        }
        stage.shop.take();
        stage.hallpass.kill();
        for proxy in &stage.proxies {
            for headers in [&[][..], &[key.header()], &[("User-Api-Key", "0"), ("Remote-User", "ada")]] {
                let response = proxy.get("/api/books", headers);
                assert!((500..600).contains(&response.status), "{:?}: {response:?}", proxy.proxy);
                assert!(stage.shop.take().is_empty(), "{:?}", proxy.proxy);
            }
        }
    }
}

#[actix_web::test]
async fn a_question_that_could_not_be_answered_is_found_by_the_trace_of_the_client_through_every_proxy() {
    let stage = Stage::new(&[]);
    stage.hallpass.database().execute("ALTER TABLE user_api_keys RENAME TO gone");
    let mut traces = Vec::new();
    for (proxy, digit) in stage.proxies.iter().zip('a'..) {
        let trace = digit.to_string().repeat(32);
        let sent = format!("00-{trace}-00f067aa0ba902b7-01");
        let key = "0".repeat(32);
        let response = proxy.get("/api/books", &[("User-Api-Key", &key), ("traceparent", &sent)]);
        assert!((500..600).contains(&response.status), "{:?}: {response:?}", proxy.proxy);
        traces.push((proxy.proxy, trace));
    }
    let log = stage.hallpass.stop();
    for (proxy, trace) in traces {
        assert!(log.contains(&format!("could not be answered trace_id=\"{trace}\"")), "{proxy:?}: {log}");
    }
}

//! What guessing keys costs, and whom.

use std::time::Duration;

use crate::support::TestApp;

#[actix_web::test]
async fn who_guesses_too_often_waits_without_a_look_up_and_nobody_else_does_l4_w8() {
    let settings = [("limits.unknown_keys_per_address_per_minute", "3"), ("server.trusted_proxies", "127.0.0.0/8")];
    let site = TestApp::with(&settings).await;
    let good = site.key("read").await;
    let from = |address: &str| good.with("X-Forwarded-For", address);
    let guess = |number: u32| format!("{number:032x}");
    for number in 0..3 {
        let guesser = from("198.51.100.7").with("User-Api-Key", &guess(number));
        assert_eq!(guesser.get("/about.json").await.status, 403);
        site.clock.advance(Duration::from_secs(10));
    }
    let guesser = from("198.51.100.7").with("User-Api-Key", &guess(3));
    let limited = guesser.get("/about.json").await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "30"));
    assert_eq!(limited.json()["error_type"], "rate_limit");
    assert_eq!(limited.header("discourse-rate-limit-error-code"), "");

    // Neither another address nor one that is only claimed by the guesser's own hop is touched.
    assert_eq!(from("198.51.100.8").get("/about.json").await.status, 200);
    let invented = from("203.0.113.1, 198.51.100.7").with("User-Api-Key", &guess(4));
    assert_eq!(invented.get("/about.json").await.status, 429);
    let neighbour = from("198.51.100.8").with("User-Api-Key", &guess(5));
    assert_eq!(neighbour.get("/about.json").await.status, 403);

    site.execute("ALTER TABLE user_api_keys RENAME TO elsewhere").await;
    assert_eq!(guesser.get("/about.json").await.status, 429);
    assert_eq!(neighbour.get("/about.json").await.status, 403, "what was looked up in vain is remembered");
    let stranger = from("198.51.100.8").with("User-Api-Key", &guess(6));
    assert_eq!(stranger.get("/about.json").await.status, 500, "the test knows a look-up when it sees one");
    site.execute("ALTER TABLE elsewhere RENAME TO user_api_keys").await;

    site.clock.advance(Duration::from_secs(29));
    assert_eq!(guesser.get("/about.json").await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(guesser.get("/about.json").await.status, 403);
}

#[actix_web::test]
async fn without_a_trusted_proxy_the_header_of_a_guesser_changes_nothing_l4_w8() {
    let site = TestApp::with(&[("limits.unknown_keys_per_address_per_minute", "2")]).await;
    let mut answers = Vec::new();
    for number in 0..4 {
        let guesser = site.anonymous().with("User-Api-Key", &format!("{number:032x}"));
        let address = format!("198.51.100.{number}");
        answers.push(guesser.with("X-Forwarded-For", &address).get("/about.json").await.status);
    }
    assert_eq!(answers, [403, 403, 429, 429]);
}

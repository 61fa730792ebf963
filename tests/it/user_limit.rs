//! The limit over all keys of a user.

use std::time::Duration;

use crate::support::TestApp;

#[actix_web::test]
async fn many_keys_are_not_many_quotas_k10_l2() {
    let settings = [("limits.requests_per_user_per_minute", "5"), ("user_api.max_user_api_reqs_per_minute", "3")];
    let site = TestApp::with(&settings).await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let mut keys = Vec::new();
    for client in ["one", "two"] {
        let received = site.client_app().set("client_id", client).approved_by(&ada).await;
        keys.push(ada.holder_of(&received.key));
    }
    let mut answers = Vec::new();
    for number in 0..6 {
        answers.push(keys[number % 2].get("/about.json").await.status);
        site.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(answers, [200, 200, 200, 200, 200, 429]);
    let refused = keys[1].get("/about.json").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "54"), "{refused:?}");
    assert_eq!(refused.header("discourse-rate-limit-error-code"), "", "it is not the key's own limit");

    let other = bob.holder_of(&site.client_app().approved_by(&bob).await.key);
    assert_eq!(other.get("/about.json").await.status, 200, "nobody else is touched");
    site.clock.advance(Duration::from_secs(54));
    // A refusal charged nothing: the second key has its own three left but for the two that were accepted.
    assert_eq!(keys[1].get("/about.json").await.status, 200);
}

//! `HEAD /user-api-key/new`: what a program asks before anything else (section 2).

use crate::support::TestApp;

#[actix_web::test]
async fn the_probe_tells_the_version_and_that_there_is_a_device_flow_c029() {
    let site = TestApp::start().await;
    let answer = site.anonymous().head("/user-api-key/new").await;
    assert_eq!((answer.status, answer.body.as_str(), answer.header("auth-api-version")), (200, "", "4"));
    assert_eq!(answer.header("auth-api-device-code"), "true");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn the_probe_never_looks_at_parameters_c030() {
    let site = TestApp::start().await;
    let broken = site.client_app().without("nonce").scopes("x").set("padding", "x").redirect("").path();
    for path in [&broken, "/user-api-key/new?%ff=%ff&nonce&nonce", "/user-api-key/new.json?padding=x"] {
        let answer = site.anonymous().head(path).await;
        assert_eq!((answer.status, answer.header("auth-api-version")), (200, "4"), "{path}");
    }
}

#[actix_web::test]
async fn get_does_not_carry_the_headers_of_the_probe_c031() {
    let site = TestApp::start().await;
    let (ada, app) = (site.user("ada").await, site.client_app());
    for answer in [
        ada.html().get(&app.path()).await,
        ada.get(&app.json_path()).await,
        site.anonymous().get(&app.path()).await,
        site.anonymous().get("/user-api-key/new").await,
    ] {
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("auth-api")), "{answer:?}");
    }
}

#[actix_web::test]
async fn clients_of_every_kind_can_read_the_probe_c032() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for visitor in [site.anonymous(), site.anonymous().json(), site.anonymous().html(), ada] {
        let answer = visitor.head("/user-api-key/new").await;
        // No redirect, because some forbid one; a number of at least 4, because some compare it.
        assert_eq!((answer.status, answer.header("location")), (200, ""));
        assert!(answer.header("auth-api-version").parse::<u32>().unwrap() >= 4);
        // Whatever is not `true` means that there is no device flow.
        assert_eq!(answer.header("auth-api-device-code"), "true");
    }
}

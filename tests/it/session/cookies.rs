//! The cookies: what they are called, where they hold, and that they are new at every sign-in.

use super::{cookie, holds, sessions};
use crate::support::{Answer, PASSWORD, TestApp};

/// The answers that set the visitor's and the session's cookie, over a socket that carries both whatever they say.
async fn both(site: &TestApp, names: [&str; 2]) -> [Answer; 2] {
    let asked = site.anonymous().get("/session/csrf.json").await;
    let visitor = cookie(&asked, names[0]).unwrap_or_else(|| panic!("no {}: {asked:?}", names[0]));
    let token = asked.json()["csrf"].as_str().unwrap().to_owned();
    let browser = site.anonymous().with("Cookie", &visitor).with("X-CSRF-Token", &token);
    let signed_in = browser.post_form("/session.json", &[("login", "ada"), ("password", PASSWORD)]).await;
    assert!(signed_in.json()["user"].is_object(), "{signed_in:?}");
    [asked, signed_in]
}

fn marks(answer: &Answer) -> Vec<String> {
    let [line] = answer.cookies()[..] else { panic!("not one cookie: {answer:?}") };
    let mut marks: Vec<_> = line.split("; ").skip(1).map(str::to_owned).collect();
    marks.retain(|mark| !mark.starts_with("Max-Age="));
    marks.sort();
    marks
}

#[actix_web::test]
async fn over_http_the_cookies_are_hidden_from_scripts_and_from_other_sites_w4() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    for answer in both(&site, ["hallpass_visitor", "hallpass"]).await {
        assert_eq!(marks(&answer), ["HttpOnly", "Path=/", "SameSite=Lax"]);
        assert!(answer.cookies()[0].starts_with("hallpass"));
    }
}

#[actix_web::test]
async fn under_https_the_cookies_are_bound_to_the_host_w4() {
    let site = TestApp::with(&[("server.public_url", "https://example.org")]).await;
    site.account("ada", |_| {}).await;
    let answers = both(&site, ["__Host-hallpass_visitor", "__Host-hallpass"]).await;
    for answer in &answers {
        assert_eq!(marks(answer), ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    }
    assert!(holds(&site, &cookie(&answers[1], "__Host-hallpass").unwrap()).await);
}

#[actix_web::test]
async fn under_https_with_a_path_the_cookies_hold_there_only_w4() {
    let site = TestApp::with(&[("server.public_url", "https://example.org/hall")]).await;
    site.account("ada", |_| {}).await;
    let answers = both(&site, ["__Secure-hallpass_visitor", "__Secure-hallpass"]).await;
    for answer in &answers {
        assert_eq!(marks(answer), ["HttpOnly", "Path=/hall", "SameSite=Lax", "Secure"]);
    }
    assert!(holds(&site, &cookie(&answers[1], "__Secure-hallpass").unwrap()).await);
}

#[actix_web::test]
async fn before_the_sign_in_there_is_neither_a_session_nor_its_cookie_w4() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let visitor = site.anonymous();
    for path in ["/", "/login", "/session/csrf.json", "/session/current.json", "/nowhere", "/u/ada/preferences/apps"] {
        let answer = visitor.html().get(path).await;
        assert_eq!(cookie(&answer, "hallpass"), None, "{path}: {answer:?}");
    }
    let wrong = visitor.sign_in("ada", "wrong password").await;
    assert_eq!((cookie(&wrong, "hallpass"), sessions(&site)), (None, 0));
    let right = visitor.sign_in("ada", PASSWORD).await;
    assert_eq!((cookie(&right, "hallpass").is_some(), sessions(&site)), (true, 1));
}

#[actix_web::test]
async fn a_sign_in_gives_a_new_session_and_ends_the_one_before_w4() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    site.account("bob", |_| {}).await;
    let browser = site.anonymous();
    let mut before = None;
    for name in ["ada", "ada", "bob"] {
        let after = cookie(&browser.sign_in(name, PASSWORD).await, "hallpass").unwrap();
        assert!(holds(&site, &after).await);
        if let Some(before) = before.replace(after.clone()) {
            assert_ne!(before, after);
            assert!(!holds(&site, &before).await, "the session before the sign-in of {name} is over");
        }
        assert_eq!(sessions(&site), 1);
    }
}

#[actix_web::test]
async fn a_session_that_somebody_else_planted_is_not_taken_up_w4() {
    let site = TestApp::start().await;
    site.account("mallory", |_| {}).await;
    site.account("ada", |_| {}).await;
    let planted = cookie(&site.anonymous().sign_in("mallory", PASSWORD).await, "hallpass").unwrap();
    let (_, value) = planted.split_once('=').unwrap();
    // A cookie that we did not sign is nobody's; one that we did sign is mallory's and never becomes ada's.
    for forged in [format!("hallpass={}", &value[1..]), "hallpass=nonsense".to_owned(), format!("{planted}x")] {
        assert!(!holds(&site, &forged).await, "{forged}");
    }
    let victim = site.anonymous().with("Cookie", &planted);
    let token = victim.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    let fields = [("login", "ada"), ("password", PASSWORD)];
    let own = victim.with("X-CSRF-Token", &token).post_form("/session.json", &fields).await;
    assert_ne!(cookie(&own, "hallpass").unwrap(), planted);
    assert!(!holds(&site, &planted).await);
}

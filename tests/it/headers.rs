//! The headers that protect pages (`security.md`, section 5).

#![cfg(test)]

use crate::support::{Answer, TestApp};

fn policy(form_action: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
         form-action 'self'{form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
}

fn guarded(page: &Answer, form_action: &str, what: &str) {
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{what}");
    assert_eq!(page.header("content-security-policy"), policy(form_action), "{what}");
    assert_eq!(page.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(page.header("referrer-policy"), "same-origin", "{what}");
    assert!(page.header("cache-control").contains("no-store"), "{what}");
}

async fn site() -> TestApp {
    let redirects =
        "https://app.example/cb|https://app.example:8443/cb|discourse://auth_redirect|http://lan.example/cb";
    TestApp::with(&[("user_api.allowed_user_api_auth_redirects", redirects)]).await
}

/// Pages between `/user-api-key/new` and its answer, sign-in and errors.
async fn on_the_way(site: &TestApp) -> Vec<(String, Answer)> {
    let (nobody, ada) = (site.anonymous().html(), site.sign_in("ada").await.html());
    let wish = site.client_app();
    let mut pages = Vec::new();
    let waiting = nobody.get(&wish.path()).await.header("location").to_owned();
    for path in ["/login", &waiting, "/nowhere", "/user-api-key/declined", "/setup/wrong"] {
        pages.push((path.to_owned(), nobody.get(path).await));
    }
    pages.push(("form too old".to_owned(), nobody.post_form("/login", &[("login", "ada")]).await));
    pages.push(("missing".to_owned(), ada.get("/user-api-key/new").await));
    pages.push(("refused".to_owned(), ada.get(&wish.clone().scopes("nothing").path()).await));
    pages.push(("forbidden".to_owned(), ada.get("/u/root/preferences/apps").await));
    let consent = ada.get(&wish.path()).await;
    pages.push(("result".to_owned(), ada.post_form("/user-api-key", &consent.form_fields("/user-api-key")).await));
    pages.push(("consent".to_owned(), consent));
    pages
}

#[actix_web::test]
async fn every_page_forbids_framing_and_foreign_content_w1_r7() {
    let site = site().await;
    site.account("ada", |_| {}).await;
    for (what, page) in on_the_way(&site).await {
        guarded(&page, "", &what);
    }
    let root = site.admin("root").await.html();
    for path in ["/", "/welcome", "/u/root/preferences/apps", "/u/ada/preferences/apps"] {
        guarded(&root.get(path).await, "", path);
    }
    let fresh = TestApp::start().await;
    let setup = fresh.app.set_up_link().await.unwrap().unwrap();
    guarded(&fresh.anonymous().html().get(&setup).await, "", "set-up");
}

#[actix_web::test]
async fn the_form_may_reach_the_target_of_this_request_and_no_other_w1() {
    let site = site().await;
    let ada = site.user("ada").await.html();
    let targets = [
        ("https://app.example/cb", " https://app.example"),
        ("https://app.example:8443/cb", " https://app.example:8443"),
        ("http://lan.example/cb", " http://lan.example"),
        ("http://127.0.0.1:51234/cb", " http://127.0.0.1:51234"),
        ("http://localhost:51234/cb", " http://localhost:51234"),
        ("http://[::1]:51234/cb", " http:"),
        ("discourse://auth_redirect", " discourse:"),
    ];
    for (redirect, source) in targets {
        let consent = ada.get(&site.client_app().redirect(redirect).path()).await;
        guarded(&consent, source, redirect);
        let done = ada.post_form("/user-api-key", &consent.form_fields("/user-api-key")).await;
        assert_eq!(done.status, 302, "{redirect}");
        assert!(done.header("location").starts_with(redirect), "{done:?}");
        guarded(&done, "", "handed over");
    }
    guarded(&ada.get(&site.client_app().path()).await, "", "shown here");
    guarded(&ada.get(&site.client_app().redirect("https://evil.example/").path()).await, "", "refused");
}

#[actix_web::test]
async fn only_pages_beside_the_handshake_are_cut_off_from_their_opener_w2() {
    let site = site().await;
    site.account("ada", |_| {}).await;
    for (what, page) in on_the_way(&site).await {
        assert_eq!(page.header("cross-origin-opener-policy"), "", "{what}");
    }
    let ada = site.sign_in("ada").await.html();
    let consent = ada.get(&site.client_app().redirect("https://app.example/cb").path()).await;
    let done = ada.post_form("/user-api-key", &consent.form_fields("/user-api-key")).await;
    let opener = "cross-origin-opener-policy";
    assert_eq!((consent.header(opener), done.header(opener)), ("", ""));
    let root = site.admin("root").await.html();
    for path in ["/", "/welcome", "/u/root/preferences/apps"] {
        assert_eq!(root.get(path).await.header(opener), "same-origin", "{path}");
    }
    assert_eq!(site.anonymous().html().get("/").await.header(opener), "same-origin");
}

#[actix_web::test]
async fn every_answer_whatever_its_kind_has_the_common_headers_w2() {
    let site = TestApp::start().await;
    let https = TestApp::with(&[("server.public_url", "https://example.org")]).await;
    for (site, transport) in [(&site, ""), (&https, "max-age=31536000")] {
        let (nobody, bad) = (site.anonymous(), site.anonymous().with("User-Api-Key", "bad"));
        let answers = [
            nobody.html().get("/").await,
            nobody.json().get("/nowhere").await,
            nobody.get("/about.json").await,
            nobody.get("/static/hallpass.css").await,
            nobody.get("/session/current.json").await,
            nobody.head("/user-api-key/new").await,
            nobody.get(&site.client_app().path()).await,
            nobody.post("/user-api-key").await,
            bad.get("/about.json").await,
        ];
        for answer in answers {
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
            assert_eq!(answer.header("permissions-policy"), "clipboard-write=(self)", "{answer:?}");
            assert_eq!(answer.header("strict-transport-security"), transport, "{answer:?}");
            assert_eq!(answer.header("x-request-id").len(), 16, "{answer:?}");
        }
    }
}

#[actix_web::test]
async fn pages_as_they_are_sent_load_nothing_from_elsewhere_r7() {
    let site = site().await;
    site.account("ada", |_| {}).await;
    for (what, page) in on_the_way(&site).await {
        for tag in crate::pages::markup::tags(&page.body) {
            let loads = match tag.name {
                "link" => tag.attribute("href"),
                _ => tag.attribute("src").or(tag.attribute("action")),
            };
            assert!(
                loads.is_none_or(|address| address.starts_with('/') && !address.starts_with("//")),
                "{what}: {tag:?}"
            );
        }
    }
}

//! Anonymous visitors come back from sign-in with everything the application sent (`C-044`).

use super::{listed, traces, works};
use crate::support::{Answer, ClientApp, PASSWORD, TestApp, Visitor};

/// Everything an application can send, with all that is easily lost: `+` in the key, line ends, escapes, unknown fields.
fn loaded(site: &TestApp) -> ClientApp {
    site.client_app()
        .set("application_name", "Desk+bell & \"Söhne\" <1%> =?#")
        .set("client_id", "host:1.2-3_+é")
        .scopes("read,write,session_info")
        .set("nonce", "a-._~=+/%20&b")
        .set("padding", "oaep")
        .set("expires_in_seconds", "86400")
        .set("push_url", "https://push.example/p?a=b&c=%2B")
        .redirect("http://over.the/rainbow?p=1&q=%2F+x")
        .set("discourse_app", "1")
}

/// Fills in and sends the sign-in form; gives the answer.
async fn signs_in(browser: &Visitor, form: &Answer, name: &str) -> Answer {
    form.form("/login").fill("login", name).fill("password", PASSWORD).submit(browser).await
}

#[actix_web::test]
async fn nobody_is_sent_to_sign_in_and_comes_back_with_every_parameter_c044() {
    let site = TestApp::with(&[listed("http://over.the/*")]).await;
    site.account("ada", |_| {}).await;
    let (browser, app) = (site.anonymous(), loaded(&site));
    let away = browser.html().get(&app.path()).await;
    assert_eq!(away.status, 302);
    assert!(away.header("location").starts_with("/login?return="), "{away:?}");
    // The value in the form is the whole memory: no cookie to overwrite in another tab.
    assert_eq!(away.header("set-cookie"), "");

    let login = browser.html().get(away.header("location")).await;
    assert!(login.body.contains("Desk+bell"), "{login:?}");
    let back = signs_in(&browser, &login, "ada").await;
    assert_eq!((back.status, back.header("location")), (303, app.path().as_str()));

    let consent = browser.html().get(back.header("location")).await;
    let form = consent.form("/user-api-key");
    for (name, value) in app.fields().iter().filter(|(name, _)| name != "discourse_app") {
        assert_eq!(form.value(name), value, "{name}");
    }
    let done = form.submit(&browser).await;
    assert_eq!(done.status, 302, "{done:?}");
    assert!(done.header("location").starts_with("http://over.the/rainbow?p=1&q=%2F+x&payload="));
    let received = app.receive(done.header("location"));
    assert_eq!(received.payload["nonce"], "a-._~=+/%20&b");
    assert_eq!(received.payload["expires_at"], "2026-11-23T12:00:00Z");
    assert!(works(&browser, &received.key).await);
}

#[actix_web::test]
async fn the_query_comes_back_byte_for_byte_however_it_was_written_c044() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let key =
        crate::keys::pem("rsa2048").replace('+', "%2B").replace('\n', "%0a").replace(' ', "%20").replace('/', "%2F");
    let query =
        format!("scopes=read%2cwrite&nonce=1&client_id=a:b&x=&public_key={key}&application_name=A%20B+C&padding=oaep");
    for path in [format!("/user-api-key/new?{query}"), format!("/user-api-key/new.json?{query}")] {
        let browser = site.anonymous();
        let away = browser.html().get(&path).await;
        let login = browser.html().get(away.header("location")).await;
        let back = signs_in(&browser, &login, "ada").await;
        assert_eq!(back.header("location"), path);
        assert_eq!(browser.get(back.header("location")).await.status, 200);
    }
}

#[actix_web::test]
async fn a_request_as_long_as_may_be_survives_sign_in_c044_c076() {
    let long = |head: &str, bytes: usize| format!("{head}{}", "%".repeat(bytes - head.len()));
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let browser = site.anonymous();
    let redirect = format!("http://127.0.0.1:1/{}", "a".repeat(1981));
    let app = site
        .client_app()
        .key_pair("rsa4096")
        .set("application_name", &long("A", 200))
        .set("client_id", &long("c", 200))
        .set("nonce", &long("n", 256))
        .set("push_url", &long("https://push.example/", 2000))
        .redirect(&redirect);
    assert!(app.path().len() > 8192, "{}", app.path().len());
    let away = browser.html().get(&app.path()).await;
    let login = browser.html().get(away.header("location")).await;
    let back = signs_in(&browser, &login, "ada").await;
    let form = browser.html().get(back.header("location")).await.form("/user-api-key");
    let done = form.submit(&browser).await;
    assert_eq!(app.receive(done.header("location")).payload["nonce"], long("n", 256));
}

#[actix_web::test]
async fn the_model_sends_nobody_to_sign_in_too_c044() {
    let site = TestApp::start().await;
    for visitor in [site.anonymous(), site.anonymous().json()] {
        let answer = visitor.get(&site.client_app().json_path()).await;
        assert_eq!(answer.status, 302);
        assert!(answer.header("location").starts_with("/login?return="));
    }
}

#[actix_web::test]
async fn a_wrong_password_first_loses_nothing_c044() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let (browser, app) = (site.anonymous(), site.client_app().set("padding", "oaep"));
    let away = browser.html().get(&app.path()).await;
    let login = browser.html().get(away.header("location")).await;
    let wrong = login.form("/login").fill("login", "ada").fill("password", "not it").submit(&browser).await;
    assert_eq!(wrong.status, 403);
    assert_eq!(signs_in(&browser, &wrong, "ada").await.header("location"), app.path());
}

#[actix_web::test]
async fn two_tabs_come_back_each_to_its_own_request_c044() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let browser = site.anonymous();
    let (one, two) = (site.client_app(), site.client_app().set("client_id", "other"));
    let (away_one, away_two) = (browser.html().get(&one.path()).await, browser.html().get(&two.path()).await);
    let login = browser.html().get(away_one.header("location")).await;
    assert_eq!(signs_in(&browser, &login, "ada").await.header("location"), one.path());
    // The second tab reloads: its visitor has signed in by now.
    assert_eq!(browser.html().get(away_two.header("location")).await.header("location"), two.path());
}

#[actix_web::test]
async fn another_account_can_take_over_the_same_request_c044() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    site.account("bob", |_| {}).await;
    let app = site.client_app().set("padding", "oaep").redirect("http://127.0.0.1:1/");
    let out = ada.html().get(&app.path()).await.form("/logout").submit(&ada).await;
    assert_eq!(out.status, 303);
    let login = ada.html().get(out.header("location")).await;
    let back = signs_in(&ada, &login, "bob").await;
    let form = ada.html().get(back.header("location")).await.form("/user-api-key");
    for (name, value) in app.fields() {
        assert_eq!(form.value(name), value, "{name}");
    }
}

#[actix_web::test]
async fn a_return_that_we_did_not_seal_leads_nowhere_w5() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let (one, other) = (TestApp::start().await, site.anonymous());
    let sealed = |answer: &Answer| answer.header("location").trim_start_matches("/login?return=").to_owned();
    let good = sealed(&other.get(&site.client_app().path()).await);
    let foreign = sealed(&one.anonymous().get(&one.client_app().path()).await);
    let mut flipped = good.clone();
    let last = flipped.pop().unwrap();
    flipped.push(if last == 'A' { 'B' } else { 'A' });
    let token = other.get("/session/csrf.json").await.json()["csrf"].as_str().unwrap().to_owned();
    let plain = ["https://evil.example/", "//evil.example/", "/\\evil.example", "/user-api-key/new", "", &token];
    let before = traces(&site).await;
    for bad in plain.into_iter().chain([flipped.as_str(), &foreign, &good[1..], &good[..good.len() / 2]]) {
        let browser = site.anonymous();
        let query = crate::support::visitor::form(&[("return", bad)]);
        let login = browser.html().get(&format!("/login?{query}")).await;
        assert_eq!(login.status, 200);
        // Put into the form by hand it leads nowhere either.
        let form = login.form("/login").fill("return", bad);
        let answer = form.fill("login", "ada").fill("password", PASSWORD).submit(&browser).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/u/ada/preferences/apps"), "{bad}");
        let signed_in = browser.html().get(&format!("/login?{query}")).await;
        assert_eq!(signed_in.header("location"), "/u/ada/preferences/apps", "{bad}");
        site.clock.advance(std::time::Duration::from_secs(61));
    }
    assert_eq!(traces(&site).await, before);
}

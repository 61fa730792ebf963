//! A site whose `public_url` has a path: every link, cookie, route and redirect stays below it.

#![cfg(test)]

use crate::pages::markup;
use crate::support::{Answer, PASSWORD, TestApp};

async fn hall() -> TestApp {
    let redirects = ("user_api.allowed_user_api_auth_redirects", "https://app.example/cb");
    TestApp::with(&[("server.public_url", "http://{public}/hall"), redirects]).await
}

fn hold(page: &Answer, what: &str) {
    for cookie in page.cookies() {
        assert!(cookie.contains("; Path=/hall"), "{what}: {cookie}");
    }
    let location = page.header("location");
    let away = location.starts_with("https://app.example/cb?");
    assert!(location.is_empty() || away || location.starts_with("/hall/"), "{what}: {location}");
    if !page.header("content-type").starts_with("text/html") {
        return;
    }
    let mut found = 0;
    for tag in markup::tags(&page.body) {
        for attribute in ["href", "action", "src"] {
            let Some(address) = tag.attribute(attribute) else { continue };
            let own = address.starts_with("/hall/") || address.starts_with('#');
            assert!(own || tag.attribute("id") == Some("hand-over"), "{what}: {attribute} {address}");
            found += 1;
        }
    }
    assert!(found >= 3, "{what}: {page:?}");
}

#[actix_web::test]
async fn every_page_for_visitors_stays_below_the_path() {
    let site = hall().await;
    assert!(site.base.ends_with("/hall"));
    let nobody = site.anonymous().html();
    let setup = site.app.set_up_link().await.unwrap().unwrap();
    assert!(setup.starts_with(&format!("{}/setup/", site.base)), "{setup}");
    let wish = site.client_app().redirect("https://app.example/cb");
    let refused = site.client_app().redirect("https://evil.example/").path();
    for path in
        ["", "/", "/login", "/nowhere", "/setup/wrong", "/user-api-key/declined", &setup, &wish.path(), &refused]
    {
        hold(&nobody.get(path).await, path);
    }
    let waiting = nobody.get(&wish.path()).await;
    assert!(waiting.header("location").starts_with("/hall/login?return="), "{waiting:?}");
    let origin = site.base.trim_end_matches("/hall");
    let mut fields = nobody.get(&format!("{origin}{}", waiting.header("location"))).await.form_fields("/login");
    site.account("ada", |_| {}).await;
    fields.extend([("login", "ada"), ("password", PASSWORD)].map(|(n, v)| (n.into(), v.into())));
    let back = nobody.post_form("/login", &fields).await;
    hold(&back, "signed in");
    let page = nobody.get(&format!("{origin}{}", back.header("location"))).await;
    assert_eq!(page.status, 200, "{page:?}");
    hold(&page, "the waiting request");
}

#[actix_web::test]
async fn every_page_for_users_stays_below_the_path() {
    let site = hall().await;
    let ada = site.admin("ada").await.html();
    let mut with_redirect = site.client_app().redirect("https://app.example/cb");
    for application in [&site.client_app(), &with_redirect] {
        let consent = ada.get(&application.path()).await;
        hold(&consent, "consent");
        hold(&ada.post_form("/user-api-key", &consent.form_fields("/user-api-key")).await, "the answer");
    }
    with_redirect = with_redirect.set("nonce", "");
    hold(&ada.get(&with_redirect.path()).await, "refused");
    for path in
        ["/", "/welcome", "/login", "/u/ada/preferences/apps", "/user-api-key/declined", "/u/x/preferences/apps"]
    {
        hold(&ada.get(path).await, path);
    }
    let id = site.number("SELECT max(id) FROM user_api_keys").unwrap();
    let apps = ada.get("/u/ada/preferences/apps").await;
    let ended = ada.post_form(&format!("/u/ada/preferences/apps/{id}/end"), &apps.form_fields("/end")).await;
    hold(&ended, "ended");
    let shown = ada.get(&format!("/u/ada/preferences/apps?ended={id}")).await;
    hold(&shown, "shown as ended");
    hold(&ada.post_form(&format!("/u/ada/preferences/apps/{id}/undo"), &shown.form_fields("/undo")).await, "undone");
    hold(&ada.post_form("/u/ada/preferences/apps/end-unused", &shown.form_fields("/undo")).await, "unused ended");
    hold(&ada.post_form("/logout", &shown.form_fields("/logout")).await, "signed out");
}

#[actix_web::test]
async fn a_key_works_below_the_path_and_nothing_is_outside_it_c293_c282() {
    let site = hall().await;
    let program = site.key("session_info").await;
    let current = program.get("/session/current.json").await;
    assert_eq!((current.status, current.header("x-discourse-route")), (200, "session/current"));
    assert_eq!(current.json()["current_user"]["avatar_template"], "/hall/static/avatar/{size}.png");
    assert_eq!(program.get("/about.json").await.status, 403);
    assert_eq!(program.post("/user-api-key/revoke.json").await.status, 200);

    let info = site.anonymous().get("/site/basic-info.json").await.json();
    for icon in ["apple_touch_icon_url", "logo_url", "logo_small_url", "favicon_url"] {
        let address = info[icon].as_str().unwrap();
        assert!(address.starts_with(&format!("{}/", site.base)), "{icon}: {address}");
        assert_eq!(site.anonymous().get(address).await.status, 200, "{icon}");
    }
    let origin = site.base.trim_end_matches("/hall");
    for path in ["/", "/login", "/session/current.json", "/about.json", "/user-api-key/new", "/hallo/about.json"] {
        let outside = site.anonymous().json().get(&format!("{origin}{path}")).await;
        assert_eq!((outside.status, &outside.json()["error_type"]), (404, &"not_found".into()), "{path}");
    }
}

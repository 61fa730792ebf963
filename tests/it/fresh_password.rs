//! A scope that changes things is granted on the page only with a fresh password (`security.md C6`).

#![cfg(test)]

use std::time::Duration;

use hallpass::domain::accounts;
use hallpass::model::{Origin, Username};
use secrecy::SecretString;

use crate::support::{Answer, ClientApp, PASSWORD, TestApp, Visitor};

const FRESH: Duration = Duration::from_mins(10);

fn asks(page: &Answer) -> bool {
    page.body.contains("type=\"password\"")
}

fn keys(site: &TestApp) -> i64 {
    site.number("SELECT count(*) FROM user_api_keys").unwrap()
}

async fn answer(user: &Visitor, page: &Answer, password: Option<&str>) -> Answer {
    let mut fields = page.form_fields("/user-api-key");
    fields.extend(password.map(|password| ("password".to_owned(), password.to_owned())));
    user.post_form("/user-api-key", &fields).await
}

async fn with(settings: &[(&str, &str)]) -> (TestApp, Visitor, ClientApp) {
    let site = TestApp::with(settings).await;
    let ada = site.user("ada").await.html();
    let writer = site.client_app().scopes("read,write");
    (site, ada, writer)
}

#[actix_web::test]
async fn within_ten_minutes_and_for_harmless_scopes_nothing_is_asked_c6() {
    let (site, ada, writer) = with(&[]).await;
    site.clock.advance(FRESH);
    let page = ada.get(&writer.path()).await;
    assert!(!asks(&page), "{page:?}");
    let deny = page.body.find("id=\"dont-allow\"").unwrap();
    assert!(deny < page.body.find("id=\"allow\"").unwrap());
    assert_eq!(answer(&ada, &page, None).await.status, 200);
    site.clock.advance_days(1);
    let harmless = ada.get(&site.client_app().scopes("read,session_info").path()).await;
    assert!(!asks(&harmless));
    assert_eq!(answer(&ada, &harmless, None).await.status, 200);
}

#[actix_web::test]
async fn after_ten_minutes_the_password_is_asked_and_without_it_nothing_is_issued_c6() {
    let (site, ada, writer) = with(&[]).await;
    let early = ada.get(&writer.path()).await;
    site.clock.advance(FRESH + Duration::from_micros(1));
    let page = ada.get(&writer.path()).await;
    assert!(asks(&page));
    // What counts is when the answer comes, not what the page was.
    for (shown, password) in [(&early, None), (&page, None), (&page, Some("")), (&page, Some("wrong password"))] {
        let again = answer(&ada, shown, password).await;
        assert_eq!((again.status, keys(&site)), (403, 0), "{password:?}");
        assert!(asks(&again) && again.body.contains("password-problem"), "{again:?}");
        assert!(again.body.contains("Deskbell"));
    }
    let again = answer(&ada, &page, Some("wrong password")).await;
    let done = answer(&ada, &again, Some(PASSWORD)).await;
    assert_eq!((done.status, keys(&site)), (200, 1));
    assert!(done.body.contains("user-api-key-payload"), "{done:?}");
}

#[actix_web::test]
async fn the_json_surface_asks_for_no_password_c6() {
    let (site, ada, writer) = with(&[]).await;
    site.clock.advance_days(1);
    assert_eq!(writer.approve(&ada).await.status, 200);
    assert_eq!(keys(&site), 1);
}

#[actix_web::test]
async fn somebody_elses_password_and_too_many_tries_do_not_help_c6_l2_w6() {
    let pair = "limits.sign_in_per_account_and_address_per_minute";
    let (site, ada, writer) = with(&[(pair, "2")]).await;
    let other = SecretString::from("the password of bob");
    let bob = Username::parse("bob").unwrap();
    site.account("bob", |_| {}).await;
    accounts::set_password(&site.app.cx, &bob, other, Origin::default()).await.unwrap();
    site.clock.advance_days(1);
    let page = ada.get(&writer.path()).await;
    let mut fields = page.form_fields("/user-api-key");
    fields.extend([("login", "bob"), ("password", "the password of bob")].map(|(n, v)| (n.into(), v.into())));
    assert_eq!(ada.post_form("/user-api-key", &fields).await.status, 403);
    assert_eq!(answer(&ada, &page, Some("wrong password")).await.status, 403);
    let limited = answer(&ada, &page, Some(PASSWORD)).await;
    assert_eq!((limited.status, limited.header("retry-after"), keys(&site)), (429, "60", 0));
    assert!(asks(&limited));
    site.clock.advance(Duration::from_mins(1));
    assert_eq!((answer(&ada, &limited, Some(PASSWORD)).await.status, keys(&site)), (200, 1));
}

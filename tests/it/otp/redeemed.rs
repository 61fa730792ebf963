//! Coming with a one-time password.

use super::{come, made, name_of};
use crate::support::TestApp;

const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

#[actix_web::test]
async fn the_page_names_site_and_user_and_a_button_signs_in_c010_c235_c237() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let password = made(&site, &ada).await;
    let browser = site.anonymous().html();
    let address = format!("/session/otp/{password}");
    for _ in 0..2 {
        let page = browser.get(&address).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Sign in as ada?") && page.body.contains("Hallpass"), "{page:?}");
    }
    let token = browser.get(&address).await.hidden("authenticity_token");
    let signed_in = browser.post_form(&address, &[("authenticity_token", &token)]).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (302, "/"));
    assert_eq!(name_of(&browser).await, "ada");
    let lines = site.app.cx.store.read(hallpass::store::list_audit_lines).await.unwrap();
    let events: Vec<_> = lines.iter().map(|(event, _)| event.as_str()).collect();
    assert_eq!(events, ["user_created", "one_time_password_made", "one_time_password_redeemed"]);
}

#[actix_web::test]
async fn somebody_else_is_asked_and_then_signed_in_as_the_other_with_a_new_session_c235_c237_w4() {
    let site = TestApp::start().await;
    let (ada, bob) = (site.user("ada").await, site.user("bob").await);
    let password = made(&site, &ada).await;
    let page = bob.html().get(&format!("/session/otp/{password}")).await;
    assert!(page.body.contains("Sign in as ada?") && page.body.contains("You are signed in as bob now"), "{page:?}");
    let answer = come(&bob, &password).await;
    assert!(answer.status == 302 && answer.header("set-cookie").starts_with("hallpass="), "{answer:?}");
    assert_eq!(name_of(&bob).await, "ada");
}

#[actix_web::test]
async fn whoever_is_signed_in_already_goes_on_and_it_is_spent_c236() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let password = made(&site, &ada).await;
    let gone_on = ada.get(&format!("/session/otp/{password}")).await;
    assert_eq!((gone_on.status, gone_on.header("location")), (302, "/"));
    let late = site.anonymous();
    assert_eq!(come(&late, &password).await.status, 200);
    assert_eq!(name_of(&late).await, "");
}

#[actix_web::test]
async fn what_is_unknown_or_spent_is_told_on_a_page_c238() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let password = made(&site, &ada).await;
    come(&site.anonymous(), &password).await;
    let nobody = site.anonymous();
    for bad in [password.as_str(), UNKNOWN, "abc", &"0".repeat(500), &password.to_uppercase()] {
        for answer in [nobody.get(&format!("/session/otp/{bad}")).await, come(&nobody, bad).await] {
            assert!(answer.status == 200 && answer.body.contains("This link does not work any more"), "{answer:?}");
        }
    }
    assert_eq!(name_of(&nobody).await, "");
}

#[actix_web::test]
async fn what_is_not_hexadecimal_is_no_address_c239_c010() {
    let site = TestApp::start().await;
    let nobody = site.anonymous();
    for bad in ["xyz", "0123456789abcdef0123456789abcdeg", "abc%20", "abc.json", ""] {
        let (get, post) = (nobody.get(&format!("/session/otp/{bad}")).await, come(&nobody, bad).await);
        assert_eq!((get.status, post.status), (404, 404), "{bad}");
    }
}

#[actix_web::test]
async fn signing_in_needs_a_token_of_our_own_page_w3() {
    let site = TestApp::start().await;
    let password = made(&site, &site.user("ada").await).await;
    let nobody = site.anonymous();
    assert_eq!(nobody.post(&format!("/session/otp/{password}")).await.status, 403);
    let foreign = nobody.csrf().await.with("Sec-Fetch-Site", "cross-site");
    assert_eq!(foreign.post(&format!("/session/otp/{password}")).await.status, 403);
    assert_eq!(come(&nobody, &password).await.status, 302, "it was not spent by that");
}

#[actix_web::test]
async fn of_twenty_who_come_at_once_one_gets_in_c237() {
    let site = TestApp::start().await;
    let password = made(&site, &site.user("ada").await).await;
    let mut comers = Vec::new();
    for _ in 0..20 {
        let (browser, address) = (site.anonymous().csrf().await, format!("/session/otp/{password}"));
        comers.push(actix_web::rt::spawn(async move { browser.post(&address).await.status }));
    }
    let mut let_in = 0;
    for comer in comers {
        let_in += usize::from(comer.await.unwrap() == 302);
    }
    assert_eq!(let_in, 1);
}

#[actix_web::test]
async fn one_address_comes_with_sixty_in_a_minute_l6() {
    let site = TestApp::start().await;
    let nobody = site.anonymous();
    let address = format!("/session/otp/{UNKNOWN}");
    for _ in 0..60 {
        assert_eq!(nobody.get(&address).await.status, 200);
    }
    let refused = nobody.get(&address).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    site.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(nobody.get(&address).await.status, 200);
}

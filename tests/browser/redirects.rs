//! An approval that leads back to the application: to a port of this computer, to a website, to a program.

use thirtyfour::Key;
use url::{Url, form_urlencoded};

use crate::site::PASSWORD;
use crate::support::{Landing, Stage};

#[actix_web::test]
async fn with_the_keyboard_alone_from_the_sign_in_to_the_application_c015_c044_c086_c087_c091_c6_w1() {
    let (stage, landing) = (Stage::start().await, Landing::start());
    let application = stage
        .waiting_at(&landing)
        .set("application_name", "Bell & Söhne +1")
        .set("nonce", "a+b/c=d&e")
        .set("expires_in_seconds", "86400");
    stage.open(&application.path()).await;
    assert!(stage.place().await.starts_with("/login?return="));
    assert!(stage.reads().await.starts_with("Sign in to answer “Bell & Söhne +1”"));
    stage.look("login-waiting").await;

    stage.tab_to("login").await;
    stage.type_there("ada").await;
    stage.browser.press(Key::Tab).await;
    stage.type_there(PASSWORD).await;
    stage.browser.leave_by(stage.browser.press(Key::Enter)).await;
    let here = stage.place().await;
    let query = here.split_once('?').unwrap_or_default().1;
    let asked: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    assert_eq!(asked, application.fields(), "nothing of the request got lost on the way");
    stage.look("consent-computer").await;

    assert_eq!(stage.tab_to("dont-allow").await, 1, "no is the first answer the keyboard comes to");
    assert_eq!(stage.tab_to("allow").await, 1);
    stage.browser.leave_by(stage.browser.press(Key::Enter)).await;
    let arrival = landing.arrival();
    assert!(arrival.starts_with(&format!("{}&payload=", landing.url("/callback?from=meadow"))), "{arrival}");
    assert!(arrival.contains("%0A") && !arrival.contains('+'), "line breaks and signs are escaped: {arrival}");
    assert_eq!(stage.place().await, arrival);
    let received = application.receive(&arrival);
    assert_eq!(received.payload["nonce"], "a+b/c=d&e");
    assert!(received.payload["expires_at"].is_string(), "the form carried the whole request: {:?}", received.payload);
    assert_eq!(stage.status_of(&received.key).await, 200);
    stage.quiet("the application's own page").await;
}

#[actix_web::test]
async fn a_website_gets_the_browser_by_https_and_so_do_other_names_of_this_computer_c086_w1() {
    let landing = Landing::start();
    let site = format!("https://notes.example:{}/callback", landing.port);
    let stage = Stage::with(&[("user_api.allowed_user_api_auth_redirects", &site)]).await;
    stage.sign_in().await;
    stage.open(&stage.application().redirect(&site).path()).await;
    assert!(stage.reads().await.contains(&format!("To this website\nnotes.example\nport {}", landing.port)));
    stage.look("consent-web").await;
    stage.click("#allow").await;
    // Nobody answers there by TLS; that the browser went is the point.
    assert_eq!(landing.arrival(), "TLS");
    assert!(stage.place().await.starts_with(&format!("{site}?payload=")));
    for loopback in ["http://[::1]:51004/callback", "http://localhost:51004/callback"] {
        stage.open(&stage.application().redirect(loopback).path()).await;
        stage.follow("#allow").await;
        assert!(stage.place().await.starts_with(&format!("{loopback}?payload=")), "{loopback}");
    }
    assert_eq!(stage.browser.complaints().await.policy, Vec::<String>::new());
}

#[actix_web::test]
async fn a_program_gets_the_browser_by_its_own_scheme_and_the_page_says_what_to_do_c086_w1() {
    let stage = Stage::start().await;
    let application = stage.application().redirect("discourse://auth_redirect");
    stage.sign_in().await;
    stage.open(&application.path()).await;
    stage.look("consent-scheme").await;
    let hint = stage.browser.find("#handover-hint").await;
    assert!(!hint.is_displayed().await.unwrap(), "there is nothing to say yet");
    stage.browser.forget_answers().await;
    stage.click("#allow").await;
    stage.browser.until("!document.getElementById('handover-hint').hidden").await;
    assert!(hint.text().await.unwrap().starts_with("You allowed “Deskbell”. It should open now."));
    assert!(!stage.browser.find("#answers").await.is_displayed().await.unwrap(), "no would not be true any more");
    stage.quiet("consent, handed over").await;

    let sent = stage.browser.locations().await;
    let [location] = sent.as_slice() else { panic!("one answer leads on: {sent:?}") };
    assert_eq!(Url::parse(location).unwrap().scheme(), "discourse");
    assert_eq!(stage.status_of(&application.receive(location).key).await, 200);
    stage.look("consent-scheme-handed-over").await;
}

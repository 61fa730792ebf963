//! An approval without redirect: the page shows the payload, and a person carries it over.

use crate::site::{PASSWORD, Visitor};
use crate::support::Stage;

#[actix_web::test]
async fn the_payload_is_copied_without_white_space_and_the_button_says_so_c017_c084_c10() {
    let stage = Stage::start().await;
    let application = stage.application();
    stage.sign_in().await;
    stage.open(&application.path()).await;
    stage.look("consent-paste").await;
    stage.follow("#allow").await;
    assert!(stage.reads().await.starts_with("Copy this into Deskbell"));
    stage.look("result").await;

    let shown = stage.browser.find("#user-api-key-payload").await.text().await.unwrap();
    assert!(shown.contains(char::is_whitespace), "it is shown in lines");
    let compact: String = shown.split_whitespace().collect();
    for clipboard_of_the_page in [true, false] {
        if !clipboard_of_the_page {
            // As on a page without TLS.
            stage.browser.ask("Object.defineProperty(navigator, 'clipboard', { value: undefined })").await;
        }
        stage.browser.empty_clipboard().await;
        stage.click("#copy-api-key-btn").await;
        stage.browser.until("document.getElementById('copy-status').textContent === 'Copied, without spaces'").await;
        let button = stage.browser.find("#copy-api-key-btn").await;
        assert_eq!(button.text().await.unwrap(), "Copied, without spaces");
        assert_eq!(stage.browser.copied().await, compact, "by the page's clipboard: {clipboard_of_the_page}");
        stage.browser.until("document.getElementById('copy-api-key-btn').textContent === 'Copy'").await;
    }
    stage.quiet("result").await;
    let key = application.decrypt(&compact).key;
    let (reads, source) = (stage.reads().await, stage.browser.driver().source().await.unwrap());
    assert!(reads.contains("Paste it there and nowhere else") && !source.contains(&key));
    assert_eq!(stage.status_of(&key).await, 200);
}

#[actix_web::test]
async fn everything_works_without_javascript_c017_c044_c084_c246_c252() {
    let stage = Stage::start().await;
    let application = stage.application();
    stage.browser.allow_scripts(false).await;
    stage.open(&application.path()).await;
    stage.sign_in_as("ada", PASSWORD).await;
    stage.follow("#allow").await;
    let button = stage.browser.find("#copy-api-key-btn").await;
    assert!(!button.is_displayed().await.unwrap(), "a button that could do nothing is not there");
    let shown = stage.browser.find("#user-api-key-payload").await.text().await.unwrap();
    let key = application.decrypt(&shown).key;
    assert_eq!(stage.status_of(&key).await, 200);

    stage.open("/u/ada/preferences/apps").await;
    stage.answer("End access").await;
    assert!(stage.reads().await.contains("Access of “Deskbell” ended."));
    assert_eq!(stage.status_of(&key).await, 403);
    stage.answer("Undo").await;
    assert!(stage.reads().await.contains("“Deskbell” can use the account again."));
    assert_eq!(stage.status_of(&key).await, 200);
    stage.answer("Sign out").await;
    assert_eq!(stage.place().await, "/");
    stage.quiet("without scripts").await;
    let ended = Visitor::new(&stage.server.base).html().get("/u/ada/preferences/apps").await;
    assert_eq!(ended.status, 302);
}

//! An application on a website opens the question in a window of its own.

use serde_json::Value;

use crate::site::PASSWORD;
use crate::support::{Landing, Stage};

#[actix_web::test]
async fn a_popup_keeps_the_page_that_opened_it_through_sign_in_and_errors_w2() {
    let (stage, landing) = (Stage::start().await, Landing::start());
    let application = stage.waiting_at(&landing);
    let driver = stage.browser.driver();
    stage.browser.open(&landing.url("/")).await;
    let opener = driver.window().await.unwrap();
    let question = format!("{}{}", stage.server.base, application.path());
    stage
        .browser
        .ask(&format!("window.open({}, 'question', 'popup,width=500,height=700')", Value::from(question)))
        .await;
    stage.browser.enter_popup().await;

    stage.sign_in_as("ada", "not her password").await;
    assert!(stage.reads().await.contains("do not belong together"));
    stage.sign_in_as("ada", PASSWORD).await;
    stage.follow("#allow").await;
    let arrival = std::iter::repeat_with(|| landing.arrival()).find(|at| at.contains("/callback")).unwrap();
    stage.browser.until("document.querySelector('h1').textContent === 'Deskbell'").await;

    driver.switch_to_window(opener).await.unwrap();
    assert_eq!(stage.browser.ask("return window.received").await, arrival, "the opener was told");
    assert_eq!(stage.status_of(&application.receive(&arrival).key).await, 200);
}

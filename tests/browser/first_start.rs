//! The first start: from the link that is printed to the first administrator.

use crate::support::Stage;

#[actix_web::test]
async fn the_printed_link_makes_the_first_administrator_once() {
    let stage = Stage::empty(&[]).await;
    stage.open("/").await;
    assert!(stage.reads().await.contains("Meadow Forum is not set up yet."));
    stage.look("home-before-set-up").await;

    let log = stage.server.log();
    let path = log.split_whitespace().find_map(|word| word.split_once("/setup/")).expect("the link is printed").1;
    let link = format!("/setup/{}", path.trim_matches(|c: char| !c.is_ascii_hexdigit()));
    stage.open(&link).await;
    stage.look("set-up").await;
    fill(&stage, "ada", "short", "other").await;
    let reads = stage.reads().await;
    assert!(reads.contains("Use at least 10 characters.") && reads.contains("not the same"), "{reads}");
    stage.look("set-up-problems").await;
    stage.browser.find("#username").await.clear().await.unwrap();
    stage.browser.find("#email").await.clear().await.unwrap();
    fill(&stage, "ada", "seven swans a-swimming", "seven swans a-swimming").await;
    assert_eq!(stage.place().await, "/welcome");
    assert!(stage.reads().await.contains(&format!("hallpass connect {}", stage.server.base)));
    stage.look("welcome").await;

    stage.open("/").await;
    stage.look("home-signed-in").await;
    stage.open(&link).await;
    assert!(stage.reads().await.contains("Set-up is done already"));
    stage.look("error-set-up-over").await;
}

async fn fill(stage: &Stage, username: &str, password: &str, again: &str) {
    stage.fill("username", username).await;
    stage.fill("email", "ada@example.org").await;
    stage.fill("password", password).await;
    stage.fill("password_again", again).await;
    stage.follow("main button[type=submit]").await;
}

//! Other answers than yes: no, not as this person, not without the password.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::site::PASSWORD;
use crate::support::{Landing, Stage};

/// An hour, in microseconds.
const MAKE_SESSIONS_OLD: &str = "PRAGMA busy_timeout = 5000; UPDATE sessions SET created_at = created_at - 3600000000";

#[actix_web::test]
async fn no_leads_nowhere_and_another_account_comes_back_to_the_same_question_c091_c11() {
    let (stage, landing) = (Stage::start().await, Landing::start());
    stage.server.account("grace", PASSWORD, &[]);
    let application = stage.waiting_at(&landing);
    stage.sign_in().await;
    stage.open(&application.path()).await;
    stage.follow("#dont-allow").await;
    assert_eq!(stage.place().await, "/user-api-key/declined");
    assert!(stage.reads().await.contains("Nothing was shared."));
    stage.look("declined").await;
    stage.open("/u/ada/preferences/apps").await;
    assert!(stage.reads().await.contains("No applications yet"), "nothing was issued");
    stage.look("applications-empty").await;

    stage.open(&application.path()).await;
    stage.answer("Use another account").await;
    assert!(stage.reads().await.starts_with("Sign in to answer “Deskbell”"));
    stage.sign_in_as("grace", PASSWORD).await;
    assert!(stage.reads().await.contains("Not grace?"));
    stage.follow("#allow").await;
    let received = application.receive(&landing.arrival());
    let whose = stage.program(&received.key).get("/session/current.json").await.json();
    assert_eq!(whose["current_user"]["username"], "grace", "the browser was at the application only now");
    assert_eq!(received.payload["nonce"], "4f1e66bb1b7a4b2fa4ee1f2b8f4b5d55");
}

#[actix_web::test]
async fn what_changes_things_asks_an_old_session_for_the_password_c050_c6() {
    let (stage, landing) = (Stage::start().await, Landing::start());
    let application = stage.waiting_at(&landing).scopes("read,write");
    stage.sign_in().await;
    stage.open(&application.path()).await;
    let is_asked = || async { stage.browser.ask("return document.getElementById('password') !== null").await };
    assert_eq!(is_asked().await, false, "she has just given it");
    let changes = stage.browser.find(".may-change").await.text().await.unwrap();
    assert!(
        changes.contains("post, edit and delete in your name") && !changes.contains("read everything"),
        "{changes}"
    );
    stage.look("consent-write").await;

    let database = stage.server.folder().join("hallpass.db");
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection.batch_execute(MAKE_SESSIONS_OLD).unwrap();
    stage.open(&application.clone().scopes("read").path()).await;
    assert_eq!(is_asked().await, false, "reading changes nothing");
    stage.open(&application.path()).await;
    stage.look("consent-password").await;
    stage.fill("password", "not her password").await;
    stage.follow("#allow").await;
    assert!(stage.reads().await.contains("This is not your password. Try again."));
    stage.look("consent-password-wrong").await;
    assert_eq!(stage.browser.ask("return document.activeElement.id").await, "", "yes is not the next key press away");
    stage.fill("password", PASSWORD).await;
    stage.follow("#allow").await;
    assert_eq!(stage.status_of(&application.receive(&landing.arrival()).key).await, 200);
}

//! The pages that nobody wants to see.

use crate::site::PASSWORD;
use crate::support::Stage;

#[actix_web::test]
async fn refusals_and_errors_are_pages_like_all_others_c040_c045_c11() {
    let stage = Stage::with(&[("user_api.user_api_key_allowed_groups", "staff|trust_level_4")]).await;
    stage.server.account("grace", PASSWORD, &["--admin"]);
    stage.open("/").await;
    stage.look("home").await;
    stage.open("/login").await;
    stage.look("login").await;
    stage.sign_in_as("ada", "not her password").await;
    stage.look("login-wrong").await;

    stage.open(&stage.application().redirect("https://elsewhere.example/").path()).await;
    assert!(stage.reads().await.contains("wants its key sent to an address that Meadow Forum does not trust"));
    assert!(stage.place().await.starts_with("/user-api-key/new?"), "the browser is led nowhere");
    stage.click("summary").await;
    assert!(stage.reads().await.contains("redirect_not_allowed"));
    stage.look("refused").await;
    stage.sign_in().await;
    stage.open(&stage.application().path()).await;
    assert!(stage.reads().await.contains("Your account may not let “Deskbell” in"));
    stage.look("not-allowed").await;
    for (path, name) in [("/nowhere", "error-not-found"), ("/welcome", "error-forbidden")] {
        stage.open(path).await;
        stage.look(name).await;
    }
}

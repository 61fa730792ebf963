//! The list of applications: what a person sees of the keys, and how they end.

use crate::site::{ClientApp, PASSWORD, Visitor};
use crate::support::Stage;

#[actix_web::test]
async fn a_key_ends_on_the_list_and_comes_back_with_undo_c246_c252_c300() {
    let stage = Stage::start().await;
    let ada = Visitor::new(&stage.server.base);
    ada.sign_in("ada", PASSWORD).await;
    let deskbell = stage.application().redirect("http://127.0.0.1:51004/callback").scopes("read,write,notifications");
    let key = deskbell.approved_by(&ada).await.key;
    let reader = |name: &str, id: &str| stage.application().set("application_name", name).set("client_id", id);
    let others: [ClientApp; 2] = [reader("Meadow on the wall", "wall"), reader("اختبار", "rtl")];
    for other in &others {
        other.approved_by(&ada).await;
    }
    assert_eq!(stage.status_of(&key).await, 200);

    stage.sign_in().await;
    assert_eq!(stage.place().await, "/u/ada/preferences/apps", "with nothing else to do, this is where she comes");
    stage.look("applications").await;
    stage.click(".app:last-child summary").await;
    stage.look("applications-unfolded").await;
    end(&stage, "Deskbell").await;
    assert!(stage.reads().await.contains("Access of “Deskbell” ended."));
    assert_eq!(stage.status_of(&key).await, 403);
    stage.look("applications-ended").await;
    stage.answer("Undo").await;
    assert!(stage.reads().await.contains("“Deskbell” can use the account again."));
    assert_eq!(stage.status_of(&key).await, 200);
    stage.look("applications-undone").await;

    end(&stage, "Deskbell").await;
    stage.open("/u/ada/preferences/apps").await;
    assert!(!stage.reads().await.contains("Deskbell"), "once she has left the page it is gone");
}

/// Ends the application of this name.
async fn end(stage: &Stage, name: &str) {
    stage.answer(&format!("End access of “{name}”")).await;
}

//! The handshake by redirect and by paste: sections 1 to 4 of the protocol.

use crate::support::TestApp;

#[actix_web::test]
async fn an_application_gets_its_key_uses_it_and_loses_it_c002_c083_c242_c293() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let received = site.client_app().approved_by(&ada).await;
    assert_eq!(received.payload["nonce"], "4f1e66bb1b7a4b2fa4ee1f2b8f4b5d55");

    let program = ada.holder_of(&received.key);
    let current = program.get("/session/current.json").await;
    assert_eq!((current.status, &current.json()["current_user"]["username"]), (200, &"ada".into()));

    assert_eq!(program.post("/user-api-key/revoke").await.json(), serde_json::json!({ "success": "OK" }));
    assert_eq!(program.get("/session/current.json").await.status, 403);
}

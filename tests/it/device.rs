//! The handshake by device code: sections 6 to 8 of the protocol.

mod activate;
mod answer;
mod ask;
mod poll;
mod programs;
mod restart;
mod tries;

use serde_json::{Value, json};

use crate::support::{Answer, ClientApp, TestApp, Visitor};

/// What an application got for its request.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    pub(crate) device: String,
    pub(crate) user: String,
    /// The token of the link.
    pub(crate) request: String,
}

pub(crate) fn codes(answer: &Answer) -> Codes {
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    let link = text("verification_uri_with_request");
    let request = link.split_once("?request=").unwrap().1.to_owned();
    Codes { device: text("device_code"), user: text("user_code"), request }
}

/// Asks as a program does, and gets codes.
pub(crate) async fn ask(site: &TestApp, application: &ClientApp) -> Codes {
    codes(&site.anonymous().post_json("/user-api-key/device.json", &application.as_json()).await)
}

pub(crate) async fn poll(visitor: &Visitor, codes: &Codes) -> Value {
    let answer = poll_answer(visitor, &codes.device).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

pub(crate) async fn poll_answer(visitor: &Visitor, device_code: &str) -> Answer {
    visitor.post_json("/user-api-key/device/poll.json", &json!({ "device_code": device_code })).await
}

pub(crate) async fn status(visitor: &Visitor, codes: &Codes) -> String {
    poll(visitor, codes).await["status"].as_str().unwrap().to_owned()
}

/// Types a code as the page's script does.
pub(crate) async fn enter(user: &Visitor, code: &str) -> Answer {
    user.csrf().await.post_form("/user-api-key/activate.json", &[("code", code)]).await
}

/// Types a code that is good; the approval token.
pub(crate) async fn token(user: &Visitor, codes: &Codes) -> String {
    let answer = enter(user, &codes.user).await;
    answer.json()["approval_token"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

pub(crate) async fn authorize(user: &Visitor, fields: &[(&str, &str)]) -> Answer {
    user.csrf().await.post_form("/user-api-key/device/authorize.json", fields).await
}

pub(crate) async fn deny(user: &Visitor, fields: &[(&str, &str)]) -> Answer {
    user.csrf().await.post_form("/user-api-key/device/deny.json", fields).await
}

/// Types the code and says yes.
pub(crate) async fn allow(user: &Visitor, codes: &Codes) {
    let token = token(user, codes).await;
    let answer = authorize(user, &[("approval_token", &token)]).await;
    assert_eq!(answer.json(), json!({ "state": "complete", "denied": false }), "{answer:?}");
}

pub(crate) fn expired() -> Value {
    json!({ "state": "enter_code", "expired_code": true })
}

pub(crate) fn invalid() -> Value {
    json!({ "state": "enter_code", "invalid_code": true })
}

pub(crate) fn complete(denied: bool) -> Value {
    json!({ "state": "complete", "denied": denied })
}

#[actix_web::test]
async fn an_application_without_a_browser_gets_its_key_and_uses_it_c003_c004_c005_c006_c192() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let application = site.client_app().set("padding", "oaep");
    let codes = ask(&site, &application).await;
    let device = site.anonymous();
    assert_eq!(poll(&device, &codes).await, json!({ "status": "authorization_pending" }));
    allow(&ada, &codes).await;

    let answer = poll(&device, &codes).await;
    assert_eq!(answer["status"], "authorized");
    let received = application.decrypt(answer["payload"].as_str().unwrap());
    assert_eq!(received.payload["nonce"], "4f1e66bb1b7a4b2fa4ee1f2b8f4b5d55");
    let current = device.holder_of(&received.key).get("/session/current.json").await;
    assert_eq!(current.json()["current_user"]["username"], "ada");
}

#[actix_web::test]
async fn without_the_flow_the_probe_does_not_name_it_and_nothing_of_it_is_there_c032() {
    let site = TestApp::with(&[("user_api.allow_device_authorization", "false")]).await;
    let probe = site.anonymous().head("/user-api-key/new").await;
    assert_eq!((probe.status, probe.header("auth-api-device-code")), (200, ""));
    let ada = site.user("ada").await.csrf().await;
    for path in ["device", "device/poll", "activate", "device/authorize", "device/deny"] {
        for suffix in ["", ".json"] {
            let answer = ada.json().post_json(&format!("/user-api-key/{path}{suffix}"), &json!({})).await;
            assert_eq!((answer.status, answer.json()["error_type"].as_str()), (404, Some("not_found")), "{path}");
        }
    }
    assert_eq!(ada.json().get("/user-api-key/activate").await.status, 404);
}

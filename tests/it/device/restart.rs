//! A flow goes on over a restart, wherever it was cut.

use super::{ask, authorize, codes, complete, enter, poll, status, token};
use crate::support::TestApp;

#[actix_web::test]
async fn a_payload_is_delivered_after_a_restart_and_once_c141_c200_c202() {
    let first = TestApp::start().await;
    let ada = first.user("ada").await;
    let application = first.client_app();
    let codes = ask(&first, &application).await;
    super::allow(&ada, &codes).await;
    let second = first.again().await;
    let payload = poll(&second.anonymous(), &codes).await["payload"].as_str().unwrap().to_owned();
    let key = application.decrypt(&payload).key;
    assert_eq!(second.anonymous().holder_of(&key).get("/session/current.json").await.status, 200);
    assert_eq!(status(&second.anonymous(), &codes).await, "expired_token");
}

#[actix_web::test]
async fn every_step_may_be_in_another_process_c141_c158_c162() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let asked = codes(&site.anonymous().post_json("/user-api-key/device.json", &site.client_app().as_json()).await);
    let second = site.beside(&[]).await;
    let token = token(&ada.at(&second.base), &asked).await;
    let third = site.beside(&[]).await;
    let answer = authorize(&ada.at(&third.base), &[("approval_token", &token)]).await;
    assert_eq!(answer.json(), complete(false));
    assert_eq!(enter(&ada, &asked.user).await.json(), super::invalid());
    assert_eq!(status(&second.anonymous(), &asked).await, "authorized");
}

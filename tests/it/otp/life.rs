//! How long a one-time password is good, and what ends it.

use std::time::Duration;

use hallpass::crypto::hash_one_time_password;
use hallpass::domain::{accounts, housekeeping};
use hallpass::model::{OneTimePassword, Origin, Username};
use hallpass::store;
use secrecy::SecretString;

use super::{come, made, name_of};
use crate::support::server::Server;
use crate::support::{TestApp, Visitor};

fn hash(password: &str) -> String {
    hash_one_time_password(&OneTimePassword::parse(password).unwrap())
}

async fn is_stored_as(site: &TestApp, hash: String) -> bool {
    let now = site.app.cx.now();
    site.app.cx.store.read(move |c| store::find_one_time_password(c, &hash, now)).await.unwrap().is_some()
}

#[actix_web::test]
async fn it_is_good_for_ten_minutes_c233_c238() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (first, second) = (made(&site, &ada).await, made(&site, &ada).await);
    assert_ne!(first, second);
    site.clock.advance(Duration::from_mins(10) - Duration::from_micros(1));
    assert_eq!(come(&site.anonymous(), &first).await.status, 302);
    site.clock.advance(Duration::from_micros(1));
    let late = site.anonymous();
    assert!(late.get(&format!("/session/otp/{second}")).await.body.contains("does not work any more"));
    assert_eq!((come(&late, &second).await.status, name_of(&late).await.as_str()), (200, ""));
}

#[actix_web::test]
async fn only_its_hash_is_stored_k2_h6() {
    let site = TestApp::start().await;
    let password = made(&site, &site.user("ada").await).await;
    assert!(is_stored_as(&site, hash(&password)).await);
    assert!(!is_stored_as(&site, password.clone()).await);
    assert_eq!(format!("{:?}", OneTimePassword::parse(&password).unwrap()), "OneTimePassword(…)");
}

#[actix_web::test]
async fn a_suspension_and_a_new_password_end_it_w4() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let name = Username::parse("ada").unwrap();
    let (first, second) = (made(&site, &ada).await, made(&site, &ada).await);
    let new = SecretString::from("another long password");
    accounts::set_password(&site.app.cx, &name, new, Origin::default()).await.unwrap();
    assert_eq!(come(&site.anonymous(), &first).await.status, 200);

    let cx = &site.app.cx;
    let (again, user, now) = (hash(&second), accounts::find(cx, &name).await.unwrap().id, cx.now());
    let later = now.plus(Duration::from_mins(1));
    cx.store.write(move |tx| store::insert_one_time_password(tx, &again, user, later)).await.unwrap();
    accounts::suspend(cx, &name, Origin::default()).await.unwrap();
    accounts::unsuspend(cx, &name, Origin::default()).await.unwrap();
    assert_eq!(come(&site.anonymous(), &second).await.status, 200);
}

/// Deletes the ones whose time is up; says how many there were.
async fn left_over(site: &TestApp) -> usize {
    let now = site.app.cx.now();
    site.app.cx.store.write(move |tx| store::delete_expired_one_time_passwords(tx, now)).await.unwrap()
}

#[actix_web::test]
async fn what_nobody_came_with_is_swept_away_l6() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    made(&site, &ada).await;
    assert_eq!(left_over(&site).await, 0);
    site.clock.advance(Duration::from_mins(10));
    housekeeping::sweep(&site.app.cx).await.unwrap();
    assert_eq!(left_over(&site).await, 0, "the sweep left nothing");
    made(&site, &ada).await;
    site.clock.advance(Duration::from_mins(10));
    assert_eq!(left_over(&site).await, 1, "and this is what it would have left");
}

#[actix_web::test]
async fn it_is_in_no_log_k7() {
    let server = Server::start(&[]);
    let secret = "00112233445566778899aabbccddeeff";
    Visitor::new(&server.base).get(&format!("/session/otp/{secret}")).await;
    let log = server.stop();
    assert!(log.contains("/session/otp/…") && !log.contains(secret), "{log}");
}

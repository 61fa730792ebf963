//! What people who try have tried: each stays shut.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use hallpass::domain::authorize::{ApproveError, AuthorizationRequest, Refusal, approve};
use hallpass::domain::{accounts, session};
use hallpass::model::{Fields, Origin, Username};

use crate::support::{PASSWORD, TestApp};

#[actix_web::test]
async fn one_household_of_ipv6_is_one_address_l4_w6() {
    let settings =
        [("server.trusted_proxies", "127.0.0.0/8"), ("limits.sign_in_per_account_and_address_per_minute", "3")];
    let site = TestApp::with(&settings).await;
    site.account("ada", |_| {}).await;
    let mut answers = Vec::new();
    for number in 1..=5 {
        let guesser = site.anonymous().with("X-Forwarded-For", &format!("2001:db8::{number}"));
        answers.push(guesser.sign_in("ada", "a wrong password").await.status);
    }
    assert_eq!(answers, [200, 200, 200, 429, 429]);
    let neighbour = site.anonymous().with("X-Forwarded-For", "2001:db8:0:1::1");
    assert_eq!(neighbour.sign_in("ada", PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn an_end_taken_back_does_not_go_round_the_most_keys_k10() {
    let site = TestApp::with(&[("user_api.max_keys_per_user", "1")]).await;
    let ada = site.user("ada").await;
    let first = site.client_app().set("client_id", "one").approved_by(&ada).await.key;
    assert_eq!(ada.holder_of(&first).post("/user-api-key/revoke").await.status, 200);
    let id = site.number("SELECT min(id) FROM user_api_keys").unwrap().to_string();
    site.client_app().set("client_id", "two").approved_by(&ada).await;
    let refused = ada.csrf().await.json().post_form("/user-api-key/undo-revoke", &[("id", &id)]).await;
    assert_eq!((refused.status, &refused.json()["reason"]), (403, &"too_many_keys".into()), "{refused:?}");
    assert_eq!(ada.holder_of(&first).get("/about.json").await.status, 403);
}

#[actix_web::test]
async fn nothing_is_issued_to_somebody_suspended_while_the_answer_was_on_its_way_k11() {
    let site = TestApp::start().await;
    let ada = site.account("ada", |_| {}).await;
    let cx = &site.app.cx;
    let user = session::user(cx, ada).await.unwrap().unwrap();
    let fields = Fields::new(site.client_app().fields().to_vec());
    let wish = AuthorizationRequest::parse(&fields, None, &cx.rules, &cx.scopes).unwrap();
    accounts::suspend(cx, &Username::parse("ada").unwrap(), Origin::default()).await.unwrap();
    let refused = approve(cx, &user, &wish, Origin::default()).await;
    assert!(matches!(refused, Err(ApproveError::Refused(Refusal::Suspended))), "{refused:?}");
    assert_eq!(site.number("SELECT count(*) FROM user_api_keys"), Some(0));
}

#[actix_web::test]
async fn a_file_that_caches_may_keep_does_not_say_who_asked_k7() {
    let site = TestApp::start().await;
    let program = site.key("read").await;
    let file = program.get("/static/hallpass.css").await;
    assert!(file.header("cache-control").starts_with("public"), "{file:?}");
    assert_eq!((file.header("x-discourse-username"), file.header("ratelimit")), ("", ""));
}

/// The only test that waits for real: the patience is that of the connection, not of the service's clock.
#[actix_web::test]
async fn a_body_that_never_comes_is_not_waited_for_l6() {
    let site = TestApp::start().await;
    let address = site.base.strip_prefix("http://").unwrap().to_owned();
    let answer = actix_web::web::block(move || {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(25))).unwrap();
        write!(stream, "POST /session.json HTTP/1.1\r\nHost: {address}\r\nContent-Length: 10\r\n\r\nx").unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    });
    assert_eq!(answer.await.unwrap(), "HTTP/1.1 400");
}

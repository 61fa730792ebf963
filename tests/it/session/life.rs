//! When a session ends: by the clock, by its user, by what happens to its account.

use std::time::Duration;

use hallpass::domain::{accounts, housekeeping};
use hallpass::model::{Origin, UserId, Username};
use secrecy::SecretString;
use serde_json::json;

use super::{cookie, holds, is_signed_in, sessions};
use crate::support::{PASSWORD, TestApp};

fn ada() -> Username {
    Username::parse("ada").unwrap()
}

const DAY: Duration = Duration::from_hours(24);

/// A microsecond less than so many days.
const fn nearly(days: u64) -> Duration {
    Duration::from_micros(days * 86_400_000_000 - 1)
}

#[actix_web::test]
async fn a_session_ends_when_it_was_not_used_for_two_weeks_w4() {
    let site = TestApp::start().await;
    let used = site.user("ada").await;
    let left = site.sign_in("ada").await;
    site.clock.advance(DAY * 13);
    assert!(is_signed_in(&used).await);
    site.clock.advance(nearly(1));
    assert!(is_signed_in(&left).await);
    site.clock.advance(nearly(14));
    assert!(is_signed_in(&left).await);
    assert!(!is_signed_in(&used).await);
    site.clock.advance(DAY * 14);
    assert!(!is_signed_in(&left).await);
}

#[actix_web::test]
async fn a_session_ends_after_three_months_however_much_it_is_used_w4() {
    let site = TestApp::start().await;
    let visitor = site.user("ada").await;
    for _ in 0..9 {
        assert!(is_signed_in(&visitor).await);
        site.clock.advance(nearly(10));
    }
    assert!(is_signed_in(&visitor).await);
    site.clock.advance(Duration::from_micros(9));
    assert!(!is_signed_in(&visitor).await);
}

#[actix_web::test]
async fn the_operator_sets_how_long_sessions_live_w4() {
    let site = TestApp::with(&[("session.idle_days", "1"), ("session.absolute_days", "2")]).await;
    let visitor = site.user("ada").await;
    site.clock.advance(nearly(1));
    assert!(is_signed_in(&visitor).await);
    site.clock.advance(nearly(1));
    assert!(is_signed_in(&visitor).await);
    site.clock.advance(Duration::from_micros(2));
    assert!(!is_signed_in(&visitor).await);
}

#[actix_web::test]
async fn a_page_that_is_left_open_and_polls_keeps_no_session_alive_and_is_nobody_who_is_there_w4() {
    let site = TestApp::start().await;
    let visitor = site.user("ada").await;
    site.flush().await;
    let poll = async || visitor.post_form("/message-bus/c0ffee/poll?dlp=t", &[("/notification/1", "0")]).await.status;
    for _ in 0..2 {
        site.clock.advance(nearly(7));
        assert_eq!(poll().await, 200);
    }
    assert_eq!(site.app.cx.last_used.of_user(UserId::parse(1).unwrap()), None);
    site.clock.advance(Duration::from_micros(2));
    assert_eq!(poll().await, 403);
}

#[actix_web::test]
async fn what_is_over_is_forgotten_l6() {
    let site = TestApp::start().await;
    site.user("ada").await;
    site.sign_in("ada").await;
    housekeeping::sweep(&site.app.cx).await.unwrap();
    assert_eq!(sessions(&site), 2);
    site.clock.advance(DAY * 15);
    housekeeping::sweep(&site.app.cx).await.unwrap();
    assert_eq!(sessions(&site), 0);
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server_w4() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let (page, program) = (site.anonymous(), site.anonymous());
    let on_page = cookie(&page.sign_in("ada", PASSWORD).await, "hallpass").unwrap();
    let by_program = cookie(&program.sign_in("ada", PASSWORD).await, "hallpass").unwrap();

    let form = page.html().get("/").await.form_fields("/logout");
    let out = page.html().post_form("/logout", &form).await;
    assert_eq!((out.status, out.header("location")), (303, "/"));
    assert!(out.cookies()[0].contains("Max-Age=0"), "{out:?}");
    assert_eq!((holds(&site, &on_page).await, sessions(&site)), (false, 1));

    let out = program.csrf().await.delete("/session/ADA").await;
    assert_eq!((out.status, out.json()), (200, json!({ "success": "OK" })));
    assert_eq!((holds(&site, &by_program).await, sessions(&site)), (false, 0));
}

#[actix_web::test]
async fn nobody_signs_somebody_else_out() {
    let site = TestApp::start().await;
    let (root, ada) = (site.admin("root").await, site.user("ada").await);
    let refused = root.csrf().await.json().delete("/session/ada").await;
    assert_eq!((refused.status, &refused.json()["error_type"]), (403, &json!("invalid_access")));
    let nobody = site.anonymous().csrf().await.json().delete("/session/ada").await;
    assert_eq!((nobody.status, &nobody.json()["error_type"]), (403, &json!("not_logged_in")));
    assert!(is_signed_in(&ada).await && is_signed_in(&root).await);
}

#[actix_web::test]
async fn a_program_with_a_key_may_sign_out_before_it_revokes() {
    let site = TestApp::start().await;
    let program = site.key("write").await;
    let out = program.delete("/session/ada").await;
    assert_eq!((out.status, out.json()), (200, json!({ "success": "OK" })));
    assert_eq!(program.get("/session/current.json").await.status, 200);
    assert_eq!(sessions(&site), 1, "the user at the browser stays");
}

#[actix_web::test]
async fn a_suspension_ends_every_session_and_lifting_it_brings_none_back_w4() {
    let site = TestApp::start().await;
    let visitors = [site.user("ada").await, site.sign_in("ada").await];
    let bob = site.user("bob").await;
    accounts::suspend(&site.app.cx, &ada(), Origin::default()).await.unwrap();
    for visitor in &visitors {
        assert!(!is_signed_in(visitor).await);
    }
    accounts::unsuspend(&site.app.cx, &ada(), Origin::default()).await.unwrap();
    for visitor in &visitors {
        assert!(!is_signed_in(visitor).await);
    }
    assert!(is_signed_in(&bob).await);
    assert!(is_signed_in(&site.sign_in("ada").await).await);
}

#[actix_web::test]
async fn a_new_password_ends_every_session_and_the_old_password_w4() {
    let site = TestApp::start().await;
    let visitor = site.user("ada").await;
    let new = "another horse battery";
    accounts::set_password(&site.app.cx, &ada(), SecretString::from(new), Origin::default()).await.unwrap();
    assert!(!is_signed_in(&visitor).await);
    assert!(site.anonymous().sign_in("ada", PASSWORD).await.json()["error"].is_string());
    assert!(site.anonymous().sign_in("ada", new).await.json()["user"].is_object());
}

#[actix_web::test]
async fn sessions_outlive_a_restart() {
    let site = TestApp::start().await;
    site.account("ada", |_| {}).await;
    let mine = cookie(&site.anonymous().sign_in("ada", PASSWORD).await, "hallpass").unwrap();
    let site = site.again().await;
    assert!(holds(&site, &mine).await);
}

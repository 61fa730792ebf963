//! `POST /user-api-key/device/poll`.

use std::time::Duration;

use actix_web::rt;
use hallpass::domain::device::{Polled, poll as poll_domain};
use serde_json::json;

use super::{allow, ask, deny, poll, poll_answer, status, token};
use crate::support::{TestApp, Visitor};

const PATH: &str = "/user-api-key/device/poll.json";

#[actix_web::test]
async fn only_json_is_taken_and_what_is_not_does_not_count_c193_c194() {
    let site = TestApp::start().await;
    let program = site.anonymous();
    for _ in 0..70 {
        assert_eq!(program.post_form(PATH, &[("device_code", "x")]).await.status, 403);
    }
    let html = program.post_json("/user-api-key/device/poll", &json!({ "device_code": "x" })).await;
    assert_eq!(html.status, 403);
    for number in 0..60 {
        assert_eq!(poll_answer(&program, &format!("{number}")).await.status, 200);
    }
    let refused = program.post_json(PATH, &json!({})).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    site.clock.advance(Duration::from_mins(1));
    assert_eq!(poll_answer(&program, "x").await.status, 200);
}

#[actix_web::test]
async fn one_code_is_polled_sixty_times_a_minute_from_wherever_c196() {
    let site = TestApp::with(&[("server.trusted_proxies", "127.0.0.1/32")]).await;
    let codes = ask(&site, &site.client_app()).await;
    let from = |number: u32| site.anonymous().with("X-Forwarded-For", &format!("198.51.100.{number}"));
    for number in 0..60 {
        assert_eq!(status(&from(number), &codes).await, "authorization_pending");
    }
    assert_eq!(poll_answer(&from(61), &codes.device).await.status, 429);
    let other = ask(&site, &site.client_app()).await;
    assert_eq!(status(&from(61), &other).await, "authorization_pending");
}

#[actix_web::test]
async fn one_who_polls_every_five_seconds_is_never_refused_c303() {
    let site = TestApp::start().await;
    let codes = ask(&site, &site.client_app()).await;
    let program = site.anonymous();
    for _ in 0..119 {
        site.clock.advance(Duration::from_secs(5));
        assert_eq!(status(&program, &codes).await, "authorization_pending");
    }
}

#[actix_web::test]
async fn a_missing_code_is_named_c195() {
    let site = TestApp::start().await;
    for body in [json!({}), json!({ "device_code": " " }), json!({ "device_code": null })] {
        let answer = site.anonymous().post_json(PATH, &body).await;
        let sentence = "param is missing or the value is empty or invalid: device_code";
        assert_eq!((answer.status, answer.json()), (400, json!({ "errors": [sentence] })));
    }
}

#[actix_web::test]
async fn what_is_no_code_of_ours_is_expired_with_200_c197_c198_c205_c206() {
    let site = TestApp::start().await;
    let codes = ask(&site, &site.client_app()).await;
    let upper = codes.device.to_uppercase();
    for code in ["x", "../../etc/passwd", &"0".repeat(64), &"g".repeat(64), &upper, &codes.user] {
        let answer = poll_answer(&site.anonymous(), code).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "status": "expired_token" })), "{code}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[actix_web::test]
async fn a_bound_request_is_pending_too_and_an_allowed_one_is_delivered_once_c199_c200_c201() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let (application, program) = (site.client_app(), site.anonymous());
    let codes = ask(&site, &application).await;
    token(&ada, &codes).await;
    assert_eq!(poll(&program, &codes).await, json!({ "status": "authorization_pending" }));
    allow(&ada, &codes).await;
    let answer = poll(&program, &codes).await;
    let payload = answer["payload"].as_str().unwrap();
    assert!(payload.ends_with('\n') && payload.lines().all(|line| line.len() <= 60), "{payload}");
    application.decrypt(payload);
    assert_eq!(answer.as_object().unwrap().len(), 2);
    assert_eq!(poll(&program, &codes).await, json!({ "status": "expired_token" }));
}

#[actix_web::test]
async fn of_a_hundred_who_poll_at_once_exactly_one_gets_the_payload_c202() {
    let site = TestApp::with(&[("server.trusted_proxies", "127.0.0.1/32")]).await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    allow(&ada, &codes).await;
    // The limit for one code stands before the door: what is left of the hundred is told to come later.
    let polls = (0..100).map(|number| {
        let (program, code) =
            (site.anonymous().with("X-Forwarded-For", &format!("198.51.100.{number}")), codes.device.clone());
        rt::spawn(async move { poll_answer(&program, &code).await })
    });
    let mut answers = Vec::new();
    for poll in polls.collect::<Vec<_>>() {
        answers.push(poll.await.unwrap());
    }
    let got = |wanted: &str| {
        answers.iter().filter(|answer| answer.status == 200 && answer.json()["status"] == wanted).count()
    };
    assert_eq!((got("authorized"), got("expired_token")), (1, 59));
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 40);
}

#[actix_web::test]
async fn polls_that_saw_the_payload_waiting_at_the_same_moment_get_it_once_c202() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    allow(&ada, &codes).await;
    let polls = (0..60).map(|_| {
        let (app, code) = (std::sync::Arc::clone(&site.app), codes.device.clone());
        rt::spawn(async move { poll_domain(&app.cx, &code).await.unwrap() })
    });
    let mut got = 0;
    for poll in polls.collect::<Vec<_>>() {
        got += usize::from(matches!(poll.await.unwrap(), Polled::Authorized(_)));
    }
    assert_eq!(got, 1);
}

#[actix_web::test]
async fn a_request_that_nobody_answered_ends_and_no_key_has_to_be_looked_up_for_it_l4_l8() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let application = site.client_app().set("client_id", "another");
    let codes = [ask(&site, &application).await, ask(&site, &application).await];
    let answer = deny(&ada, &[("approval_token", &token(&ada, &codes[1]).await)]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    // With PostgreSQL what was written here comes back as what others wrote does.
    site.hear().await;
    assert_eq!(program.get("/session/current.json").await.status, 200);
    let sweep_and_ask = async || {
        site.clock.advance(Duration::from_secs(4000));
        site.sweep().await;
        site.hear().await;
        assert_eq!(program.get("/session/current.json").await.status, 200);
        let figures = Visitor::new(&site.internal).get("/metrics").await.body;
        let misses = figures.lines().find_map(|line| line.strip_prefix("hallpass_key_cache_misses_total "));
        misses.unwrap().to_owned()
    };
    let before = Visitor::new(&site.internal).get("/metrics").await.body;
    assert!(before.contains("\nhallpass_key_cache_misses_total 1\n"), "{before}");
    assert_eq!(sweep_and_ask().await, "1");
    assert_eq!(status(&site.anonymous(), &codes[0]).await, "expired_token");
    // The test knows a look-up when it sees one: a key that nobody fetched is revoked.
    let unfetched = ask(&site, &application).await;
    allow(&ada, &unfetched).await;
    assert_eq!(sweep_and_ask().await, "2");
}

#[actix_web::test]
async fn a_payload_nobody_fetched_takes_its_key_along_c178_c203() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for lazily in [true, false] {
        let application = site.client_app().set("client_id", &format!("lazily {lazily}"));
        let codes = ask(&site, &application).await;
        allow(&ada, &codes).await;
        assert_eq!(live_keys(&ada).await, 1);
        site.clock.advance(Duration::from_secs(59));
        hallpass::domain::housekeeping::sweep(&site.app.cx).await.unwrap();
        assert_eq!(live_keys(&ada).await, 1, "still to be fetched");
        site.clock.advance(Duration::from_secs(1));
        if lazily {
            assert_eq!(status(&site.anonymous(), &codes).await, "expired_token");
        } else {
            hallpass::domain::housekeeping::sweep(&site.app.cx).await.unwrap();
        }
        assert_eq!(live_keys(&ada).await, 0);
        assert_eq!(status(&site.anonymous(), &codes).await, "expired_token");
    }
    let events = site.app.cx.store.read(hallpass::store::list_audit_lines).await.unwrap();
    let revoked = events.iter().filter(|line| line.0 == "key_revoked").count();
    assert_eq!(revoked, 2);
}

#[actix_web::test]
async fn a_payload_nobody_fetched_leaves_the_key_it_was_to_replace_c073_c203_h7() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let program = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let codes = ask(&site, &site.client_app()).await;
    allow(&ada, &codes).await;
    for seconds in [60, 4000] {
        site.clock.advance(Duration::from_secs(seconds));
        hallpass::domain::housekeeping::sweep(&site.app.cx).await.unwrap();
        assert_eq!(program.get("/session/current.json").await.status, 200, "after {seconds} s");
    }
    assert_eq!(live_keys(&ada).await, 1);
}

/// How many keys of the user the page lists.
async fn live_keys(user: &crate::support::Visitor) -> usize {
    let answer = user.get("/u/ada/preferences/apps.json").await;
    answer.json()["user_api_keys"].as_array().map_or(0, Vec::len)
}

#[actix_web::test]
async fn a_key_that_was_fetched_stays_when_the_time_is_up_c203() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    allow(&ada, &codes).await;
    assert_eq!(status(&site.anonymous(), &codes).await, "authorized");
    site.clock.advance(Duration::from_secs(700));
    hallpass::domain::housekeeping::sweep(&site.app.cx).await.unwrap();
    assert_eq!(live_keys(&ada).await, 1);
}

#[actix_web::test]
async fn a_payload_does_not_outlive_its_request_c178() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    site.clock.advance(Duration::from_secs(590));
    allow(&ada, &codes).await;
    site.clock.advance(Duration::from_secs(10));
    assert_eq!(status(&site.anonymous(), &codes).await, "expired_token");
}

#[actix_web::test]
async fn a_denied_request_says_so_until_its_time_is_up_c204_c182() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let token = token(&ada, &codes).await;
    assert_eq!(deny(&ada, &[("approval_token", &token)]).await.json(), super::complete(true));
    for _ in 0..3 {
        assert_eq!(poll(&site.anonymous(), &codes).await, json!({ "status": "access_denied" }));
    }
    site.clock.advance(Duration::from_mins(10));
    assert_eq!(status(&site.anonymous(), &codes).await, "expired_token");
}

//! The limits of a key as its program sees them: answers, headers, and what a restart forgets (nothing).

#![cfg(test)]

use std::time::Duration;

use hallpass::model::{Clock, Timestamp};
use serde_json::json;

use crate::support::{Answer, TestApp};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

async fn site(per_minute: &str, per_day: &str) -> TestApp {
    let (minute, day) = ("user_api.max_user_api_reqs_per_minute", "user_api.max_user_api_reqs_per_day");
    TestApp::with(&[(minute, per_minute), (day, per_day)]).await
}

fn code(answer: &Answer) -> &str {
    answer.header("discourse-rate-limit-error-code")
}

fn seconds(answer: &Answer) -> u64 {
    answer.header("retry-after").parse().unwrap()
}

#[actix_web::test]
async fn no_window_ever_holds_more_than_the_site_says_c273_c274_c275_l1() {
    let site = site("5", "40").await;
    let program = site.key("read").await;
    let mut accepted: Vec<Timestamp> = Vec::new();
    // Bursts, steady use, pauses: whatever fits in comes out as a list of every instant would have it.
    let pauses = [0, 0, 0, 0, 0, 0, 7, 53, 0, 1, 59, 0, 0, 0, 30, 29, 1, 0, 0, 60, 3600, 12, 12, 12, 12, 12, 12, 12];
    for pause in pauses.into_iter().cycle().take(280) {
        site.clock.advance(Duration::from_secs(pause));
        let now = site.clock.now();
        let within = |window: Duration| accepted.iter().filter(|at| now.since(**at) < window).count();
        let expected = within(MINUTE) < 5 && within(DAY) < 40;
        let answer = program.get("/about.json").await;
        assert_eq!(answer.status, if expected { 200 } else { 429 }, "after {accepted:?}: {answer:?}");
        if expected {
            accepted.push(now);
        }
    }
    assert_eq!(accepted.len(), 40, "the day is full");
}

#[actix_web::test]
async fn over_the_minute_the_program_is_told_when_to_come_back_c273_l2() {
    let site = site("2", "100").await;
    let program = site.key("read").await;
    program.get("/about.json").await;
    site.clock.advance(Duration::from_millis(17_500));
    program.get("/about.json").await;
    let limited = program.get("/about.json").await;
    assert_eq!((limited.status, seconds(&limited), code(&limited)), (429, 43, "user_api_key_limiter_60_secs"));
    assert_eq!(limited.header("content-type"), "application/json; charset=utf-8");
    let body = limited.json();
    assert_eq!(body["error_type"], "rate_limit");
    assert_eq!(body["extras"], json!({ "wait_seconds": 43, "time_left": "43 seconds" }));
    assert!(limited.error().contains("43 seconds"), "{limited:?}");
    assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["errors", "error_type", "extras"]);

    // JSON for whoever presents a key, whatever they accept.
    for plain in [program.with("Accept", "*/*").get("/about").await, program.html().get("/about").await] {
        assert_eq!((plain.status, seconds(&plain), code(&plain)), (429, 43, "user_api_key_limiter_60_secs"));
        assert_eq!(plain.json(), body);
    }

    site.clock.advance(Duration::from_secs(42));
    assert_eq!(program.get("/about.json").await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(program.get("/about.json").await.status, 200);
}

#[actix_web::test]
async fn over_the_day_a_refusal_costs_nothing_and_the_wait_is_true_c274_l2() {
    let site = site("2", "3").await;
    let program = site.key("read").await;
    for _ in 0..3 {
        assert_eq!(program.get("/about.json").await.status, 200);
        site.clock.advance(MINUTE);
    }
    for _ in 0..5 {
        let limited = program.get("/about.json").await;
        assert_eq!((limited.status, code(&limited)), (429, "user_api_key_limiter_1_day"));
        assert_eq!(seconds(&limited), 86_400 - 180);
        assert_eq!(limited.json()["extras"], json!({ "wait_seconds": 86_220, "time_left": "23 hours" }));
        assert!(limited.header("ratelimit").starts_with("\"minute\";r=2;"), "no slot was taken: {limited:?}");
    }
    site.clock.advance(Duration::from_secs(86_219));
    assert_eq!(program.get("/about.json").await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(program.get("/about.json").await.status, 200);
}

#[actix_web::test]
async fn when_both_windows_refuse_the_minute_is_named_and_the_wait_is_the_days_c274_l2() {
    let site = site("2", "2").await;
    let program = site.key("read").await;
    program.get("/about.json").await;
    program.get("/about.json").await;
    let limited = program.get("/about.json").await;
    assert_eq!((limited.status, code(&limited)), (429, "user_api_key_limiter_60_secs"));
    site.clock.advance(Duration::from_secs(seconds(&limited)));
    assert_eq!(program.get("/about.json").await.status, 200);
}

#[actix_web::test]
async fn every_answer_to_a_key_says_how_it_stands_l2() {
    let site = site("3", "50").await;
    let program = site.key("read").await;
    let policy = "\"minute\";q=3;w=60, \"day\";q=50;w=86400";
    let stands = |answer: &Answer| {
        assert_eq!(answer.header("ratelimit-policy"), policy);
        answer.header("ratelimit").to_owned()
    };
    assert_eq!(stands(&program.get("/about.json").await), "\"minute\";r=2;t=60, \"day\";r=49;t=86400");
    site.clock.advance(Duration::from_secs(20));
    assert_eq!(stands(&program.get("/nowhere.json").await), "\"minute\";r=1;t=40, \"day\";r=48;t=86380");
    stands(&program.get("/about.json").await);
    let limited = program.get("/about.json").await;
    assert_eq!((limited.status, stands(&limited).as_str()), (429, "\"minute\";r=0;t=40, \"day\";r=47;t=86380"));
    assert!(seconds(&limited) >= 40);
    let nobody = site.anonymous().get("/about.json").await;
    assert_eq!((nobody.header("ratelimit"), nobody.header("ratelimit-policy")), ("", ""));
}

#[actix_web::test]
async fn a_key_has_windows_of_its_own_l1_l3() {
    let site = site("2", "100").await;
    let ada = site.user("ada").await;
    let one = ada.holder_of(&site.client_app().approved_by(&ada).await.key);
    let two = ada.holder_of(&site.client_app().set("client_id", "two").approved_by(&ada).await.key);
    for _ in 0..3 {
        one.get("/about.json").await;
    }
    assert_eq!(one.get("/about.json").await.status, 429);
    let other = two.get("/about.json").await;
    assert_eq!((other.status, other.header("ratelimit")), (200, "\"minute\";r=1;t=60, \"day\";r=99;t=86400"));
}

#[actix_web::test]
async fn a_restart_forgets_no_request_c275_l1() {
    let site = site("5", "7").await;
    let ada = site.user("ada").await;
    let key = site.client_app().approved_by(&ada).await.key;
    for _ in 0..3 {
        ada.holder_of(&key).get("/about.json").await;
    }
    let site = site.again().await;
    let program = site.anonymous().holder_of(&key);
    site.clock.advance(Duration::from_secs(10));
    let statuses = [program.get("/about.json").await.status, program.get("/about.json").await.status];
    assert_eq!(statuses, [200, 200]);
    let limited = program.get("/about.json").await;
    assert_eq!((limited.status, seconds(&limited)), (429, 50));

    let site = site.again().await;
    let program = site.anonymous().holder_of(&key);
    site.clock.advance(MINUTE);
    let statuses = [program.get("/about.json").await.status, program.get("/about.json").await.status];
    assert_eq!(statuses, [200, 200]);
    let limited = program.get("/about.json").await;
    assert_eq!((limited.status, code(&limited)), (429, "user_api_key_limiter_1_day"));
}

#[actix_web::test]
async fn requests_at_the_same_time_are_counted_exactly_c275_l1() {
    let site = site("6", "100").await;
    let program = site.key("read").await;
    let (first, second) = (asked(&program), asked(&program));
    let (third, fourth) = (asked(&program), asked(&program));
    let (a, b, c, d) = tokio::join!(first, second, third, fourth);
    assert_eq!(a + b + c + d, 6);
}

async fn asked(program: &crate::support::Visitor) -> u32 {
    let mut accepted = 0;
    for _ in 0..5 {
        accepted += u32::from(program.get("/about.json").await.status == 200);
    }
    accepted
}

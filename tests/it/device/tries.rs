//! Guessing codes is stopped, by the clock and at the documented numbers.

use std::time::Duration;

use super::{ask, authorize, enter};
use crate::support::{Answer, TestApp, Visitor};

const BEHIND_A_PROXY: &[(&str, &str)] = &[("server.trusted_proxies", "127.0.0.1/32")];

fn from(visitor: &Visitor, number: usize) -> Visitor {
    visitor.with("X-Forwarded-For", &format!("198.51.100.{number}"))
}

/// A code that can be one, another for each number.
fn guess(number: usize) -> String {
    let symbols: Vec<char> = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".chars().collect();
    format!("AAAAAA{}{}", symbols[number / 32], symbols[number % 32])
}

async fn look_up(user: &Visitor, token: &str) -> Answer {
    user.get(&format!("/user-api-key/activate.json?request={token}")).await
}

#[actix_web::test]
async fn one_user_types_ten_codes_a_minute_c153_c9() {
    let site = TestApp::with(BEHIND_A_PROXY).await;
    let ada = site.user("ada").await;
    for number in 0..10 {
        assert_eq!(enter(&from(&ada, number), &guess(number)).await.status, 200);
    }
    let refused = enter(&from(&ada, 11), &guess(11)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"), "{refused:?}");
    assert_eq!(refused.json()["error_type"], "rate_limit");
    site.clock.advance(Duration::from_secs(59));
    assert_eq!(enter(&from(&ada, 12), &guess(12)).await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(enter(&from(&ada, 13), &guess(13)).await.status, 200);
}

#[actix_web::test]
async fn one_address_types_thirty_codes_an_hour_c153_c9() {
    let site = TestApp::start().await;
    let mut users = Vec::new();
    for number in 0..4 {
        users.push(site.user(&format!("user{number}")).await);
    }
    for number in 0..30 {
        assert_eq!(enter(&users[number / 10], &guess(number)).await.status, 200);
    }
    let refused = enter(&users[3], &guess(30)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "3600"));
    site.clock.advance(Duration::from_secs(3599));
    assert_eq!(enter(&users[3], &guess(30)).await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(enter(&users[3], &guess(30)).await.status, 200);
}

#[actix_web::test]
async fn one_code_is_typed_ten_times_a_minute_and_all_that_are_none_count_as_one_c153() {
    let site = TestApp::with(BEHIND_A_PROXY).await;
    let mut users = Vec::new();
    for number in 0..11 {
        users.push(from(&site.user(&format!("user{number}")).await, number));
    }
    for (number, user) in users[..10].iter().enumerate() {
        let typed = if number % 2 == 0 { "ABCD-EFGH" } else { "abcd efgh" };
        assert_eq!(enter(user, typed).await.status, 200);
        assert_eq!(enter(user, &"x".repeat(number % 8)).await.status, 200);
    }
    assert_eq!(enter(&users[10], "abcdefgh").await.status, 429);
    assert_eq!(enter(&users[10], "nonsense!").await.status, 200, "eight letters are a code");
    assert_eq!(enter(&users[10], "!").await.status, 429);
}

#[actix_web::test]
async fn links_are_looked_up_thirty_times_a_minute_by_one_user_c151() {
    let site = TestApp::with(BEHIND_A_PROXY).await;
    let ada = site.user("ada").await;
    for number in 0..30 {
        assert_eq!(look_up(&from(&ada, number), &format!("abcdef{number:02}")).await.status, 200);
    }
    let refused = look_up(&from(&ada, 31), "abcdefgh").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    // Typing a code is another matter.
    assert_eq!(enter(&from(&ada, 32), &guess(0)).await.status, 200);
}

#[actix_web::test]
async fn one_link_is_looked_up_thirty_times_a_minute_and_all_that_are_none_count_as_one_c151() {
    let site = TestApp::with(BEHIND_A_PROXY).await;
    let [ada, bob] = [site.user("ada").await, site.user("bob").await];
    for number in 0..15 {
        for user in [&ada, &bob] {
            assert_eq!(look_up(&from(user, number), "abcdefgh").await.status, 200);
        }
    }
    let cleo = site.user("cleo").await;
    assert_eq!(look_up(&from(&cleo, 40), "abcdefgh").await.status, 429);
    site.clock.advance(Duration::from_mins(1));
    for number in 0..15 {
        for user in [&ada, &bob] {
            assert_eq!(look_up(&from(user, number), &format!("bad token {number}")).await.status, 200);
        }
    }
    assert_eq!(look_up(&from(&cleo, 41), "bad").await.status, 429);
    assert_eq!(look_up(&from(&cleo, 42), "abcdefgh").await.status, 200);
}

#[actix_web::test]
async fn one_address_looks_up_a_hundred_and_twenty_links_an_hour_c151() {
    let site = TestApp::start().await;
    let ada = site.user("ada").await;
    for number in 0..120 {
        assert_eq!(look_up(&ada, &format!("abcde{number:03}")).await.status, 200);
        site.clock.advance(Duration::from_secs(3));
    }
    assert_eq!(look_up(&ada, "abcdefgh").await.status, 429);
    site.clock.advance(Duration::from_secs(3600 - 360 - 1));
    assert_eq!(look_up(&ada, "abcdefgh").await.status, 429);
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(look_up(&ada, "abcdefgh").await.status, 200);
}

#[actix_web::test]
async fn an_answer_by_link_counts_as_a_look_up_and_then_as_a_try_c173() {
    let site = TestApp::with(BEHIND_A_PROXY).await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    // A token that is none costs no try.
    for number in 0..11 {
        let answer = authorize(&from(&ada, number), &[("request", "abcdefgh"), ("code", &guess(number))]).await;
        assert_eq!(answer.json(), super::expired());
    }
    for number in 0..10 {
        let answer = authorize(&from(&ada, number), &[("request", &codes.request), ("code", &guess(number))]).await;
        assert_eq!(answer.json()["invalid_code"], true);
    }
    let by_code = [("request", codes.request.as_str()), ("code", &codes.user)];
    assert_eq!(authorize(&from(&ada, 50), &by_code).await.status, 429);
    // 22 look-ups so far.
    for number in 0..8 {
        assert_eq!(look_up(&from(&ada, number), "abcdefgh").await.status, 200);
    }
    site.clock.advance(Duration::from_secs(59));
    assert_eq!(look_up(&from(&ada, 60), "abcdefgh").await.status, 429);
}

#[actix_web::test]
async fn without_the_code_no_number_of_tries_within_a_requests_time_finds_it_c153_c9() {
    let site = TestApp::with(BEHIND_A_PROXY).await;
    let ada = site.user("ada").await;
    let codes = ask(&site, &site.client_app()).await;
    let mut tried = 0;
    for second in 0..600 {
        let answer = enter(&from(&ada, second % 250), &guess(second)).await;
        tried += usize::from(answer.status == 200);
        site.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(tried, 100, "ten a minute, from however many addresses");
    assert_eq!(enter(&ada, &codes.user).await.json(), super::invalid(), "the request is over");
}

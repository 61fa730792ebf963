//! Redis does not answer.

use super::*;
use crate::support::server::Server;

#[actix_web::test]
async fn without_redis_each_node_holds_what_it_knows_and_tells_it_afterwards_l1_l5() {
    let mut redis = Redis::on_disk();
    let nodes = Nodes::start(&redis, &[]).await;
    for node in [0, 0, 1] {
        assert_eq!(nodes.ask(node).await.status, 200);
    }
    redis.stop();
    // Two and one of six are known to have been accepted here.
    assert_eq!(nodes.accepted().await, [4, 5]);
    assert_eq!(nodes.shared(0).counters().alone(), 10);
    nodes.tend().await;
    assert!(!nodes.shared(0).is_up());
    redis.again();
    nodes.reach().await;
    assert_eq!(nodes.accepted().await, [0, 0], "twelve of six are known");
    // Four and five, in the minute, the day and the owner's window.
    assert_eq!((nodes.shared(0).counters().told(), nodes.shared(1).counters().told()), (12, 15));
}

#[actix_web::test]
async fn one_node_cut_off_alone_does_not_keep_the_other_from_counting_l5() {
    let mut redis = Redis::on_disk();
    let nodes = Nodes::start(&redis, &[]).await;
    redis.stop();
    assert_eq!(nodes.ask(0).await.status, 200);
    redis.again();
    // The other has noticed nothing yet, and finds its connection broken: it decides alone, and is back at once.
    assert_eq!(nodes.ask(1).await.status, 200);
    nodes.reach().await;
    assert_eq!(nodes.accepted().await, [2, 2], "two were told of");
}

#[actix_web::test]
async fn a_restart_during_which_nobody_asks_costs_no_decision_alone_l1_l5() {
    let mut redis = Redis::on_disk();
    let nodes = Nodes::start(&redis, &[]).await;
    for node in [0, 0, 1] {
        assert_eq!(nodes.ask(node).await.status, 200);
    }
    redis.stop();
    redis.again();
    nodes.reach().await;
    assert_eq!(nodes.accepted().await.iter().sum::<usize>(), 3, "three of six are known");
    assert_eq!([0, 1].map(|node| nodes.shared(node).counters().alone()), [0, 0]);
}

#[actix_web::test]
async fn where_it_is_told_to_a_node_refuses_what_it_cannot_count_l5() {
    let mut redis = Redis::on_disk();
    let nodes = Nodes::start(&redis, &[("limits.on_failure", "refuse")]).await;
    for node in [0, 1] {
        assert_eq!(nodes.ask(node).await.status, 200);
    }
    redis.stop();
    for node in [0, 1] {
        let refused = nodes.ask(node).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "1"), "{refused:?}");
        assert_eq!(refused.json()["error_type"], "unavailable");
        let signing_in = nodes.apps[node].anonymous().sign_in("ada", PASSWORD).await;
        assert_eq!((signing_in.status, signing_in.header("retry-after")), (503, "1"), "{signing_in:?}");
    }
    assert_eq!(nodes.shared(0).counters().refused(), 2);
    redis.again();
    nodes.reach().await;
    assert_eq!(nodes.accepted().await, [2, 2], "Redis kept the two");
}

#[actix_web::test]
async fn a_redis_that_forgot_is_told_by_every_node_what_it_accepted_l1() {
    let mut redis = Redis::start();
    let nodes = Nodes::start(&redis, &[("limits.on_failure", "refuse")]).await;
    for node in [0, 0, 1, 1] {
        assert_eq!(nodes.ask(node).await.status, 200);
    }
    redis.kill();
    redis.again();
    assert_eq!(nodes.ask(0).await.status, 503);
    assert_eq!(nodes.ask(1).await.status, 503);
    nodes.reach().await;
    assert_eq!(nodes.accepted().await, [1, 1]);
}

#[actix_web::test]
async fn a_redis_that_hangs_costs_one_wait_and_then_none_l5() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[]).await;
    redis.signal("STOP");
    assert_eq!(nodes.ask(0).await.status, 200);
    assert_eq!(nodes.shared(0).counters().failures(), 1);
    assert_eq!(nodes.ask(0).await.status, 200);
    assert_eq!(nodes.shared(0).counters().failures(), 1, "nobody asked again");
    redis.signal("CONT");
    nodes.reach().await;
    // What was decided alone was told; the question that was not answered may have been counted as well, which errs on the safe side.
    assert!((3..=4).contains(&nodes.accepted().await.iter().sum::<usize>()));
}

#[actix_web::test]
async fn a_node_that_starts_without_redis_serves_and_finds_it_later_l5() {
    let mut redis = Redis::on_disk();
    redis.stop();
    let nodes = Nodes::start(&redis, &[]).await;
    assert_eq!(nodes.ask(0).await.status, 200);
    redis.again();
    nodes.reach().await;
    let second = nodes.ask(1).await;
    assert!(second.header("ratelimit").starts_with("\"minute\";r=4;"), "{second:?}");
}

#[actix_web::test]
async fn a_redis_that_is_emptied_is_told_by_every_node_what_it_accepted_l1() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[]).await;
    for node in [0, 0, 1] {
        assert_eq!(nodes.ask(node).await.status, 200);
    }
    redis.empty();
    // Each finds out at its next question, and decides that one alone.
    assert_eq!((nodes.ask(0).await.status, nodes.ask(1).await.status), (200, 200));
    assert!(!nodes.shared(0).is_up() && !nodes.shared(1).is_up());
    assert_eq!(nodes.shared(0).counters().failures(), 0, "it answers");
    nodes.reach().await;
    assert_eq!(nodes.accepted().await.iter().sum::<usize>(), 1, "five of six are known");
}

#[actix_web::test]
async fn a_redis_that_is_emptied_while_nobody_asks_is_told_before_the_next_request_l1() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[]).await;
    for node in [0, 0, 1] {
        assert_eq!(nodes.ask(node).await.status, 200);
    }
    redis.empty();
    nodes.reach().await;
    assert_eq!(nodes.accepted().await.iter().sum::<usize>(), 3, "three of six are known");
    assert_eq!([0, 1].map(|node| nodes.shared(node).counters().alone()), [0, 0]);
}

#[actix_web::test]
async fn whoever_only_looks_is_not_counted_and_all_keys_of_a_page_are_one_question() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[]).await;
    let ada = nodes.apps[0].sign_in("ada").await;
    for number in 0..40 {
        nodes.apps[0].client_app().set("client_id", &format!("app-{number}")).approved_by(&ada).await;
    }
    let (decided, scripts) = (nodes.shared(0).counters().asked(), redis.scripts_run());
    let page = ada.get("/u/ada/preferences/apps").await;
    assert_eq!(page.body.matches("0 requests of 2").count(), 41, "{page:?}");
    assert_eq!(nodes.shared(0).counters().asked(), decided);
    assert_eq!(redis.scripts_run() - scripts, 2, "for up to 32 keys each");
}

#[actix_web::test]
async fn health_and_figures_say_who_counts_and_the_log_says_it_once_l5() {
    let mut redis = Redis::on_disk();
    let settings = [("limits.url", redis.url()), ("limits.on_failure", "refuse".to_owned())];
    let server = Server::start(&settings.each_ref().map(|(name, value)| (*name, value.as_str())));
    let internal = Visitor::new(&server.internal);
    let limits = async || internal.get("/health/ready").await.json()["checks"]["limits"].as_str().unwrap().to_owned();
    soon(async || limits().await == "ok").await;
    redis.stop();
    // Nobody asked for anything since.
    soon(async || limits().await == "unavailable").await;
    for _ in 0..5 {
        assert_eq!(sign_in(&server).await, 503);
    }
    let ready = internal.get("/health/ready").await;
    assert_eq!((ready.status, &ready.json()["checks"]["limits"]), (200, &"unavailable".into()));
    let figures = internal.get("/metrics").await.body;
    assert!(
        figures.contains("hallpass_limits_shared 1\n") && figures.contains("hallpass_limits_cut_off 1\n"),
        "{figures}"
    );
    assert!(!figures.contains("hallpass_shared_limit_decisions_total{by=\"nobody\"} 0\n"), "{figures}");
    redis.again();
    soon(async || limits().await == "ok").await;
    let log = server.log();
    assert_eq!(log.matches("what is limited is refused").count(), 1, "{log}");
    assert!(log.contains("meanwhile=") && !log.contains("the request failed"), "{log}");
}

async fn sign_in(server: &Server) -> u16 {
    Visitor::new(&server.base).sign_in("nobody", PASSWORD).await.status
}

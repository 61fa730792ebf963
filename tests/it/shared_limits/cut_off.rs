//! Redis does not answer.

use super::*;

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
    nodes.tend().await;
    assert!(nodes.shared(0).is_up() && nodes.shared(1).is_up());
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
    nodes.tend().await;
    assert_eq!(nodes.accepted().await, [2, 2], "two were told of");
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
    nodes.tend().await;
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
    nodes.tend().await;
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
    nodes.tend().await;
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
    nodes.tend().await;
    let second = nodes.ask(1).await;
    assert!(second.header("ratelimit").starts_with("\"minute\";r=4;"), "{second:?}");
}

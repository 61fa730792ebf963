//! What breaks, and what holds all the same.

use super::*;

/// Debian's libfaketime, by the name of the machine's kind.
fn clock_ahead(folder: &str) -> String {
    let found = fs::read_dir("/usr/lib").unwrap().filter_map(|entry| {
        let library = entry.unwrap().path().join(folder);
        library.exists().then(|| library.display().to_string())
    });
    found.last().expect("libfaketime is missing: tests/run packages")
}

/// Everything taken together, and nothing left over but what an answer that got lost may have taken.
fn is_exact(outcome: &Outcome, lost: usize) {
    assert!(outcome.worst.iter().all(|worst| (LIMIT - lost..=LIMIT).contains(worst)), "{:?}", outcome.worst);
    if outcome.is_short {
        assert!(outcome.accepted.len() <= 2 * LIMIT);
    }
}

#[actix_web::test]
async fn three_nodes_never_accept_more_than_one_would_c273_l1() {
    let trial = Trial::begin(Redis::start(), "local", &[]).await;
    trial.until_all_refuse();
    is_exact(&trial.end("1", "nothing"), 0);
}

#[actix_web::test]
async fn nor_while_nodes_are_killed_and_started_again_l1() {
    let mut trial = Trial::begin(Redis::start(), "local", &[]).await;
    trial.until_accepted(LIMIT / 4);
    trial.kill(0);
    trial.until_accepted(LIMIT / 2);
    trial.kill(1);
    trial.until_all_refuse();
    trial.kill(2);
    trial.until_all_refuse();
    // Each of the clients of a killed node may have had one question on the way.
    is_exact(&trial.end("2", "each node once killed with `kill -9` and started again"), 6);
}

#[actix_web::test]
async fn nor_while_the_clock_of_a_node_is_30_seconds_ahead_l1() {
    let library = clock_ahead("faketime/libfaketimeMT.so.1");
    let ahead = [("LD_PRELOAD", library.as_str()), ("FAKETIME", "+30s"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
    let trial = Trial::begin(Redis::start(), "local", &ahead).await;
    let mut clocks = Vec::new();
    for node in &trial.nodes {
        let date = Visitor::new(&node.internal).get("/health/live").await.header("date").to_owned();
        clocks.push(jiff::fmt::rfc2822::parse(&date).unwrap().timestamp().as_second());
    }
    assert!((28..=32).contains(&(clocks[2] - clocks[0])), "the third clock is not ahead: {clocks:?}");
    trial.until_all_refuse();
    is_exact(&trial.end("3", "the clock of one node is 30 s ahead"), 0);
}

#[actix_web::test]
async fn nor_where_nodes_refuse_while_redis_is_stopped_and_started_l1_l5() {
    let mut trial = Trial::begin(Redis::on_disk(), "refuse", &[]).await;
    trial.until_accepted(LIMIT / 2);
    trial.redis.stop();
    trial.until_all_are_unable();
    trial.redis_again();
    trial.until_all_refuse();
    // Two clients of each node may have been answered too late.
    is_exact(&trial.end("4", "Redis stopped and started, `refuse`"), 12);
}

#[actix_web::test]
async fn cut_off_no_node_accepts_more_than_one_would_and_all_together_no_more_afterwards_l1_l5() {
    let mut trial = Trial::begin(Redis::on_disk(), "local", &[]).await;
    trial.until_accepted(LIMIT / 2);
    trial.redis.stop();
    trial.until_all_refuse();
    let gone = trial.load.now();
    trial.redis_again();
    let back = trial.load.now();
    trial.until_all_refuse();
    let Outcome { accepted, worst, is_short } = trial.end("5", "Redis stopped and started, `local`");
    for (node, key) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
        let of_node = most_in_a_window(accepted.iter().filter(|one| (one.node, one.key) == (node, key)));
        assert!(of_node <= LIMIT, "node {node}: {of_node}");
        let later = most_in_a_window(accepted.iter().filter(|one| one.key == key && one.sent > back));
        assert!(later <= LIMIT, "all nodes after Redis was back: {later}");
    }
    assert!(worst.iter().all(|worst| *worst > 2 * LIMIT), "the nodes were not cut off: {worst:?}");
    let too_many = accepted.iter().filter(|one| is_short && one.sent > gone).count();
    assert_eq!(too_many, 0, "all had been told, and none had left");
}

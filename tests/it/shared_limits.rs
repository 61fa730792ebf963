//! Several nodes over one Redis: limits hold over all of them, and what happens when it does not answer.
//!
//! Redis goes by its own clock, so here time passes as it does; that windows move is shown beside the scripts.

#![cfg(test)]

mod cut_off;
mod secured;

use hallpass::domain::housekeeping;
use hallpass::limits::SharedLimits;

use crate::ending::soon;
use crate::support::redis::Redis;
use crate::support::{Answer, PASSWORD, TestApp, Visitor};

/// Two nodes of one site, and a program with a key of it at each.
struct Nodes {
    apps: [TestApp; 2],
    programs: [Visitor; 2],
}

impl Nodes {
    async fn start(redis: &Redis, settings: &[(&str, &str)]) -> Self {
        let url = redis.url();
        let all = [&[("limits.url", url.as_str()), ("user_api.max_user_api_reqs_per_minute", "6")], settings].concat();
        let one = TestApp::with(&all).await;
        let other = one.beside(&[]).await;
        let program = one.key("read").await;
        let programs = [program.at(&one.base), program.at(&other.base)];
        Self { apps: [one, other], programs }
    }

    /// Asks once at a node.
    async fn ask(&self, node: usize) -> Answer {
        self.programs[node].get("/about.json").await
    }

    /// Asks in turn at both, until both refuse; gives how often each accepted.
    async fn accepted(&self) -> [usize; 2] {
        let mut accepted = [0, 0];
        for round in 0..20 {
            accepted[round % 2] += usize::from(self.ask(round % 2).await.status == 200);
        }
        accepted
    }

    fn shared(&self, node: usize) -> &SharedLimits {
        self.apps[node].app.cx.shared_limits.as_ref().unwrap()
    }

    /// What the workers do ten times a second.
    async fn tend(&self) {
        for app in &self.apps {
            housekeeping::reach_limits(&app.app.cx).await;
        }
    }

    /// The same until both have reached Redis, which may be slow to answer at first.
    async fn reach(&self) {
        let is_up = || [0, 1].iter().all(|node| self.shared(*node).is_up());
        soon(async || {
            self.tend().await;
            is_up()
        })
        .await;
    }
}

#[actix_web::test]
async fn two_nodes_accept_together_what_one_would_c273_l1_l2() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[]).await;
    let first = nodes.ask(0).await;
    assert_eq!(first.header("ratelimit"), "\"minute\";r=5;t=60, \"day\";r=2879;t=86400");
    let second = nodes.ask(1).await;
    assert!(second.header("ratelimit").starts_with("\"minute\";r=4;t="), "{second:?}");
    assert_eq!(nodes.accepted().await, [2, 2]);
    let refused = nodes.ask(1).await;
    assert_eq!(
        (refused.status, refused.header("discourse-rate-limit-error-code")),
        (429, "user_api_key_limiter_60_secs")
    );
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{refused:?}");
    assert_eq!(refused.json()["error_type"], "rate_limit");
}

#[actix_web::test]
async fn a_refusal_charges_no_window_on_any_node_c275_l1() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[("limits.requests_per_user_per_minute", "4")]).await;
    assert_eq!(nodes.accepted().await, [2, 2]);
    let refused = nodes.ask(0).await;
    assert_eq!(
        (refused.status, refused.header("discourse-rate-limit-error-code")),
        (429, ""),
        "it is the owner's limit"
    );
    let page = nodes.apps[1].sign_in("ada").await.get("/u/ada/preferences/apps").await;
    assert!(page.body.contains("4 requests of 2"), "four of the day, though sixteen more were asked for: {page:?}");
}

#[actix_web::test]
async fn tries_to_sign_in_are_counted_over_all_nodes_w6_l1() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[("limits.sign_in_per_account_and_address_per_minute", "3")]).await;
    let mut statuses = Vec::new();
    for round in 0..5 {
        let visitor = nodes.apps[round % 2].anonymous();
        statuses.push(visitor.sign_in("ada", if round == 4 { PASSWORD } else { "wrong" }).await.status);
    }
    // One try was the good one with which the key was made.
    assert_eq!(statuses[2..], [429, 429, 429], "{statuses:?}");
}

#[actix_web::test]
async fn a_site_does_not_count_what_another_one_did_on_the_same_server_l3() {
    let redis = Redis::start();
    let (one, other) = (Nodes::start(&redis, &[]).await, Nodes::start(&redis, &[]).await);
    assert_eq!(one.accepted().await, [3, 3]);
    assert_eq!(other.accepted().await, [3, 3]);
}

#[actix_web::test]
async fn requests_at_the_same_time_at_two_nodes_are_counted_exactly_c275_l1() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[]).await;
    let all = [nodes.accepted(), nodes.accepted(), nodes.accepted()];
    let [one, two, three] = all;
    let (one, two, three) = tokio::join!(one, two, three);
    assert_eq!([one, two, three].concat().iter().sum::<usize>(), 6);
}

#[actix_web::test]
async fn who_guesses_through_one_node_shuts_no_other_though_their_proxies_have_one_address_l4_l7() {
    let redis = Redis::start();
    let nodes = Nodes::start(&redis, &[("limits.unknown_keys_per_caller_per_minute", "3")]).await;
    let ask = async |node: usize, key: &str| {
        let proxy = Visitor::new(&nodes.apps[node].internal).with("X-Original-Method", "GET");
        proxy.with("X-Original-URI", "/about.json").with("User-Api-Key", key).get("/verify").await.status
    };
    let mut answers = Vec::new();
    for number in 0..4 {
        answers.push(ask(0, &format!("{number:032x}")).await);
    }
    assert_eq!(answers, [403, 403, 403, 429]);
    assert_eq!(ask(1, &format!("{:032x}", 5)).await, 403);
}

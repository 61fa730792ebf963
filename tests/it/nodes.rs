//! Trials: three processes of one site over one database and one Redis, under load through all of them, while things break.
//!
//! What was accepted is counted from outside (`load.rs`). In the suite each phase ends as soon as it has shown something;
//! `tests/nodes` lets each last as long as it is told, so that windows slide, and keeps what was counted.

#![cfg(test)]

mod load;
mod trials;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::redis::Redis;
use crate::support::server::Server;
use crate::support::trials::note;
use crate::support::{ClientApp, PASSWORD, Visitor};
use load::{Load, most_in_a_window};

/// Requests per minute and key: the most for which every instant is kept.
const LIMIT: usize = 200;

/// Requests in the course of a phase that show that it has begun.
const SOME: usize = 20;

/// Three nodes, and who asks them.
struct Trial {
    redis: Redis,
    nodes: Vec<Server>,
    load: Load,
    /// How long a phase lasts at least.
    phase: Duration,
}

impl Trial {
    /// With this said about Redis, the third node with these variables in its environment.
    async fn begin(redis: Redis, on_failure: &str, third: &[(&str, &str)]) -> Self {
        let (url, limit) = (redis.url(), LIMIT.to_string());
        let first = Server::logging(
            "hallpass=info",
            &[
                ("limits.url", url.as_str()),
                ("limits.on_failure", on_failure),
                ("user_api.max_user_api_reqs_per_minute", limit.as_str()),
                ("user_api.max_user_api_reqs_per_day", "100000"),
            ],
        );
        while !first.log().contains("Redis answers") {
            thread::park_timeout(Duration::from_millis(1));
        }
        let keys = [key_of(&first, "ada").await, key_of(&first, "bob").await];
        let nodes = vec![first.beside(&[]), first.beside_with(third)];
        let nodes: Vec<Server> = [first].into_iter().chain(nodes).collect();
        let load = Load::start(&nodes.iter().map(|node| node.internal.as_str()).collect::<Vec<_>>(), &keys);
        let seconds = std::env::var("HALLPASS_TEST_PHASE_SECONDS").map_or(0, |text| text.parse().unwrap());
        Self { redis, nodes, load, phase: Duration::from_secs(seconds) }
    }

    /// Waits for this, and for the phase to be over.
    fn until(&self, is_shown: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while begin.elapsed() < self.phase || !is_shown(self) {
            assert!(begin.elapsed() < self.phase + Duration::from_mins(1), "nothing happens: {:?}", self.load.counts());
            thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Waits until so many were accepted with either key; the phase may be shorter than others.
    fn until_accepted(&self, count: usize) {
        while self.load.counts().iter().map(|node| node.accepted).sum::<usize>() < 2 * count {
            thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Waits until every node has refused some more, for want of room.
    fn until_all_refuse(&self) {
        let before = self.load.counts();
        self.until(|trial| {
            trial.load.counts().iter().zip(&before).all(|(now, then)| now.refused >= then.refused + SOME)
        });
    }

    /// Waits until every node has found nobody to ask.
    fn until_all_are_unable(&self) {
        let before = self.load.counts();
        self.until(|trial| trial.load.counts().iter().zip(&before).all(|(now, then)| now.unable >= then.unable + SOME));
    }

    /// Starts Redis again, and waits until all nodes have met it.
    fn redis_again(&mut self) {
        let met = |node: &Server| node.log().matches("Redis answers").count();
        let before: Vec<usize> = self.nodes.iter().map(met).collect();
        self.redis.again();
        while self.nodes.iter().zip(&before).any(|(node, before)| met(node) == *before) {
            thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Kills a node, and starts it again.
    fn kill(&mut self, node: usize) {
        let again = self.nodes.remove(node).again();
        self.load.moved(node, &again.internal);
        self.nodes.insert(node, again);
    }

    /// Ends the load; gives what was accepted, and notes the counts.
    fn end(self, name: &str, what: &str) -> Outcome {
        let counts = self.load.counts();
        let accepted = self.load.end();
        let worst = [0, 1].map(|key| most_in_a_window(accepted.iter().filter(|one| one.key == key)));
        let each = |of: fn(&load::Counts) -> usize| counts.iter().map(|node| of(node).to_string()).collect::<Vec<_>>();
        let each = [each(|node| node.accepted), each(|node| node.refused), each(|node| node.unable)];
        let each = each.map(|counts| counts.join(", ")).join(" | ");
        note(&format!("nodes-{name}"), &format!("| {what} | {}, {} | {each} |", worst[0], worst[1]));
        Outcome { accepted, worst, is_short: self.phase.is_zero() }
    }
}

/// What a trial showed.
struct Outcome {
    accepted: Vec<load::Accepted>,
    /// With each key, in any 60 seconds, over all nodes.
    worst: [usize; 2],
    /// The whole of it took less than one window.
    is_short: bool,
}

async fn key_of(node: &Server, name: &str) -> String {
    node.account(name, PASSWORD, &[]);
    let user = Visitor::new(&node.base);
    let begun = Instant::now();
    // On a busy machine Redis may be too late for one, and then nobody is signed in.
    while user.sign_in(name, PASSWORD).await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(10), "{name} cannot sign in");
    }
    ClientApp::new(&node.base).set("client_id", name).approved_by(&user).await.key
}

//! The windows in Redis beside those in memory: they answer the same, whatever the pattern. Time is moved by hand, by having
//! the scripts of these tests read it from a key.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use proptest::prelude::*;
use redis::Client;
use tokio::runtime::Runtime;

use super::*;
use crate::limits::{KeyLimits, Refused, Standing};
use crate::model::{Clock, KeyId, Timestamp};

#[path = "../../../../tests/it/support/redis.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod server;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 86_400 * SECOND;
const START: i64 = 1_790_000_000 * SECOND;

#[derive(Debug)]
struct Hand(AtomicI64);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// A server with the windows of one key, and one after the other as many empty ones as are needed.
struct Bench {
    runtime: Runtime,
    redis: MultiplexedConnection,
    scripts: Scripts,
    _server: server::Redis,
}

/// What both kinds of windows say about one key.
struct Both<'a> {
    bench: &'a Bench,
    local: KeyLimits,
    hand: Arc<Hand>,
    since: String,
}

impl Bench {
    fn new() -> Self {
        let server = server::Redis::start();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = Client::open(server.url()).unwrap();
        let redis = runtime.block_on(client.get_multiplexed_async_connection()).unwrap();
        Self { runtime, redis, scripts: by_hand(), _server: server }
    }

    fn both(&self, per_minute: u32, per_day: u32) -> Both<'_> {
        let hand = Arc::new(Hand(AtomicI64::new(START)));
        self.run(&redis::cmd("FLUSHALL"));
        let local = KeyLimits::new(per_minute, per_day, hand.clone());
        let mut both = Both { bench: self, local, hand, since: String::new() };
        both.set(START);
        both.greet();
        both
    }

    fn run(&self, command: &redis::Cmd) {
        self.runtime.block_on(command.query_async::<redis::Value>(&mut self.redis.clone())).unwrap();
    }
}

fn by_hand() -> Scripts {
    let of = |text: &str| {
        assert_eq!(text.matches("redis.call('TIME')").count(), 1);
        Script::new(&text.replace("redis.call('TIME')", "redis.call('HMGET', 'clock', 'seconds', 'micros')"))
    };
    Scripts {
        prefix: "test".to_owned(),
        take: of(include_str!("../take.lua")),
        give: of(include_str!("../give.lua")),
        greet: of(include_str!("../greet.lua")),
    }
}

fn key() -> KeyId {
    KeyId::parse(1).unwrap()
}

impl Both<'_> {
    fn set(&self, now: i64) {
        self.hand.0.store(now, Ordering::SeqCst);
        let mut command = redis::cmd("HSET");
        self.bench.run(command.arg("clock").arg("seconds").arg(now / SECOND).arg("micros").arg(now % SECOND));
    }

    fn pass(&self, span: i64) -> i64 {
        let now = self.hand.0.load(Ordering::SeqCst) + span;
        self.set(now);
        now
    }

    fn greet(&mut self) {
        let Bench { runtime, redis, scripts, .. } = self.bench;
        self.since = runtime.block_on(scripts.greet(&mut redis.clone())).unwrap();
    }

    fn answer(&self, charge: bool) -> Option<Answer> {
        let Bench { runtime, redis, scripts, .. } = self.bench;
        let windows = self.local.asked(key());
        runtime.block_on(scripts.take(&mut redis.clone(), &self.since, charge, &windows)).unwrap()
    }

    /// What Redis says.
    fn ask(&self, charge: bool) -> Result<Standing, Refused> {
        let answer = self.answer(charge).unwrap();
        let (minute, day) = (answer.survey(0).unwrap(), answer.survey(1).unwrap());
        if answer.is_accepted {
            Ok(self.local.shared_standing(minute, day))
        } else {
            Err(self.local.judge(minute, day).unwrap_err())
        }
    }

    /// Tells Redis all that the local windows accepted without asking.
    fn tell(&self) {
        let Bench { runtime, redis, scripts, .. } = self.bench;
        runtime.block_on(scripts.give(&mut redis.clone(), &self.local.owed())).unwrap();
    }
}

fn pauses() -> impl Strategy<Value = Vec<i64>> {
    let pause = prop_oneof![
        4 => Just(0),
        3 => 0..SECOND,
        3 => 0..10 * SECOND,
        2 => 0..2 * MINUTE,
        1 => 0..20 * MINUTE,
        4 => (0..=6_i64).prop_map(|steps| steps * 10 * SECOND),
        1 => 0..DAY / 2,
    ];
    proptest::collection::vec(pause, 1..400)
}

/// The most that any window of this length holds of these instants, which are in order.
fn worst(accepted: &[i64], window: i64) -> usize {
    let within = |end: &i64| accepted.iter().filter(|at| (end - window + 1..=*end).contains(at)).count();
    accepted.iter().map(within).max().unwrap_or(0)
}

#[test]
fn redis_answers_as_the_windows_in_memory_do_to_the_second_and_the_bucket_c273_c274_c275_l1_l2() {
    let bench = Bench::new();
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(pauses in pauses(), per_minute in 0_u32..260, per_day in 0_u32..700)| {
        let both = bench.both(per_minute, per_day);
        for pause in pauses {
            both.pass(pause);
            let standing = both.local.standing(key());
            let looked = both.ask(false).unwrap_or_else(|refused| refused.standing);
            prop_assert_eq!(looked, standing);
            let local = both.local.take(key());
            prop_assert_eq!(both.ask(true), local);
        }
    });
}

#[test]
fn a_clock_that_goes_back_lets_nobody_in_earlier_c275() {
    let bench = Bench::new();
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(steps in proptest::collection::vec(-40 * SECOND..60 * SECOND, 1..200))| {
        let both = bench.both(5, 100);
        let (mut latest, mut counted) = (0, Vec::new());
        for step in steps {
            let now = both.pass(step);
            if both.ask(true).is_ok() {
                // What was accepted behind the newest one counts as accepted with it.
                latest = now.max(latest);
                counted.push(latest);
            }
            prop_assert!(worst(&counted, MINUTE) <= 5 && worst(&counted, DAY) <= 100);
        }
    });
}

#[test]
fn what_redis_is_told_later_counts_as_if_it_had_been_asked_l1() {
    let bench = Bench::new();
    let config = ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() };
    let part = || proptest::collection::vec(prop_oneof![Just(0), 0..SECOND, 0..30 * SECOND, 0..MINUTE], 0..60);
    proptest!(config, |(before in part(), alone in part(), after in part(), per_minute in 1_u32..30, per_day in 1_u32..150)| {
        let both = bench.both(per_minute, per_day);
        let mut all: Vec<i64> = Vec::new();
        for pause in before {
            let now = both.pass(pause);
            all.extend(both.ask(true).ok().map(|_| now));
        }
        // Another node, which does not know of these, decides alone.
        for pause in alone {
            let now = both.pass(pause);
            if both.local.take(key()).is_ok() {
                both.local.owe(key());
                all.push(now);
            }
        }
        both.tell();
        for pause in after {
            let now = both.pass(pause);
            let within = |window| all.iter().filter(|&&at| at > now - window).count();
            let expected = within(MINUTE) < usize::try_from(per_minute).unwrap() && within(DAY) < usize::try_from(per_day).unwrap();
            prop_assert_eq!(both.ask(true).is_ok(), expected);
            all.extend(expected.then_some(now));
        }
    });
}

#[test]
fn of_buckets_told_later_none_lets_one_more_through_l1() {
    let bench = Bench::new();
    let both = bench.both(1_000_000, 2880);
    let mut accepted = 0;
    for round in 0..2 {
        for _ in 0..1400 {
            both.pass(10 * SECOND);
            if round == 0 {
                both.local.take(key()).unwrap();
                both.local.owe(key());
            } else {
                both.ask(true).unwrap();
            }
            accepted += 1;
        }
        both.tell();
        both.local.settle_day(key(), 2880);
    }
    while both.ask(true).is_ok() {
        accepted += 1;
    }
    assert!((2866..=2880).contains(&accepted), "{accepted}");
}

#[test]
fn what_is_kept_in_redis_is_bounded_and_goes_by_itself_l6() {
    let mut bench = Bench::new();
    bench.scripts = Scripts::new("test");
    let both = bench.both(20, 2880);
    both.ask(true).unwrap();
    both.ask(true).unwrap();
    let Bench { runtime, redis, .. } = &bench;
    let mut redis = redis.clone();
    let keys: Vec<String> = runtime.block_on(redis::cmd("KEYS").arg("test:*").query_async(&mut redis)).unwrap();
    let keys: Vec<String> = keys.into_iter().filter(|key| key.contains("key:")).collect();
    assert_eq!(keys.len(), 3, "two heads, and the closed bucket of the minute: {keys:?}");
    for key in keys {
        let left: i64 = runtime.block_on(redis::cmd("PTTL").arg(&key).query_async(&mut redis)).unwrap();
        let window = if key.contains("day") { DAY } else { MINUTE };
        assert!((window / 1000 - 5000..=window / 1000 + 2).contains(&left), "{key}: {left} ms");
    }
}

#[test]
fn a_server_that_was_emptied_decides_nothing_before_it_is_met_again_l1() {
    let bench = Bench::new();
    let mut both = bench.both(3, 100);
    both.ask(true).unwrap();
    bench.run(&redis::cmd("FLUSHALL"));
    both.set(START);
    assert!(both.answer(true).is_none() && both.answer(false).is_none());
    both.pass(1);
    both.greet();
    assert_eq!(both.ask(false).unwrap().minute.remaining, 3, "nothing was charged");
}

#[test]
fn emptying_redis_ends_what_its_clock_has_closed_and_forgets_nothing_that_a_node_accepted_l1() {
    let bench = Bench::new();
    let mut both = bench.both(3, 100);
    let ahead = |both: &Both<'_>, span| {
        let mut command = redis::cmd("HINCRBY");
        both.bench.run(command.arg("clock").arg("seconds").arg(span));
    };
    ahead(&both, 7200);
    for _ in 0..3 {
        both.ask(true).unwrap();
        both.local.note(key());
    }
    ahead(&both, -7200);
    both.pass(2 * MINUTE);
    assert!(both.ask(true).is_err(), "Redis takes them for requests of the future");
    bench.run(&redis::cmd("FLUSHALL"));
    both.pass(0);
    both.greet();
    both.local.owe_all();
    both.tell();
    let standing = both.ask(true).unwrap();
    assert_eq!((standing.minute.remaining, standing.day.remaining), (2, 96));
}

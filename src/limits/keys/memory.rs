//! What a key costs in memory.

use std::sync::Mutex;

use super::*;
use crate::model::Timestamp;

#[derive(Debug, Default)]
struct Hand(Mutex<i64>);

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(*self.0.lock().unwrap())
    }
}

/// Everything one key occupies: what its windows allocated, the entry, and a slot of the map just after it grew, when 7 of 16 are in use.
fn bytes(limits: &KeyLimits, key: KeyId) -> usize {
    let shard = limits.shards.lock(number(key));
    let entry = hold(&shard.entries[&key]);
    let slot = size_of::<(KeyId, Arc<Held>)>() + 1;
    let counters = 2 * size_of::<usize>();
    entry.minute.bytes() + entry.day.bytes() + size_of::<Held>() + counters + slot * 16 / 7
}

fn key() -> KeyId {
    KeyId::parse(7).unwrap()
}

/// The most a key ever occupies over a day and a half of requests that come `bursts` at a time, with such a pause and a sweep between.
fn most(per_minute: u32, per_day: u32, bursts: &[u32], pause: Duration) -> usize {
    let hand = Arc::new(Hand::default());
    let limits = KeyLimits::new(per_minute, per_day, hand.clone());
    let (mut most, mut now) = (0, Duration::ZERO);
    for burst in bursts.iter().cycle() {
        for _ in 0..*burst {
            let _ = limits.take(key());
        }
        most = most.max(bytes(&limits, key()));
        limits.sweep();
        now += pause;
        *hand.0.lock().unwrap() = i64::try_from(now.as_micros()).unwrap();
        if now > Duration::from_hours(36) {
            break;
        }
    }
    most
}

#[test]
fn at_the_default_limits_a_key_costs_at_most_2_kb_for_both_windows_l6() {
    // The fourth has the most buckets there can be: one that is full and one that time closes, again and again, and sometimes only
    // the latter, so that the day's quota lasts. The last two pause long enough to need two records for one bucket.
    let mostly = [&[15; 21][..], &[1]].concat();
    let patterns: [(&[u32], u64); 8] = [
        (&[1], 30),
        (&[1], 3),
        (&[20], 60),
        (&mostly, 432),
        (&[15], 432),
        (&[14, 1], 216),
        (&[16], 1080),
        (&[20], 1080),
    ];
    for (bursts, pause) in patterns {
        let most = most(20, 2880, bursts, Duration::from_secs(pause));
        assert!(most <= 2048, "{} bursts each {pause} s: {most} bytes", bursts.len());
    }
}

#[test]
fn a_key_that_asks_once_costs_next_to_nothing_l6() {
    let limits = KeyLimits::new(20, 2880, Arc::new(Hand::default()));
    limits.take(key()).unwrap();
    assert!(bytes(&limits, key()) < 256, "{} bytes", bytes(&limits, key()));
}

#[test]
fn a_larger_quota_costs_hardly_more_l6() {
    let most = most(100_000, 1_000_000, &[5000, 1], Duration::from_secs(216));
    assert!(most <= 4096, "{most} bytes");
}

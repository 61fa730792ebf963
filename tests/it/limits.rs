//! The limits, from outside: what is promised about any pattern of requests.

// `cfg(test)` is always set here; it tells clippy that whole modules are tests, not their `#[test]` functions only.
#[cfg(test)]
mod acts;
#[cfg(test)]
mod days;
#[cfg(test)]
mod exact;
#[cfg(test)]
mod gcra;
#[cfg(test)]
mod saved;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hallpass::limits::KeyLimits;
use hallpass::model::{Clock, KeyId, Timestamp};

/// One second, in the microseconds that everything here counts in.
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 86_400 * SECOND;

/// No day or minute ever reaches this.
const PLENTY: u32 = 10_000_000;

/// A clock that is moved by hand.
#[derive(Debug)]
struct Hand(AtomicI64);

impl Hand {
    fn at(micros: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(micros)))
    }

    fn set(&self, micros: i64) {
        self.0.store(micros, Ordering::SeqCst);
    }

    fn get(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.get())
    }
}

fn limits(per_minute: u32, per_day: u32) -> (KeyLimits, Arc<Hand>) {
    let hand = Hand::at(1_790_000_000 * SECOND);
    (KeyLimits::new(per_minute, per_day, hand.clone()), hand)
}

fn key(number: i64) -> KeyId {
    KeyId::parse(number).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The instants at which one key was accepted, asked after each of these pauses.
fn accepted(limits: &KeyLimits, hand: &Hand, pauses: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let ask = |pause| {
        hand.set(hand.get() + pause);
        limits.take(key(1)).is_ok().then(|| hand.get())
    };
    pauses.into_iter().filter_map(ask).collect()
}

/// The most that any window of this length holds of these instants, which are in order.
fn worst(accepted: &[i64], window: i64) -> usize {
    let mut inside = VecDeque::new();
    let count = |&at: &i64| {
        inside.push_back(at);
        while inside.pop_front_if(|before: &mut i64| *before <= at - window).is_some() {}
        inside.len()
    };
    accepted.iter().map(count).max().unwrap_or(0)
}

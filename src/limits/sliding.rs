//! The requests that one window counts.

use std::time::Duration;

use super::quota::{Shape, micros};
use super::ring::Ring;
use super::standing::WindowStanding;
use super::state_store::decide;

/// Requests that are counted together. Instants are microseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    /// Its oldest request; known of the newest bucket only, and otherwise equal to `last`.
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) count: u32,
}

/// A window's memory: for each bucket the instant when its newest request leaves, as governor returned it, and how many it holds.
///
/// It does not hold its shape, which is one for all keys. Only a recorded request moves anything: looking, refusing and sweeping do not, so a
/// clock that jumps ahead and comes back costs nobody their history.
#[derive(Debug, Default)]
pub(super) struct Sliding {
    closed: Ring,
    /// When the first and the last of `closed` leave.
    oldest: i64,
    newest: i64,
    /// Takes more; counts 0 only when the whole window is empty. Its instants are leave instants too.
    open: Bucket,
    total: u32,
    /// How many of the newest the shared windows were not told of.
    owed: u32,
}

/// What counts at an instant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Survey {
    pub(super) counted: u32,
    /// When the oldest bucket leaves.
    pub(super) oldest: Option<i64>,
}

impl Survey {
    /// Asks for one request at `now`. `Ok` is when it will leave, to be handed to `record`; `Err` is when the next slot is free.
    pub(super) fn ask(self, shape: &Shape, now: i64) -> Result<i64, i64> {
        let leaves = self.oldest.unwrap_or(now.saturating_add(shape.window()));
        let wait = (self.counted >= shape.quota.max()).then(|| between(now, leaves));
        match decide(shape.rate, wait) {
            Ok(span) => Ok(now.saturating_add(micros(span))),
            Err(span) => Err(now.saturating_add(micros(span))),
        }
    }

    /// How the window stands; `wall` is what the clock says, from which the wait is counted.
    pub(super) fn standing(self, shape: &Shape, wall: i64) -> WindowStanding {
        let (quota, window) = (shape.quota.max(), shape.quota.window());
        let empty = if quota == 0 { window } else { Duration::ZERO };
        let reset = self.oldest.map_or(empty, |leaves| between(wall, leaves));
        WindowStanding { quota, window, remaining: quota.saturating_sub(self.counted), reset }
    }
}

impl Sliding {
    /// Asks for one request at `now`, as [`Survey::ask`].
    pub(super) fn ask(&self, shape: &Shape, now: i64) -> Result<i64, i64> {
        self.survey(shape, now).ask(shape, now)
    }

    /// Counts an accepted request, and says what counts with it. What has left by `now` is forgotten.
    pub(super) fn record(&mut self, shape: &Shape, now: i64, leaves: i64) -> Survey {
        self.evict(shape, now);
        let Bucket { first, count, .. } = self.open;
        if count >= shape.bucket || leaves.saturating_sub(first) >= shape.span {
            self.close(shape);
        }
        if self.open.count == 0 {
            self.open.first = leaves;
        }
        self.open.last = leaves;
        self.open.count += 1;
        self.total += 1;
        Survey { counted: self.total, oldest: Some(self.oldest()) }
    }

    /// Counts a request that was accepted elsewhere at about `now`, whatever the quota says.
    pub(super) fn note(&mut self, shape: &Shape, now: i64) {
        self.record(shape, now, now.saturating_add(shape.window()));
    }

    /// Remembers that the shared windows were not told of the newest request, or of any that is counted here.
    pub(super) fn owe(&mut self, all: bool) {
        self.owed = if all { self.total } else { self.owed.saturating_add(1) };
    }

    /// The shared windows were told of so many, the oldest of those that were owed.
    pub(super) fn settle(&mut self, told: u32) {
        self.owed = self.owed.saturating_sub(told);
    }

    /// What the shared windows were not told of, by the instants of acceptance, oldest first.
    pub(super) fn owed(&self, shape: &Shape) -> Vec<Bucket> {
        let mut told = self.total.saturating_sub(self.owed);
        let untold = |bucket: Bucket| {
            let passed = told.min(bucket.count);
            told -= passed;
            Some(Bucket { count: bucket.count - passed, ..bucket }).filter(|bucket| bucket.count > 0)
        };
        if self.owed == 0 { Vec::new() } else { self.accepted(shape).filter_map(untold).collect() }
    }

    /// Whether nothing counts at this instant.
    pub(super) const fn is_empty_at(&self, now: i64) -> bool {
        self.open.count == 0 || self.open.last <= now
    }

    /// Whether there is nothing in it, not even what has left.
    pub(super) const fn is_unused(&self) -> bool {
        self.open.count == 0
    }

    /// The present for this window: the clock's, or the newest recorded instant where the clock went back behind it.
    pub(super) fn instant(&self, shape: &Shape, wall: i64) -> i64 {
        if self.open.count == 0 { wall } else { wall.max(self.open.last.saturating_sub(shape.window())) }
    }

    /// Buckets by the instants when their requests were accepted, oldest first.
    pub(super) fn accepted(&self, shape: &Shape) -> impl Iterator<Item = Bucket> {
        let back = |leaves: i64| leaves.saturating_sub(shape.window());
        self.buckets(shape).map(move |b| Bucket { first: back(b.first), last: back(b.last), count: b.count })
    }

    /// Puts saved buckets under what is here. Those ahead of the clock are moved to `wall`: a clock that was set back must not lock a
    /// key out, and they cannot have been accepted later than now. Of more than the quota, the newest stay.
    pub(super) fn restore(&mut self, shape: &Shape, saved: &[Bucket], wall: i64) {
        let clamp = |b: &Bucket| Bucket { first: b.first.min(wall), last: b.last.min(wall), count: b.count };
        let mut all: Vec<Bucket> = saved.iter().map(clamp).chain(self.accepted(shape)).collect();
        all.retain(|b| b.last.saturating_add(shape.window()) > wall);
        all.sort_by_key(|b| b.last);
        let total: u64 = all.iter().map(|b| u64::from(b.count)).sum();
        let mut excess = total.saturating_sub(u64::from(shape.quota.max()));
        *self = Self::default();
        for bucket in all {
            let dropped = u32::try_from(excess).unwrap_or(u32::MAX).min(bucket.count);
            excess -= u64::from(dropped);
            self.append(shape, Bucket { count: bucket.count - dropped, ..bucket });
        }
    }

    /// Gives back spare room.
    pub(super) fn shrink(&mut self, shape: &Shape) {
        self.closed.shrink(shape.width());
    }

    /// Bytes on the heap.
    #[cfg(test)]
    pub(super) const fn bytes(&self) -> usize {
        self.closed.bytes()
    }

    fn append(&mut self, shape: &Shape, bucket: Bucket) {
        let (window, mut left) = (shape.window(), bucket.count);
        while left > 0 {
            self.close(shape);
            let count = left.min(shape.bucket);
            let (first, last) = (bucket.first.saturating_add(window), bucket.last.saturating_add(window));
            self.open = Bucket { first, last, count };
            self.total += count;
            left -= count;
        }
    }

    /// What counts at `now`.
    pub(super) fn survey(&self, shape: &Shape, now: i64) -> Survey {
        if self.is_empty_at(now) {
            return Survey { counted: 0, oldest: None };
        }
        let oldest = self.oldest();
        if oldest > now {
            // All of it counts, as nearly always, and `closed` need not be fetched from memory.
            return Survey { counted: self.total, oldest: Some(oldest) };
        }
        let mut counted = self.total;
        for bucket in self.buckets(shape) {
            if bucket.last > now {
                return Survey { counted, oldest: Some(bucket.last) };
            }
            counted -= bucket.count;
        }
        Survey { counted: 0, oldest: None }
    }

    /// When the oldest bucket leaves, of a window that is not empty.
    const fn oldest(&self) -> i64 {
        if self.closed.is_empty() { self.open.last } else { self.oldest }
    }

    fn buckets(&self, shape: &Shape) -> impl Iterator<Item = Bucket> {
        let (mut last, mut high) = (self.oldest, 0);
        let closed = (0..self.closed.len()).filter_map(move |place| {
            let (delta, count) = shape.unpack(self.closed.get(shape.width(), place)?);
            if count == 0 {
                high = delta;
                return None;
            }
            // The distance of the first record led to one that is gone: `oldest` stands for it.
            if place > 0 {
                last += shape.join(high, delta);
            }
            high = 0;
            Some(Bucket { first: last, last, count })
        });
        closed.chain((self.open.count > 0).then_some(self.open))
    }

    fn evict(&mut self, shape: &Shape, now: i64) {
        if self.is_empty_at(now) {
            while self.closed.pop(shape.width()).is_some() {}
            (self.open, self.total) = (Bucket::default(), 0);
        }
        while !self.closed.is_empty() && self.oldest <= now {
            self.pop(shape);
        }
    }

    fn pop(&mut self, shape: &Shape) {
        let width = shape.width();
        let gone = self.closed.pop(width).map_or(0, |record| shape.unpack(record).1);
        self.total -= gone;
        let Some((mut delta, count)) = self.closed.get(width, 0).map(|record| shape.unpack(record)) else { return };
        let mut high = 0;
        if count == 0 {
            self.closed.pop(width);
            high = delta;
            delta = self.closed.get(width, 0).map_or(0, |record| shape.unpack(record).0);
        }
        self.oldest += shape.join(high, delta);
    }

    fn close(&mut self, shape: &Shape) {
        let Bucket { last, count, .. } = std::mem::take(&mut self.open);
        if count == 0 {
            return;
        }
        let first = self.closed.is_empty();
        let (high, low) = if first { (0, 0) } else { shape.split((last - self.newest).cast_unsigned()) };
        if high > 0 {
            self.closed.push(shape.width(), shape.pack(high, 0));
        }
        self.closed.push(shape.width(), shape.pack(low, count));
        if first {
            self.oldest = last;
        }
        self.newest = last;
    }
}

/// How long it is from one instant to another; nothing when that is over.
pub(super) fn between(from: i64, to: i64) -> Duration {
    Duration::from_micros(u64::try_from(to.saturating_sub(from)).unwrap_or(0))
}

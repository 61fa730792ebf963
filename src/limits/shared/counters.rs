//! What happened to the shared windows, in numbers that only grow.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    asked: AtomicU64,
    asking_micros: AtomicU64,
    failures: AtomicU64,
    alone: AtomicU64,
    refused: AtomicU64,
    told: AtomicU64,
}

impl Counters {
    /// Decisions of Redis about requests and acts.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// How long all of them took together, microseconds.
    #[must_use]
    pub fn asking_micros(&self) -> u64 {
        self.asking_micros.load(Ordering::Relaxed)
    }

    /// Questions and attempts to connect that failed.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Decisions of this node alone, while Redis did not answer.
    #[must_use]
    pub fn alone(&self) -> u64 {
        self.alone.load(Ordering::Relaxed)
    }

    /// Refusals because Redis did not answer.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Decisions and refusals without Redis.
    pub(super) fn without(&self) -> u64 {
        self.alone() + self.refused()
    }

    /// Requests and acts, once for each of their windows, that Redis was told of later.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    pub(super) fn count_answer(&self, took: Duration) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.asking_micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }

    pub(super) fn count_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_alone(&self) {
        self.alone.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_told(&self, windows: u64) {
        self.told.fetch_add(windows, Ordering::Relaxed);
    }
}

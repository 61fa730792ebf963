//! What lasts is told when it begins, and then seldom: the log would drown in it, and nobody learns more.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often it is told, at most.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// Something that is told once a minute at most, however often it is met.
#[derive(Debug, Default)]
pub struct Seldom(Mutex<Option<Instant>>);

impl Seldom {
    /// Whether to tell it now; who is told so tells it.
    pub fn is_due(&self) -> bool {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = told.is_none_or(|at| at.elapsed() >= TELL_EVERY);
        if is_due {
            *told = Some(Instant::now());
        }
        is_due
    }
}

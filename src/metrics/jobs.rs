//! Timed work.

use std::time::Duration;

use enum_map::{Enum, EnumMap};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::by_case;
use super::latency::Latency;
use crate::model::Timestamp;

/// The kinds of timed work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Job {
    /// Writing down how the limits stand.
    WriteWindows,
    /// Writing down when keys and users were last seen.
    WriteSeen,
    /// Taking in what other processes changed.
    Hear,
    /// Forgetting what is over.
    Sweep,
    /// What is done once a day; asked for more often.
    Daily,
    /// Looking for what is to be pushed.
    Push,
}

impl Job {
    const fn word(self) -> &'static str {
        match self {
            Self::WriteWindows => "write_windows",
            Self::WriteSeen => "write_seen",
            Self::Hear => "hear",
            Self::Sweep => "sweep",
            Self::Daily => "daily",
            Self::Push => "push",
        }
    }
}

#[derive(Debug)]
pub(super) struct Jobs {
    durations: EnumMap<Job, Latency>,
    successes: EnumMap<Job, Gauge>,
    failures: EnumMap<Job, Counter>,
}

impl Jobs {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let named = |job: Job| [("job", job.word())];
        let (duration, durations) = by_case(named);
        registry.register("job_duration_seconds", "How long timed work took", duration);
        let (success, successes) = by_case(named);
        let about = "When timed work last went well, seconds since 1970; 0 before the first time";
        registry.register("job_last_success_timestamp_seconds", about, success);
        let (failure, failures) = by_case(named);
        registry.register("job_failures", "How often timed work failed; it is tried again the next time", failure);
        Self { durations, successes, failures }
    }

    pub(super) fn worked(&self, job: Job, took: Duration, at: Timestamp, well: bool) {
        self.durations[job].note(took);
        if well {
            self.successes[job].set(at.as_seconds());
        } else {
            self.failures[job].inc();
        }
    }
}

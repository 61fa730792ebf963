//! Counts what happens, for Prometheus to fetch.
//!
//! Nothing here is looked up by name while a request waits: what can happen is an enum, and each of its cases has its
//! counter. Labels are words of ours; no user, key or client is ever one. `levels` is what is not counted here but asked
//! of the other parts when somebody fetches.

mod http;
mod jobs;
mod latency;
mod levels;
mod process;
mod pushes;

use std::fmt;
use std::time::Duration;

use enum_map::{Enum, EnumMap};
use prometheus_client::encoding::prometheus_text::{CONTENT_TYPE, encode};
use prometheus_client::metrics::TypedMetric;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::model::{Timestamp, Verdict};
use http::Http;
use jobs::Jobs;
use latency::Latency;
use levels::Shown;
use pushes::Pushes;

pub use http::InFlight;
pub use jobs::Job;
pub use levels::{Decisions, Levels, SharedLevels};
pub use pushes::PushOutcome;

/// The type of what [`Metrics::text`] gives: the format of Prometheus, version 0.0.4.
pub const TEXT_TYPE: &str = CONTENT_TYPE;

/// What is said of `heard_after`.
const LAG: &str = "How long after a change to keys, such as a revocation, this process heard of it, at most; with \
                   PostgreSQL its own changes are among them, which come back the same way, and with SQLite those are not that it \
                   came upon when it wrote itself";

/// Labels with their values.
type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    verdicts: EnumMap<Verdict, Counter>,
    hits: Counter,
    misses: Counter,
    lags: Latency,
    http: Http,
    jobs: Jobs,
    pushes: Pushes,
    shown: Shown,
}

impl Metrics {
    /// Everything at zero, in a process that starts now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let mut registry = Registry::default();
        let ours = registry.sub_registry_with_prefix("hallpass");
        ours.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let verdicts = by_case(|verdict: Verdict| [("result", verdict.word())]);
        ours.register("verify", "Questions about keys, by what came of them", verdicts.0);
        let (hits, misses) = (Counter::default(), Counter::default());
        ours.register("key_cache_hits", "Keys that were in memory", hits.clone());
        ours.register("key_cache_misses", "Keys that were looked up in the database, existing or not", misses.clone());
        let lags = Latency::default();
        ours.register("revocation_lag_seconds", LAG, lags.clone());
        let (http, jobs, pushes) = (Http::register(ours), Jobs::register(ours), Pushes::register(ours));
        let shown = Shown::register(ours);
        let of_process = registry.sub_registry_with_prefix("process");
        let started = Gauge::<i64>::default();
        started.set(now.as_seconds());
        of_process.register("start_time_seconds", "When the process started, seconds since 1970", started);
        let shown = shown.with_process(of_process);
        Self { registry, verdicts: verdicts.1, hits, misses, lags, http, jobs, pushes, shown }
    }

    /// A question about a key was answered.
    pub fn judged(&self, verdict: Verdict) {
        self.verdicts[verdict].inc();
    }

    /// A key was in memory.
    pub fn hit(&self) {
        self.hits.inc();
    }

    /// A key had to be looked up.
    pub fn missed(&self) {
        self.misses.inc();
    }

    /// A change of another process was heard of so long after it.
    pub fn heard_after(&self, lag: Duration) {
        self.lags.note(lag);
    }

    /// Counts a request as being worked on until what this gives is dropped.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        self.http.in_flight()
    }

    /// A request was answered. The route is its pattern, never the path that was asked for.
    pub fn answered(&self, route: &str, code: u16, took: Duration) {
        self.http.answered(route, code, took);
    }

    /// A question of a proxy was answered.
    pub fn answered_verify(&self, code: u16, took: Duration) {
        self.http.answered_verify(code, took);
    }

    /// A piece of timed work is over.
    pub fn worked(&self, job: Job, took: Duration, at: Timestamp, well: bool) {
        self.jobs.worked(job, took, at, well);
    }

    /// So many notifications that were to be pushed came to this.
    pub fn pushed(&self, outcome: PushOutcome, count: usize) {
        self.pushes.ended(outcome, count);
    }

    /// So many notifications wait to be pushed, and so many targets are switched off.
    pub fn pushes_stand(&self, waiting: u64, switched_off: u64) {
        self.pushes.stand(waiting, switched_off);
    }

    /// All of it, as Prometheus reads it.
    ///
    /// # Errors
    /// Never; the writer is a text.
    pub fn text(&self, levels: &Levels) -> Result<String, fmt::Error> {
        self.shown.show(levels, &EnumMap::from_fn(|verdict| self.verdicts[verdict].get()));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// One of these for each case of an enum, all there from the beginning: what has not happened yet is 0, not missing.
fn by_case<const N: usize, C, M>(labels: impl Fn(C) -> Labels<N>) -> (Family<Labels<N>, M>, EnumMap<C, M>)
where
    C: Enum,
    M: Clone + Default + TypedMetric,
{
    let family = Family::default();
    let cases = EnumMap::from_fn(|case| family.get_or_create_owned(&labels(case)));
    (family, cases)
}

//! How long something takes. Every question of a proxy is noted here, so noting is two additions and no lock, which the
//! library's own histogram has.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// The upper ends of the bands, microseconds: what is remembered takes some ten, what writes to the disk some thousands.
const ENDS: [u64; 12] =
    [25, 100, 250, 1_000, 2_500, 10_000, 25_000, 100_000, 250_000, 1_000_000, 2_500_000, 10_000_000];

/// How often something took how long. A copy is another handle on the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Latency(Arc<Bands>);

#[derive(Debug, Default)]
struct Bands {
    /// The last is for what took longer than all of them.
    counts: [AtomicU64; ENDS.len() + 1],
    micros: AtomicU64,
}

impl Latency {
    pub(super) fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let band = ENDS.iter().position(|end| micros <= *end).unwrap_or(ENDS.len());
        if let Some(count) = self.0.counts.get(band) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.0.micros.fetch_add(micros, Ordering::Relaxed);
    }
}

impl TypedMetric for Latency {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Latency {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let ends = ENDS.iter().map(|end| Duration::from_micros(*end).as_secs_f64()).chain([f64::MAX]);
        let counts = self.0.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let bands: Vec<(f64, u64)> = ends.zip(counts).collect();
        let seconds = Duration::from_micros(self.0.micros.load(Ordering::Relaxed)).as_secs_f64();
        let all = bands.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(seconds, all, &bands, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

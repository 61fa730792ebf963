//! What became of what was to be pushed, and how much still is.

use std::sync::atomic::AtomicU64;

use enum_map::{Enum, EnumMap};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::by_case;

/// What became of a notification that was to be pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PushOutcome {
    /// The target took it.
    Delivered,
    /// The target did not take it.
    Failed,
    /// Nobody wants it any more, or its target never takes it.
    Dropped,
}

impl PushOutcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

#[derive(Debug)]
pub(super) struct Pushes {
    ended: EnumMap<PushOutcome, Counter>,
    waiting: Gauge<u64, AtomicU64>,
    switched_off: Gauge<u64, AtomicU64>,
}

impl Pushes {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let (family, ended) = by_case(|outcome: PushOutcome| [("outcome", outcome.word())]);
        let about =
            "Notifications that were to be pushed, by what became of them; one that failed is counted each time";
        registry.register("pushes", about, family);
        let (waiting, switched_off) = (Gauge::default(), Gauge::default());
        let about = "Notifications that wait to be pushed, by any node; counted once a minute";
        registry.register("pushes_waiting", about, waiting.clone());
        let about = "Addresses that failed for so long that nothing is pushed there; counted once a minute";
        registry.register("push_targets_switched_off", about, switched_off.clone());
        Self { ended, waiting, switched_off }
    }

    pub(super) fn ended(&self, outcome: PushOutcome, count: usize) {
        self.ended[outcome].inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }

    pub(super) fn stand(&self, waiting: u64, switched_off: u64) {
        self.waiting.set(waiting);
        self.switched_off.set(switched_off);
    }
}

//! What became of what was pushed.

use enum_map::{Enum, EnumMap};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

use super::by_case;

/// What became of a notification that was to be pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PushOutcome {
    /// The target took it.
    Delivered,
    /// The target did not take it; it is tried again.
    Failed,
    /// Nobody wanted it any more.
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
pub(super) struct Pushes(EnumMap<PushOutcome, Counter>);

impl Pushes {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let (family, pushes) = by_case(|outcome: PushOutcome| [("outcome", outcome.word())]);
        let about =
            "Notifications that were to be pushed, by what became of them; one that failed is counted each time";
        registry.register("pushes", about, family);
        Self(pushes)
    }

    pub(super) fn ended(&self, outcome: PushOutcome, count: usize) {
        self.0[outcome].inc_by(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

//! What the other parts know anyhow, and are asked for when somebody fetches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use enum_map::EnumMap;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::{Labels, process};
use crate::model::Verdict;

/// How often a limit said yes, and no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Yes.
    pub accepted: u64,
    /// No.
    pub refused: u64,
}

/// How things stand with the limits of all nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedLevels {
    /// Redis does not answer.
    pub cut_off: bool,
    /// How often that, or an attempt to connect, was found.
    pub failures: u64,
    /// Decisions of Redis.
    pub by_redis: u64,
    /// Decisions of this node alone, meanwhile.
    pub by_node: u64,
    /// Refusals because nobody could decide.
    pub by_nobody: u64,
}

/// How things stand with the other parts.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// Keys in memory.
    pub known_keys: usize,
    /// Keys there is room for in memory.
    pub most_known_keys: usize,
    /// Connections to the database that are at work.
    pub busy_connections: usize,
    /// Connections that wait for work.
    pub idle_connections: usize,
    /// The most connections there may be.
    pub most_connections: usize,
    /// Since when nothing may have been heard of other processes; `None` when nothing ever was.
    pub unheard: Option<Duration>,
    /// How often none became free in time.
    pub none_free: u64,
    /// How often none could be opened.
    pub none_opened: u64,
    /// How often nothing could be stored because the disk was full.
    pub no_room: u64,
    /// Polls of the message bus that wait.
    pub polls: usize,
    /// Of the limits of all nodes; none where each counts alone.
    pub shared: Option<SharedLevels>,
    /// Of the limits of acts, by their names.
    pub acts: Vec<(&'static str, Decisions)>,
}

type Gauges = Gauge<u64, AtomicU64>;

/// The same, as it was when somebody last fetched.
#[derive(Debug, Default)]
pub(super) struct Shown {
    known_keys: Gauges,
    most_known_keys: Gauges,
    connections: Family<Labels<1>, Gauges>,
    most_connections: Gauges,
    unheard: Gauge<f64, AtomicU64>,
    polls: Gauges,
    without_connection: Family<Labels<1>, Counter>,
    decisions: Family<Labels<2>, Counter>,
    shared: Gauges,
    cut_off: Gauges,
    redis_failures: Counter,
    deciders: Family<Labels<1>, Counter>,
    processor: Counter<f64, AtomicU64>,
    memory: Gauges,
    open: Gauges,
    most_open: Gauges,
}

impl Shown {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let shown = Self::default();
        registry.register("key_cache_entries", "Keys in memory", shown.known_keys.clone());
        registry.register("key_cache_capacity", "Keys there is room for in memory", shown.most_known_keys.clone());
        let about = "Connections to the database, by whether they are at work";
        registry.register("database_connections", about, shown.connections.clone());
        let about = "The most connections to the database at the same time";
        registry.register("database_connections_max", about, shown.most_connections.clone());
        let about = "Seconds since the database last proved that every change of other processes was heard";
        registry.register("unheard_seconds", about, shown.unheard.clone());
        registry.register("message_bus_polls", "Polls of the message bus that wait", shown.polls.clone());
        let about = "How often work on the database got no connection (none became free in time, or none could be opened), or no room on the disk";
        registry.register("database_failures", about, shown.without_connection.clone());
        let about =
            "What the limits said, by limit: those of a key and its owner, and those of acts by address, user or code";
        registry.register("limit_decisions", about, shown.decisions.clone());
        let about = "1 where the limits are counted over all nodes, in Redis; 0 where this node counts alone";
        registry.register("limits_shared", about, shown.shared.clone());
        let about = "1 while Redis is to be asked and does not answer";
        registry.register("limits_cut_off", about, shown.cut_off.clone());
        let about = "How often Redis did not answer a question, or an attempt to connect failed; ten times a second while it is down";
        registry.register("redis_failures", about, shown.redis_failures.clone());
        let about = "Decisions where the limits are shared: by Redis, by this node while Redis did not answer, or refused because \
                     nobody could say";
        registry.register("shared_limit_decisions", about, shown.deciders.clone());
        shown
    }

    pub(super) fn with_process(self, registry: &mut Registry) -> Self {
        registry.register("cpu_seconds", "Time on processors, seconds", self.processor.clone());
        registry.register("resident_memory_bytes", "Memory that the process takes, bytes", self.memory.clone());
        registry.register("open_fds", "Open descriptors: files and connections", self.open.clone());
        registry.register("max_fds", "The most descriptors that may be open", self.most_open.clone());
        self
    }

    pub(super) fn show(&self, levels: &Levels, judged: &EnumMap<Verdict, u64>) {
        set(&self.known_keys, levels.known_keys);
        set(&self.most_known_keys, levels.most_known_keys);
        set(&self.connections.get_or_create(&[("state", "in_use")]), levels.busy_connections);
        set(&self.connections.get_or_create(&[("state", "idle")]), levels.idle_connections);
        set(&self.most_connections, levels.most_connections);
        set(&self.polls, levels.polls);
        self.unheard.set(levels.unheard.map_or(f64::INFINITY, |span| span.as_secs_f64()));
        for (kind, count) in [("busy", levels.none_free), ("unavailable", levels.none_opened), ("full", levels.no_room)]
        {
            self.without_connection.get_or_create(&[("kind", kind)]).inner().store(count, Ordering::Relaxed);
        }
        self.show_shared(levels.shared);
        of_keys(judged)
            .into_iter()
            .chain(levels.acts.iter().copied())
            .for_each(|(limit, said)| self.decided(limit, said));
        if let Some(taken) = process::taken() {
            self.processor.inner().store(taken.processor.as_secs_f64().to_bits(), Ordering::Relaxed);
            self.memory.set(taken.memory);
            self.open.set(taken.open);
            self.most_open.set(taken.most_open);
        }
    }

    fn show_shared(&self, levels: Option<SharedLevels>) {
        set(&self.shared, usize::from(levels.is_some()));
        let levels = levels.unwrap_or_default();
        set(&self.cut_off, usize::from(levels.cut_off));
        self.redis_failures.inner().store(levels.failures, Ordering::Relaxed);
        for (by, count) in [("redis", levels.by_redis), ("node", levels.by_node), ("nobody", levels.by_nobody)] {
            self.deciders.get_or_create(&[("by", by)]).inner().store(count, Ordering::Relaxed);
        }
    }

    fn decided(&self, limit: &'static str, said: Decisions) {
        for (decision, count) in [("accepted", said.accepted), ("refused", said.refused)] {
            let labels = [("limit", limit), ("decision", decision)];
            self.decisions.get_or_create(&labels).inner().store(count, Ordering::Relaxed);
        }
    }
}

fn set(gauge: &Gauges, level: usize) {
    gauge.set(u64::try_from(level).unwrap_or(u64::MAX));
}

/// The limits of keys decide within every question about one, and what they said is in its verdict.
fn of_keys(judged: &EnumMap<Verdict, u64>) -> [(&'static str, Decisions); 3] {
    let accepted = judged.iter().filter(|(verdict, _)| verdict.is_within_limits()).map(|(_, count)| count).sum();
    let said = |refusal| Decisions { accepted, refused: judged[refusal] };
    [
        ("key_minute", said(Verdict::LimitedMinute)),
        ("key_day", said(Verdict::LimitedDay)),
        ("user_minute", said(Verdict::LimitedUser)),
    ]
}

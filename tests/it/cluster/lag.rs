//! From the answer to a revocation on one node to the last request that another node accepts.

use std::thread;
use std::time::{Duration, Instant};

use super::asker::{Asker, FOREVER};
use super::{STALE, Site, behind, relay};
use crate::support::database::kind;
use crate::support::relay::Mode;
use crate::support::server::Server;
use crate::support::trials::{note, times};

/// What is aimed at, of 200 trials the second largest; in the suite of fewer, beside other tests.
const AIM: Duration = Duration::from_millis(50);

/// What the second node of a test tells of how late it heard of changes.
const LAG: &str = "hallpass_revocation_lag_seconds_sum";

/// A key that is revoked while some nodes are asked about it without pause.
struct Trial<'a> {
    site: &'a Site,
    revoking: Asker,
    askers: Vec<Asker>,
}

impl<'a> Trial<'a> {
    fn at(site: &'a Site, nodes: &[&Server]) -> Self {
        let askers = nodes.iter().map(|node| Asker::to(&node.internal)).collect();
        Self { site, revoking: Asker::to(&site.node.base), askers }
    }

    /// Revokes on the site's node.
    fn lag(&mut self) -> Duration {
        let site = self.site;
        self.lag_after(|revoking| site.act(revoking, "revoke"))
    }

    /// Revokes by the command line, on the machine of the site's node.
    fn lag_after_command(&mut self) -> Duration {
        let site = self.site;
        self.lag_after(|_| {
            let done = site.node.cli(&["key", "revoke", &site.id], "");
            assert!(done.status.success(), "{done:?}");
        })
    }

    fn lag_after(&mut self, revoke: impl FnOnce(&mut Asker)) -> Duration {
        let Self { site, revoking, askers } = self;
        for asker in askers.iter_mut() {
            asker.until(&site.key, |said| said.status == 200);
        }
        let (answered, accepted) = thread::scope(|scope| {
            let asking: Vec<_> = askers
                .iter_mut()
                .map(|asker| scope.spawn(|| asker.until(&site.key, |said| said.status == 403).0.map(|last| last.at)))
                .collect();
            revoke(revoking);
            let answered = Instant::now();
            let accepted: Vec<_> = asking.into_iter().filter_map(|one| one.join().unwrap()).collect();
            (answered, accepted)
        });
        site.restore();
        accepted.into_iter().map(|at| at.saturating_duration_since(answered)).max().unwrap_or_default()
    }
}

/// What was measured, least first.
struct Lags(Vec<Duration>);

impl Lags {
    fn of(lags: impl Iterator<Item = Duration>) -> Self {
        let mut all: Vec<_> = lags.collect();
        all.sort();
        Self(all)
    }

    fn share(&self, of_hundred: usize) -> Duration {
        self.0[(self.0.len() * of_hundred / 100).min(self.0.len() - 1)]
    }

    fn worst(&self) -> Duration {
        self.0[self.0.len() - 1]
    }

    fn note(&self, name: &str, what: &str) {
        let shown = |span: Duration| format!("{:.1} ms", span.as_secs_f64() * 1000.0);
        let figures = [self.share(50), self.share(99), self.worst()].map(shown).join(" | ");
        note(name, &format!("| {what} | {} | {figures} |", self.0.len()));
    }

    /// 99 of 100 by the aim when it is measured; in the suite, beside other tests, half of them.
    fn are_short(&self) {
        let share = usize::try_from(times(50, 99)).unwrap();
        assert!(self.share(share) < AIM && self.worst() < STALE, "{:?}", self.0);
    }
}

#[actix_web::test]
async fn a_revocation_reaches_every_node_at_once_l8() {
    let site = Site::start().await;
    let (second, third) = (site.node.beside(&[]), site.node.beside(&[]));
    let mut trial = Trial::at(&site, &[&second, &third]);
    let lags = Lags::of((0..times(10, 200)).map(|_| trial.lag()));
    lags.note(&format!("lag-1-{}", kind()), &format!("{}, three nodes, nothing in the way", kind()));
    lags.are_short();
}

#[actix_web::test]
async fn a_revocation_by_the_command_line_reaches_a_running_node_at_once_l8() {
    let site = Site::start().await;
    let mut trial = Trial::at(&site, &[&site.node]);
    let lags = Lags::of((0..times(5, 200)).map(|_| trial.lag_after_command()));
    lags.note(&format!("lag-2-{}", kind()), &format!("{}, revoked by `hallpass key revoke`", kind()));
    lags.are_short();
}

#[actix_web::test]
async fn with_notifications_cut_off_a_revocation_counts_within_the_time_that_is_set_l8() {
    let Some(relay) = relay() else { return };
    let site = Site::start().await;
    let (second, third) = (behind(&relay, &site), behind(&relay, &site));
    let mut trial = Trial::at(&site, &[&second, &third]);
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for _ in 0..times(2, 200) {
        // Heard, then cut off; once that is known the nodes go on by the database, and a revocation counts there at once.
        relay.set(Mode::Pass);
        trial.askers.iter_mut().for_each(|asker| asker.until_remembered(&site.key));
        relay.set(Mode::CutOffListeners);
        first.push(trial.lag());
        later.push(trial.lag());
    }
    let (first, later) = (Lags::of(first.into_iter()), Lags::of(later.into_iter()));
    first.note("lag-3-first", "PostgreSQL, revoked in the moment in which notifications are cut off");
    later.note("lag-3-later", "PostgreSQL, revoked once that is known");
    assert!(first.worst() <= STALE, "{:?}", first.0);
    later.are_short();
}

#[actix_web::test]
async fn how_late_a_revocation_was_heard_of_is_told_and_never_as_less_than_it_was_l8() {
    let Some(relay) = relay() else { return };
    let site = Site::start().await;
    let node = behind(&relay, &site);
    let (mut revoking, mut asker) = (Asker::to(&site.node.base), Asker::to(&node.internal));
    asker.until_remembered(&site.key);
    relay.set(Mode::CutOffListeners);
    let before = asker.figure(LAG);
    site.act(&mut revoking, "revoke");
    let answered = Instant::now();
    asker.until(&site.key, |said| said.status == 403);
    let late = answered.elapsed();
    assert!(asker.figure(LAG) <= before, "something was heard");
    relay.set(Mode::Pass);
    while asker.figure(LAG) < before + late.as_secs_f64() {
        assert!(answered.elapsed() < FOREVER, "{} is told, it was {late:?}", asker.figure(LAG) - before);
    }
}

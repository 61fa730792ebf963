//! From the answer to a revocation on one node to the last request that another node accepts.

use std::thread;
use std::time::{Duration, Instant};

use super::asker::Asker;
use super::{STALE, Site, behind, note, relay, times};
use crate::support::database;
use crate::support::relay::Mode;
use crate::support::server::Server;

/// What is aimed at, of 200 trials the second largest; in the suite of fewer, beside other tests.
const AIM: Duration = Duration::from_millis(50);

/// Revokes on the site's node while the others are asked without pause, again and again; gives the lags, least first.
fn lags(site: &Site, others: &[&Server], trials: u32) -> Vec<Duration> {
    let mut revoking = Asker::to(&site.node.base);
    let mut askers: Vec<Asker> = others.iter().map(|node| Asker::to(&node.internal)).collect();
    let mut lags: Vec<Duration> = (0..trials).map(|_| lag(site, &mut revoking, &mut askers)).collect();
    lags.sort();
    lags
}

fn lag(site: &Site, revoking: &mut Asker, askers: &mut [Asker]) -> Duration {
    for asker in askers.iter_mut() {
        asker.until(&site.key, |said| said.status == 200);
    }
    let (answered, accepted) = thread::scope(|scope| {
        let asking: Vec<_> = askers
            .iter_mut()
            .map(|asker| scope.spawn(|| asker.until(&site.key, |said| said.status == 403).0.map(|last| last.at)))
            .collect();
        site.act(revoking, "revoke");
        let answered = Instant::now();
        let accepted: Vec<_> = asking.into_iter().filter_map(|one| one.join().unwrap()).collect();
        (answered, accepted)
    });
    site.act(revoking, "undo-revoke");
    accepted.into_iter().map(|at| at.saturating_duration_since(answered)).max().unwrap_or_default()
}

fn of(lags: &[Duration], share: usize) -> Duration {
    lags[(lags.len() * share / 100).min(lags.len() - 1)]
}

fn line(what: &str, lags: &[Duration]) -> String {
    let shown = |span: Duration| format!("{:.1} ms", span.as_secs_f64() * 1000.0);
    let (median, late, worst) = (of(lags, 50), of(lags, 99), lags[lags.len() - 1]);
    format!("| {what} | {} | {} | {} | {} |", lags.len(), shown(median), shown(late), shown(worst))
}

#[actix_web::test]
async fn a_revocation_reaches_every_node_at_once_l8() {
    let site = Site::start().await;
    let (second, third) = (site.node.beside(&[]), site.node.beside(&[]));
    let lags = lags(&site, &[&second, &third], times(10, 200));
    let kind = if database::server().is_some() { "PostgreSQL" } else { "SQLite" };
    note(&format!("lag-{kind}"), &line(&format!("{kind}, nothing in the way"), &lags));
    assert!(of(&lags, 50) < AIM, "{lags:?}");
    assert!(lags.iter().all(|lag| *lag < STALE), "{lags:?}");
}

#[actix_web::test]
async fn with_notifications_cut_off_a_revocation_counts_within_the_time_that_is_set_l8() {
    let Some(relay) = relay() else { return };
    let site = Site::start().await;
    let (second, third) = (behind(&relay, &site), behind(&relay, &site));
    let mut all = Vec::new();
    for _ in 0..times(1, 20) {
        // Heard, then cut off; while they are, the nodes go on by the database, and a revocation counts there at once.
        relay.set(Mode::Pass);
        Asker::to(&second.internal).until_remembered(&site.key);
        Asker::to(&third.internal).until_remembered(&site.key);
        relay.set(Mode::CutOffListeners);
        all.extend(lags(&site, &[&second, &third], times(2, 5)));
    }
    all.sort();
    note("lag-cut-off", &line("PostgreSQL, notifications cut off", &all));
    assert!(all.iter().all(|lag| *lag <= STALE), "{all:?}");
}

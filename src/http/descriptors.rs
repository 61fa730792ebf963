//! Descriptors: each connection takes one, and the database needs some too.

use std::thread::available_parallelism;

use rustix::process::{Resource, getrlimit, setrlimit};

/// For the database, its files and the log.
const KEPT_BACK: u64 = 128;

/// As many connections as a worker takes where nothing else bounds it.
const MOST: u64 = 25_600;

/// Connections of the public listener, of four. Its polls stay for long, and proxies make do with few.
const PUBLIC: u64 = 3;

/// How many connections each worker of the public listener may hold, so that neither takes what the other or the database
/// needs (`security.md L6`).
pub(super) fn public_connections_per_worker() -> usize {
    share(descriptors(), workers(), PUBLIC)
}

/// The same of the internal listener.
pub(super) fn internal_connections_per_worker() -> usize {
    share(descriptors(), workers(), 4 - PUBLIC)
}

/// How many polls of the message bus may wait: three of four connections, so that the others are for requests that do not.
#[must_use]
pub fn room_for_polls() -> usize {
    public_connections_per_worker() * workers() * 3 / 4
}

fn workers() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// Asks the system for as many descriptors as it lets this process have.
fn descriptors() -> Option<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it may not, what there is has to do.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current
}

fn share(descriptors: Option<u64>, workers: usize, of_four: u64) -> usize {
    let workers = u64::try_from(workers).unwrap_or(u64::MAX).max(1);
    let each = descriptors.map_or(MOST, |all| all.saturating_sub(KEPT_BACK) * of_four / 4 / workers);
    usize::try_from(each.clamp(1, MOST)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn the_listeners_together_never_take_the_descriptors_of_the_database_l6() {
        assert_eq!((share(Some(1024), 2, 3), share(Some(1024), 2, 1)), (336, 112));
        assert_eq!(share(Some(100), 8, 3), 1);
        assert_eq!(share(Some(1_048_576), 2, 1), 25_600);
        assert_eq!(share(None, 2, 3), 25_600);
    }
}

//! Descriptors: each connection takes one, and the database needs some too.

use std::thread::available_parallelism;

use rustix::process::{Resource, getrlimit, setrlimit};

/// For the database, its files and the log.
const KEPT_BACK: u64 = 128;

/// As many connections as a worker takes where nothing else bounds it.
const MOST: u64 = 25_600;

/// How many connections each worker of the two listeners may hold, so that neither takes what the other or the database
/// needs (`security.md L6`). Asks the system for as many descriptors as it lets this process have.
pub(super) fn connections_per_worker() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it may not, what there is has to do.
    let _ = setrlimit(Resource::Nofile, limit);
    share(getrlimit(Resource::Nofile).current, workers().try_into().unwrap_or(u64::MAX))
}

/// How many polls of the message bus may wait: half of the connections, so that the others are for requests that do not.
#[must_use]
pub fn room_for_polls() -> usize {
    connections_per_worker() * workers() / 2
}

fn workers() -> usize {
    available_parallelism().map_or(1, usize::from)
}

fn share(descriptors: Option<u64>, workers: u64) -> usize {
    let each = descriptors.map_or(MOST, |all| all.saturating_sub(KEPT_BACK) / 2 / workers.max(1));
    usize::try_from(each.clamp(1, MOST)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn the_listeners_together_never_take_the_descriptors_of_the_database_l6() {
        assert_eq!(share(Some(1024), 2), 224);
        assert_eq!(share(Some(100), 8), 1);
        assert_eq!(share(Some(1_048_576), 2), 25_600);
        assert_eq!(share(None, 2), 25_600);
    }
}

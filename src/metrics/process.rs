//! What the process takes of the machine, as Linux tells it in `/proc/self`. Elsewhere it is not told.

use std::fs;
use std::time::Duration;

/// Ticks a second in which Linux tells processor time: part of its interface, whatever the kernel's own clock.
const TICKS: u64 = 100;

/// What the process takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// Time on processors.
    pub(super) processor: Duration,
    /// Memory, bytes.
    pub(super) memory: u64,
    /// Open descriptors.
    pub(super) open: u64,
    /// The most that may be open.
    pub(super) most_open: u64,
}

/// What this process takes now.
pub(super) fn taken() -> Option<Taken> {
    let open = fs::read_dir("/proc/self/fd").ok()?.count();
    Some(Taken {
        processor: processor(&fs::read_to_string("/proc/self/stat").ok()?)?,
        memory: memory(&fs::read_to_string("/proc/self/status").ok()?)?,
        open: u64::try_from(open).ok()?,
        most_open: most_open(&fs::read_to_string("/proc/self/limits").ok()?)?,
    })
}

// The second field is the program's name in brackets, with whatever it contains. User and system time are the 14th and 15th.
fn processor(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks: u64 = rest.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 1000 / TICKS))
}

fn memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

fn most_open(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_moves_no_field() {
        let stat = "7 (hall) pass 1 2) S 1 7 7 0 -1 4194560 100 0 0 0 150 250 0 0 20 0 4 0 12345 1000 200";
        assert_eq!(processor(stat), Some(Duration::from_secs(4)));
    }

    #[test]
    fn this_process_takes_something() {
        let taken = taken().unwrap();
        assert!(taken.memory > 1_000_000 && taken.open > 2 && taken.most_open >= taken.open, "{taken:?}");
    }
}

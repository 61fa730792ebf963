//! How long a connection may keep us waiting: each holds a descriptor that others need.

use std::future::pending;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use super::Rest;
use crate::http::last::KEEP_ALIVE;

/// For a head, from the first byte to the last; a new connection owes one at once.
const HEAD: Duration = Duration::from_secs(5);

/// Waits for the next request of one connection.
pub(super) struct Patience {
    due: Pin<Box<Sleep>>,
    /// Whether there is an end to it.
    ends: bool,
    /// Whether it is a head that is waited for.
    for_head: bool,
    /// A peer may be idle as long as it likes: the kernel sees whether it is still there, and no request pays for a timer.
    with_peer: bool,
}

impl Patience {
    pub(super) fn with(with_peer: bool) -> Self {
        Self { due: Box::pin(sleep(HEAD)), ends: true, for_head: true, with_peer }
    }

    /// Comes when the other side took too long.
    pub(super) async fn is_over(&mut self) {
        if self.ends { self.due.as_mut().await } else { pending().await }
    }

    /// Begins anew after a reading, with or without answers to it, with this left over.
    pub(super) fn after(&mut self, is_answered: bool, rest: Rest) {
        let begun = matches!(rest, Rest::Part);
        // A head that comes byte by byte is not waited for any longer; the next one is.
        let goes_on = begun && self.for_head && !is_answered;
        self.for_head = begun;
        self.ends = begun || !self.with_peer;
        if self.ends && !goes_on {
            self.due.as_mut().reset(Instant::now() + if begun { HEAD } else { KEEP_ALIVE });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn each_head_has_its_time_and_none_has_more_l6() {
        let mut patience = Patience::with(true);
        let first = patience.due.deadline();
        patience.after(false, Rest::Part);
        assert_eq!(patience.due.deadline(), first);
        patience.after(true, Rest::Part);
        assert!(patience.ends && patience.due.deadline() > first);
        patience.after(true, Rest::Nothing);
        assert!(!patience.ends);
    }
}

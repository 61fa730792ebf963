//! Who polls, on this node: so that a client's newer poll ends its older one, and nobody takes all connections.

use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::sync::Notify;

use crate::model::{BusClientId, UserId};

/// Every poll that waits.
#[derive(Clone, Debug)]
pub struct Polls {
    state: Arc<Mutex<State>>,
    longest: Duration,
    most_of_user: usize,
    most: usize,
}

#[derive(Debug, Default)]
struct State {
    by_user: FxHashMap<UserId, Vec<Arc<Turn>>>,
    count: usize,
    ended: bool,
}

/// One of them.
#[derive(Debug)]
struct Turn {
    client: BusClientId,
    seq: u64,
    over: Notify,
}

/// The place of a poll among them, until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    polls: Polls,
    user: UserId,
    turn: Arc<Turn>,
}

impl Polls {
    /// Nobody yet; each waits so long at most, so many of one user, and so many in all.
    #[must_use]
    pub fn new(longest: Duration, most_of_user: usize, most: usize) -> Self {
        Self { state: Arc::default(), longest, most_of_user, most }
    }

    /// How long one waits at most.
    pub(super) const fn longest(&self) -> Duration {
        self.longest
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state().count
    }

    /// Ends all of them, and lets nobody wait any more.
    pub fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.count = 0;
        take(&mut state.by_user).values().flatten().for_each(|turn| turn.over.notify_one());
    }

    /// A place for a poll, and the end of the client's older one. `None` where there is none: then the poll is answered at
    /// once, and its client comes again a while later. So it is with one that another of the same client has overtaken.
    pub(super) fn take_place(&self, user: UserId, client: BusClientId, seq: u64) -> Option<Place> {
        let mut state = self.state();
        let State { by_user, count, ended } = &mut *state;
        let of_user = by_user.entry(user).or_default();
        if let Some(at) = of_user.iter().position(|turn| turn.client == client) {
            let is_overtaken = of_user.get(at).is_some_and(|older| older.seq > seq);
            if is_overtaken {
                return None;
            }
            of_user.swap_remove(at).over.notify_one();
            *count -= 1;
        }
        let place = !*ended && of_user.len() < self.most_of_user && *count < self.most;
        let place = place.then(|| {
            let turn = Arc::new(Turn { client, seq, over: Notify::new() });
            of_user.push(Arc::clone(&turn));
            *count += 1;
            Place { polls: self.clone(), user, turn }
        });
        if of_user.is_empty() {
            by_user.remove(&user);
        }
        place
    }

    fn leave(&self, user: UserId, turn: &Arc<Turn>) {
        let mut state = self.state();
        let State { by_user, count, .. } = &mut *state;
        let Some(of_user) = by_user.get_mut(&user) else { return };
        // Not there where a newer one has taken its place.
        if let Some(at) = of_user.iter().position(|other| Arc::ptr_eq(other, turn)) {
            of_user.swap_remove(at);
            *count -= 1;
        }
        if of_user.is_empty() {
            by_user.remove(&user);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits until the poll has to end.
    pub(super) async fn over(&self) {
        self.turn.over.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.polls.leave(self.user, &self.turn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: i64) -> UserId {
        UserId::parse(id).unwrap()
    }

    fn polls(most_of_user: usize, most: usize) -> Polls {
        Polls::new(Duration::ZERO, most_of_user, most)
    }

    fn poll(polls: &Polls, id: i64, client: &str, seq: u64) -> Option<Place> {
        polls.take_place(user(id), BusClientId::parse(client).unwrap(), seq)
    }

    #[actix_web::test]
    async fn a_newer_poll_of_a_client_ends_the_older_one_and_an_older_one_does_not_wait() {
        let polls = self::polls(5, 5);
        let first = poll(&polls, 1, "a", 1).unwrap();
        let others = (poll(&polls, 1, "b", 1).unwrap(), poll(&polls, 2, "a", 1).unwrap());
        let second = poll(&polls, 1, "a", 2).unwrap();
        first.over().await;
        assert!(poll(&polls, 1, "a", 1).is_none());
        assert_eq!(polls.count(), 3);
        drop(first);
        assert_eq!(polls.count(), 3);
        drop((second, others));
        assert!(polls.count() == 0 && polls.state().by_user.is_empty());
    }

    #[test]
    fn there_are_so_many_places_of_a_user_and_so_many_in_all() {
        let polls = self::polls(2, 3);
        let places = [poll(&polls, 1, "a", 1), poll(&polls, 1, "b", 1), poll(&polls, 2, "a", 1)];
        assert!(places.iter().all(Option::is_some));
        assert!(poll(&polls, 1, "c", 1).is_none() && poll(&polls, 3, "a", 1).is_none());
        assert!(poll(&polls, 1, "a", 2).is_some(), "it takes the place of the older one");
        assert!(poll(&polls, 3, "a", 1).is_some());
        assert_eq!(polls.state().by_user.len(), 2);
    }

    #[actix_web::test]
    async fn when_the_service_ends_so_do_they_and_nobody_waits_any_more() {
        let polls = self::polls(5, 5);
        let place = poll(&polls, 1, "a", 1).unwrap();
        polls.end();
        place.over().await;
        assert!(poll(&polls, 1, "a", 2).is_none());
        drop(place);
        assert!(polls.count() == 0 && polls.state().by_user.is_empty());
    }
}

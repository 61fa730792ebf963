//! Looks on while the crowd is at work.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{USERS, is_live, keys_of};
use crate::support::TestApp;

/// Looks at every user's keys again and again until it is over; says how often.
pub(super) async fn never_two_live(site: Arc<TestApp>, over: Arc<AtomicBool>) -> usize {
    let mut looks = 0;
    while !over.load(Ordering::Relaxed) {
        for user in 0..USERS {
            let mut clients = BTreeSet::new();
            for key in keys_of(&site, &format!("user{user}")).await {
                let first = clients.insert(key.client_id.as_str().to_owned());
                assert!(first || !is_live(&site, &key), "a second live key of user{user}: {key:?}");
            }
        }
        looks += 1;
    }
    looks
}

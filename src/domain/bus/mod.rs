//! The message bus: what a user is told of at once, by long polling.
//!
//! What is said is part of the transaction that it tells of (`say.rs`), so that whoever asks finds it, after a crash too.
//! A poll waits until there may be something, on whichever node it was said, and looks (`poll.rs`). Who polls is kept in
//! memory (`polls.rs`), and nothing but that.

mod look;
mod poll;
mod polls;
mod request;
mod say;

pub use look::Said;
pub use poll::{BeginError, By, Poll, Poller, begin};
pub use polls::Polls;
pub use request::{PollError, PollRequest};
pub use say::{alerted, counted, signed_out};

use std::time::Duration;

use super::Context;
use crate::store::{self, StoreError};

/// How long messages are kept. Whoever was away for longer has to ask for what there is.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// Messages that go in one transaction: others who write wait for no more than these.
const BATCH: i64 = 1000;

/// Clears away messages that are too old; of many, some, and the others the next time.
///
/// # Errors
/// Of the database.
pub async fn sweep(cx: &Context) -> Result<(), StoreError> {
    let then = cx.now().minus(KEPT);
    if cx.store.read(move |c| store::has_bus_messages_before(c, then)).await? {
        cx.store.write_aside(move |tx| store::delete_bus_messages_before(tx, then, BATCH)).await?;
    }
    Ok(())
}

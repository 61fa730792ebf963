//! What the site has to tell its users: published by its back end, read by users and their applications.
//!
//! Whatever changes what is new to a user ends in `announce.rs`, within the same transaction. Start with `publish.rs` and
//! `read.rs`.

mod announce;
mod clean_up;
mod publish;
mod read;

pub(super) use announce::recount;
pub use clean_up::delete_old;
pub use publish::{MOST_USERS, PublishError, Published, Recipient, publish};
pub(super) use read::mark_all_in;
pub use read::{List, list, look, mark_all_read, mark_read, recent, totals};

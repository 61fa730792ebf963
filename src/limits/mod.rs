//! Exact limits: "20 per minute" is never more than 20 accepted in *any* 60 seconds.
//!
//! [`KeyLimits`] holds the two windows of every key, [`UserLimits`] one over all keys of a user, [`ActLimits`] one per act and
//! subject, for all else that is limited. All work the same way: a [`Quota`] becomes a shape (`quota.rs`), each window remembers what it counts (`sliding.rs`, packed by `ring.rs`), and
//! governor decides over that memory (`state_store.rs`). Where several nodes share their windows, [`SharedLimits`] asks Redis in their place. Start reading at `keys.rs`; `docs/design/0001-exact-limits.md` says why.
//!
//! Nothing here knows HTTP, the database or who asks, and nothing here reads a clock other than the one handed in. No lock is held
//! across a wait.

mod acts;
mod ahead;
pub mod device;
mod keys;
mod quota;
mod ring;
mod saved;
mod shards;
mod shared;
mod sliding;
mod standing;
mod state_store;
mod users;

pub use acts::{Act, ActLimits, ActRefused};
pub(crate) use ahead::fetch;
pub use keys::{KeyLimits, KeyWindows};
pub use quota::Quota;
pub use saved::SavedError;
pub(crate) use shards::{Shards, hold};
pub use shared::{Counters, RequestRefused, SharedActRefused, SharedLimits, Unreachable};
pub use standing::{Refused, Standing, Window, WindowStanding};
pub use users::{UserLimits, UserWindow};

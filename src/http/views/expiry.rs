//! How long a key works, as a person sees it.

use crate::model::Timestamp;

/// When a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// On this day, unless the user ends it before.
    On(Timestamp),
    /// When the user ends it, or after so many days without use (`revoke_user_api_keys_unused_days`).
    UntilUnused {
        /// Days without use.
        days: u32,
    },
    /// Only when the user ends it.
    UntilEnded,
}

/// That a key ends within 14 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soon {
    /// On this day.
    On(Timestamp),
    /// On this day, unless its application uses it before.
    UnlessUsed(Timestamp),
}

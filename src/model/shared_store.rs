//! Where the limits are kept that all nodes share.

use super::redis_url::RedisUrl;

/// A store of all nodes together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedStore {
    /// Where it is.
    pub url: RedisUrl,
    /// What happens while it does not answer.
    pub on_failure: OnFailure,
}

/// What happens to requests while the shared limits cannot be asked (`security.md L5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// All are refused.
    Refuse,
    /// Each node holds its own limits.
    Local,
}

//! A sign-in that lasts.

use std::time::Duration;

use super::{SessionId, Timestamp, UserId};

/// A session, without its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Who is signed in.
    pub user_id: UserId,
    /// When the password was given.
    pub created_at: Timestamp,
    /// When it was last used, to within a few minutes.
    pub last_seen_at: Timestamp,
}

/// How long sessions live (`security.md W4`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLife {
    /// Unused for this long, it is over.
    pub idle: Duration,
    /// However much used, it is over after this long.
    pub absolute: Duration,
}

impl Session {
    /// Whether it still holds.
    #[must_use]
    pub fn is_alive(&self, life: SessionLife, now: Timestamp) -> bool {
        now.since(self.last_seen_at) < life.idle && now.since(self.created_at) < life.absolute
    }
}

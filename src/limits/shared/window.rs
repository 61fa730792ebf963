//! The windows that all nodes share, by name.

use std::fmt::{self, Display};

use crate::limits::Act;
use crate::limits::acts::Subject;
use crate::limits::quota::Shape;
use crate::limits::sliding::Sliding;
use crate::model::{KeyId, UserId};

/// Which window.
#[derive(Clone, Copy, Debug)]
pub(in crate::limits) enum WindowName {
    KeyMinute(KeyId),
    KeyDay(KeyId),
    User(UserId),
    Act(Act, Subject),
}

/// A window to be asked about.
#[derive(Clone, Copy, Debug)]
pub(in crate::limits) struct Asked<'a> {
    pub(in crate::limits) name: WindowName,
    pub(in crate::limits) shape: &'a Shape,
}

/// What a window is to be told.
#[derive(Clone, Debug)]
pub(in crate::limits) struct Owed {
    pub(super) name: WindowName,
    pub(super) shape: Shape,
    /// How long ago a bucket was last added to, microseconds, and what it counts.
    pub(super) buckets: Vec<(i64, u32)>,
}

impl Owed {
    /// Of a window that owes something. Spans travel, not instants: no two clocks agree.
    pub(in crate::limits) fn of(name: WindowName, window: &Sliding, shape: &Shape, now: i64) -> Option<Self> {
        let age = |at: i64| now.saturating_sub(at).max(0);
        let buckets: Vec<_> = window.owed(shape).iter().map(|bucket| (age(bucket.last), bucket.count)).collect();
        (!buckets.is_empty()).then_some(Self { name, shape: *shape, buckets })
    }

    pub(super) fn count(&self) -> u32 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }
}

impl Display for WindowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyMinute(key) => write!(f, "key:{}:minute", key.get()),
            Self::KeyDay(key) => write!(f, "key:{}:day", key.get()),
            Self::User(user) => write!(f, "user:{}", user.get()),
            Self::Act(act, Subject(first, second)) => write!(f, "{}:{first:016x}{second:016x}", act.word()),
        }
    }
}

//! Two keys of one user for one application, while the newer takes over from the older.

use super::{IdError, KeyId, Timestamp};

/// Where a key stands in a replacement. It begins with both ends at once, and ends with one key that is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Succession {
    /// In none.
    Settled,
    /// It is the newer, and was not used yet: until it is, the key with this id works too.
    Replaces(KeyId),
    /// It is the older: it works until the newer is used, and not beyond this instant.
    ReplacedUntil(Timestamp),
}

/// What is wrong with the two stored numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionError {
    /// Not an id.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A key cannot be the older and the newer.
    #[error("a key both replaces another and is replaced")]
    Both,
}

impl Succession {
    /// From the columns `replaces` and `replaced_until`.
    ///
    /// # Errors
    /// When both are there, or the first is no id.
    pub fn parse(replaces: Option<i64>, replaced_until: Option<i64>) -> Result<Self, SuccessionError> {
        match (replaces, replaced_until) {
            (None, None) => Ok(Self::Settled),
            (Some(id), None) => Ok(Self::Replaces(KeyId::parse(id)?)),
            (None, Some(until)) => Ok(Self::ReplacedUntil(Timestamp::from_micros(until))),
            (Some(_), Some(_)) => Err(SuccessionError::Both),
        }
    }

    /// Whether its use ends no other key: it replaces none, or that one has ended.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        !matches!(self, Self::Replaces(_))
    }

    /// Until when the key works although another replaces it.
    #[must_use]
    pub const fn replaced_until(self) -> Option<Timestamp> {
        match self {
            Self::ReplacedUntil(until) => Some(until),
            Self::Settled | Self::Replaces(_) => None,
        }
    }

    /// For the columns `replaces` and `replaced_until`.
    #[must_use]
    pub const fn columns(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Settled => (None, None),
            Self::Replaces(id) => (Some(id.get()), None),
            Self::ReplacedUntil(until) => (None, Some(until.as_micros())),
        }
    }
}

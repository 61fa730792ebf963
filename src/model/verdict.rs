//! What can come of asking about a key.

use enum_map::Enum;

/// The outcome of a question about a key. The set is closed: back ends and dashboards know the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Verdict {
    /// The key may.
    Valid,
    /// The value has not the shape of a key.
    Malformed,
    /// There is no such key.
    Unknown,
    /// Somebody ended it.
    Revoked,
    /// Its time is up.
    Expired,
    /// The key that replaces it took over.
    Replaced,
    /// Too many unknown keys from the address.
    LimitedAddress,
    /// Too many unknown keys by way of the caller.
    LimitedCaller,
    /// The key's minute is full.
    LimitedMinute,
    /// The key's day is full.
    LimitedDay,
    /// The minute of all keys of its owner is full.
    LimitedUser,
    /// Its scopes do not permit the request.
    Scope,
    /// A rule of access keeps its owner out.
    Access,
    /// The path can be read in more than one way.
    Ambiguous,
    /// Its owner is suspended.
    Suspended,
    /// It may not move to the client id it came under.
    ClientId,
    /// The database could not be asked.
    Unavailable,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Malformed => "malformed",
            Self::Unknown => "unknown",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::LimitedAddress => "limited_address",
            Self::LimitedCaller => "limited_caller",
            Self::LimitedMinute => "limited_minute",
            Self::LimitedDay => "limited_day",
            Self::LimitedUser => "limited_user",
            Self::Scope => "scope",
            Self::Access => "access",
            Self::Ambiguous => "ambiguous",
            Self::Suspended => "suspended",
            Self::ClientId => "client_id",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether both limits of the key, and that of its owner, accepted the request.
    #[must_use]
    pub const fn is_within_limits(self) -> bool {
        matches!(self, Self::Valid | Self::Scope | Self::Access | Self::Ambiguous | Self::Suspended | Self::ClientId)
    }
}

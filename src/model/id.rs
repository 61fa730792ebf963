//! Ids of rows: integers below 2^53, so that JavaScript reads them exactly.

use std::fmt::{self, Display};
use std::str::FromStr;

const LIMIT: i64 = 1 << 53;

/// What is wrong with an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a whole number from 1 to 9007199254740991")]
pub struct IdError;

/// The id of a user API key. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(i64);

/// The id of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(i64);

/// The id of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(i64);

/// The id of the row of an application's `client_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientRowId(i64);

/// The id of a request for a key by device code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantId(i64);

/// The id of a key of the admin API. Not a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdminKeyId(i64);

/// The id of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NotificationId(i64);

fn parse(number: i64) -> Result<i64, IdError> {
    if (1..LIMIT).contains(&number) { Ok(number) } else { Err(IdError) }
}

// Seven types with the same five lines each; a trait with defaults cannot reach the private field.
macro_rules! id {
    ($name:ident) => {
        impl $name {
            /// The id with this number.
            ///
            /// # Errors
            /// When the number is not from 1 to 2^53 − 1.
            pub fn parse(number: i64) -> Result<Self, IdError> {
                parse(number).map(Self)
            }

            /// The number, as the database and the wire carry it.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = i64::deserialize(deserializer)?;
                Self::parse(number).map_err(serde::de::Error::custom)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.parse().ok().and_then(|number| Self::parse(number).ok()).ok_or(IdError)
            }
        }
    };
}

id!(KeyId);
id!(UserId);
id!(SessionId);
id!(ClientRowId);
id!(GrantId);
id!(AdminKeyId);
id!(NotificationId);

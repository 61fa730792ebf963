//! The message bus: what a user is told of at once, on channels of their own.

use std::str::FromStr;

use enum_map::Enum;
use serde_json::Value;

use super::UserId;

/// A channel. Every user has one of each, which nobody else reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum BusChannel {
    /// How much is new to the user.
    Notification,
    /// Each thing that is new.
    NotificationAlert,
    /// That the user was signed out.
    Logout,
}

/// No channel of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no channel of this name")]
pub struct BusChannelError;

impl BusChannel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Notification, Self::NotificationAlert, Self::Logout];

    /// Its name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::NotificationAlert => "notification-alert",
            Self::Logout => "logout",
        }
    }

    /// What clients call the one of this user.
    #[must_use]
    pub fn path(self, user: UserId) -> String {
        format!("/{}/{user}", self.word())
    }
}

impl FromStr for BusChannel {
    type Err = BusChannelError;

    fn from_str(word: &str) -> Result<Self, BusChannelError> {
        Self::ALL.into_iter().find(|channel| channel.word() == word).ok_or(BusChannelError)
    }
}

/// What a client calls itself, so that its newer poll ends its older one. Not a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusClientId(Box<str>);

/// The longest name of a client, bytes.
const LONGEST_CLIENT_ID: usize = 100;

/// Not what a client may call itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client's id in the path is 1 to {LONGEST_CLIENT_ID} bytes long; 32 hexadecimal digits at random will do")]
pub struct BusClientIdError;

impl BusClientId {
    /// # Errors
    /// When it is empty, or longer than 100 bytes.
    pub fn parse(text: &str) -> Result<Self, BusClientIdError> {
        let good = (1..=LONGEST_CLIENT_ID).contains(&text.len());
        if good { Ok(Self(text.into())) } else { Err(BusClientIdError) }
    }
}

/// Where a client goes on in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position(i64);

/// No position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no position: send the message_id of the last message, 0 for all, or -1 for those that come from now on")]
pub struct PositionError;

impl Position {
    /// # Errors
    /// When it is no whole number.
    pub fn parse(text: &str) -> Result<Self, PositionError> {
        text.trim().parse().map(Self).map_err(|_no_number| PositionError)
    }

    /// Behind the message with this number.
    #[must_use]
    pub const fn at(message_id: i64) -> Self {
        Self(message_id)
    }

    /// The message after which the client reads on, in a channel whose last one is this. `None` where the client does not know
    /// how far the channel has come, and has to be told: it says -1; or it says more, because the channel was set back.
    #[must_use]
    pub fn after(self, last: i64) -> Option<i64> {
        match self.0 {
            -1 => None,
            // -2 is the last message and what comes, -3 the last two.
            back if back < -1 => Some(last.saturating_add(back).saturating_add(1).max(0)),
            known => (known <= last).then_some(known),
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct BusMessage {
    /// Its number among those of all channels.
    pub global_id: i64,
    /// Its number in its channel.
    pub message_id: i64,
    /// The channel.
    pub channel: BusChannel,
    /// What it says.
    pub data: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_has_a_word_that_leads_back_to_it() {
        for channel in BusChannel::ALL {
            assert_eq!(channel.word().parse(), Ok(channel));
        }
    }

    #[test]
    fn a_position_is_looked_up_in_how_far_the_channel_has_come() {
        let after = |text: &str, last| Position::parse(text).unwrap().after(last);
        assert_eq!((after("0", 7), after("5", 7), after("7", 7)), (Some(0), Some(5), Some(7)));
        assert_eq!((after("-1", 7), after("8", 7), after("1", 0)), (None, None, None));
        assert_eq!(
            (after("-2", 7), after("-3", 7), after("-9", 7), after("-2", 0)),
            (Some(6), Some(5), Some(0), Some(0))
        );
        assert_eq!(after(&i64::MIN.to_string(), 7), Some(0));
        for bad in ["", "x", "1.5", "99999999999999999999"] {
            assert_eq!(Position::parse(bad), Err(PositionError), "{bad}");
        }
    }

    #[test]
    fn a_client_has_a_name_of_bounded_length() {
        assert!(BusClientId::parse(&"x".repeat(100)).is_ok());
        for bad in ["", &"x".repeat(101)] {
            assert_eq!(BusClientId::parse(bad), Err(BusClientIdError));
        }
    }
}
